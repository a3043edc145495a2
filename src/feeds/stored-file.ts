import { createHash } from 'node:crypto';
import { CsvFault } from '../platform/spreadsheet/csv-parser.js';
import { csvRows, fileChunks, type RowBatch } from '../platform/spreadsheet/csv-rows.js';
import { type FileKind, FileProbe } from '../platform/spreadsheet/file-probe.js';
import { xlsxRows } from '../platform/spreadsheet/xlsx-rows.js';
import { checkUnpackedSize, ZipFault } from '../platform/spreadsheet/zip-size.js';
import { ImportFault } from './import-fault.js';

export interface Inspection {
  sha256: string;
  kind: FileKind;
}

/** Reads a stored file once: what it is, and the fingerprint that tells the same bytes again. */
export async function inspect(path: string): Promise<Inspection> {
  const hash = createHash('sha256');
  const probe = new FileProbe();
  for await (const chunk of fileChunks(path, 256 * 1024)) {
    hash.update(chunk);
    probe.push(chunk);
  }
  return { sha256: hash.digest('hex'), kind: probe.kind() };
}

/** The rows of a stored file. @throws ImportFault for what cannot be read as a table */
export async function* storedRows(path: string, kind: FileKind): AsyncGenerator<RowBatch> {
  if (kind === 'empty') throw new ImportFault('file_empty');
  if (kind === 'xls') throw new ImportFault('file_xls');
  if (kind === 'binary') throw new ImportFault('file_binary');
  try {
    if (kind === 'xlsx') await checkUnpackedSize(path);
    yield* kind === 'xlsx' ? xlsxRows(path) : csvRows(path, kind);
  } catch (error) {
    if (error instanceof CsvFault) throw new ImportFault(error.code, { row: error.row });
    if (error instanceof ZipFault && error.code !== 'zip_broken') throw new ImportFault(error.code, { megabytes: error.megabytes });
    if (kind === 'xlsx') throw new ImportFault('file_broken');
    throw error;
  }
}
