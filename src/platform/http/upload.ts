import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '../../kernel/errors.js';
import { checkCsrf } from './csrf.js';
import './fastify.types.js';
import { isApi } from './request-kind.js';

export interface ReceivedFile {
  /** Where it lies now; the receiver's to keep or to remove. */
  path: string;
  /** What the sender called it, for display only. */
  filename: string;
  bytes: number;
  /** The other fields that came before the file. */
  fields: Record<string, string>;
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\\/]/gu;

/**
 * Streams the multipart field `file` into `folder` under a name of our own; memory stays flat whatever its size. A page
 * route that calls this is marked `@RouteConfig({ upload: true })`, and its form carries the token before the file.
 * @throws DomainError `file_missing` at `file` · `payload_too_large` (413) · `csrf_invalid` (403) before a byte is kept
 */
export async function receiveUpload(request: FastifyRequest, folder: string): Promise<ReceivedFile> {
  if (!request.isMultipart()) throw new DomainError('file_missing', { param: 'file' });
  const fields: Record<string, string> = {};
  let received: ReceivedFile | undefined;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (typeof part.value === 'string') fields[part.fieldname] = part.value;
      continue;
    }
    if (part.fieldname !== 'file' || part.filename === '' || received) {
      part.file.resume();
      continue;
    }
    if (!isApi(request)) checkCsrf(request, request.headers['csrf-token'] ?? fields._csrf);
    received = { ...(await keep(part, folder)), fields };
  }
  if (!received) throw new DomainError('file_missing', { param: 'file' });
  return received;
}

async function keep(part: MultipartFile, folder: string): Promise<Omit<ReceivedFile, 'fields'>> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, randomUUID());
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(part.file, target);
    // The parser cuts an oversized file without an error; only this flag tells.
    if (part.file.truncated) throw new DomainError('payload_too_large', { status: 413, param: 'file' });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  const filename = basename(part.filename.replace(UNPRINTABLE, '')).slice(0, 200);
  return { path, filename, bytes: target.bytesWritten };
}
