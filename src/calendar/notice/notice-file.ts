import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { type FileKind, FileProbe } from '../../platform/spreadsheet/file-probe.js';
import { xlsxRows } from '../../platform/spreadsheet/xlsx-rows.js';
import { receiveUpload } from '../../platform/http/upload.js';

/** A notice has seven paragraphs; this is room for a table of every day, and for a workbook's frame. */
const MOST_BYTES = 256 * 1024;
/** A workbook of that size may be packed ten times smaller. */
const MOST_UNPACKED = 16 * 1024 * 1024;
const TEXT = new Set<FileKind>(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']);
/** Where the file lies while it is read. */
const FOLDER = join(tmpdir(), 'starcare-notices');

/**
 * The text of a notice that was handed in as a file, and the other fields of the form. A workbook becomes lines with tabs.
 * @throws DomainError notice_too_big, notice_unreadable at `file`, and what receiveUpload throws
 */
export async function receiveNotice(request: FastifyRequest): Promise<{ text: string; fields: Record<string, string> }> {
  const file = await receiveUpload(request, FOLDER);
  try {
    if (file.bytes > MOST_BYTES) throw new DomainError('notice_too_big', { param: 'file', params: { kilobytes: MOST_BYTES / 1024 } });
    return { text: await textOf(file.path), fields: file.fields };
  } finally {
    await rm(file.path, { force: true });
  }
}

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  const probe = new FileProbe();
  probe.push(bytes);
  const kind = probe.kind();
  if (kind === 'empty') return '';
  if (kind === 'xlsx') return sheetText(path);
  if (!TEXT.has(kind)) throw new DomainError('notice_unreadable', { param: 'file' });
  return new TextDecoder(kind).decode(bytes);
}

async function sheetText(path: string): Promise<string> {
  const lines: string[] = [];
  try {
    for await (const { rows } of xlsxRows(path, { mostUnpacked: MOST_UNPACKED }))
      lines.push(...rows.map((cells) => cells.map((cell) => cell.replaceAll(/[\t\r\n]/g, ' ')).join('\t')));
  } catch {
    throw new DomainError('notice_unreadable', { param: 'file' });
  }
  return lines.join('\n');
}
