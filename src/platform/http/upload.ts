import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '../../kernel/errors.js';
import { checkCsrf } from './csrf.js';
import './fastify.types.js';
import { requireReadable } from './readable.js';
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

const MB = 1024 * 1024;
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);
const UNPRINTABLE = /[\p{Cc}\p{Cf}\\/]/gu;

/**
 * Streams the multipart field `file` into `folder` under a name of our own; memory stays flat whatever its size. A page
 * route that calls this is marked `@RouteConfig({ upload: true })`, and its form carries the token before the file.
 * What was typed beside the file stands in `request.body`, for the form that comes back.
 * @throws DomainError `file_missing` at `file` · `file_too_large` (413) · `disk_full` (507) · `csrf_invalid` (403) before a byte is kept
 */
export async function receiveUpload(request: FastifyRequest, folder: string): Promise<ReceivedFile> {
  if (!request.isMultipart()) throw new DomainError('file_missing', { param: 'file' });
  const fields: Record<string, string> = {};
  request.body = fields;
  try {
    return await receive(request, folder, fields);
  } catch (error) {
    // a browser hears no answer before it has sent everything
    request.raw.unpipe();
    request.raw.resume();
    throw error;
  }
}

async function receive(request: FastifyRequest, folder: string, fields: Record<string, string>): Promise<ReceivedFile> {
  let received: ReceivedFile | undefined;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      requireReadable(part.value, part.fieldname);
      if (typeof part.value === 'string') fields[part.fieldname] = part.value;
      continue;
    }
    if (part.fieldname !== 'file' || part.filename === '' || received) {
      part.file.resume();
      continue;
    }
    if (!isApi(request)) checkCsrf(request, request.headers['csrf-token'] ?? fields._csrf);
    const kept = await keep(part, folder, request.headers['idempotency-key'] !== undefined);
    request.uploadDigest = kept.digest;
    received = { path: kept.path, filename: kept.filename, bytes: kept.bytes, fields };
  }
  if (!received) throw new DomainError('file_missing', { param: 'file' });
  return received;
}

/** @param digested its content will be held against that of a repetition */
async function keep(part: MultipartFile, folder: string, digested: boolean): Promise<Omit<ReceivedFile, 'fields'> & { digest: string | undefined }> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, randomUUID());
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  const hash = createHash('sha256');
  try {
    if (digested) part.file.on('data', (chunk: Buffer) => hash.update(chunk));
    await pipeline(part.file, target);
    // The parser cuts an oversized file without an error; only this flag tells.
    if (part.file.truncated)
      throw new DomainError('file_too_large', { status: 413, param: 'file', params: { megabytes: Math.round(target.bytesWritten / MB) } });
  } catch (error) {
    await rm(path, { force: true });
    throw DISK_FULL.has((error as NodeJS.ErrnoException).code ?? '') ? new DomainError('disk_full', { status: 507, param: 'file' }) : error;
  }
  const filename = basename(part.filename.replace(UNPRINTABLE, '')).slice(0, 200);
  return { path, filename, bytes: target.bytesWritten, digest: digested ? hash.digest('base64url') : undefined };
}

/** Reads an upload to its end without keeping it. @returns of its file, the digest that {@link receiveUpload} leaves in `request.uploadDigest` */
export async function uploadDigest(request: FastifyRequest): Promise<string | undefined> {
  let digest: string | undefined;
  for await (const part of request.parts()) {
    if (part.type === 'field') continue;
    if (part.fieldname !== 'file' || part.filename === '' || digest !== undefined) part.file.resume();
    else {
      const hash = createHash('sha256');
      for await (const chunk of part.file) hash.update(chunk as Buffer);
      digest = hash.digest('base64url');
    }
  }
  return digest;
}
