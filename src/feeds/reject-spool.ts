import type { PoolClient } from 'pg';
import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { copyLine, CopyWriter } from './copy-text.js';
import type { RowFault } from './row.policy.js';

/**
 * Refused rows wait on disk while the connection is busy with the good ones: a file that is wrong in every row needs no more
 * memory than a good one.
 */
export class RejectSpool {
  private file: WriteStream | undefined;
  count = 0;

  constructor(
    private readonly path: string,
    private readonly importId: string,
  ) {}

  async add(rowNumber: number, cells: readonly string[], faults: readonly RowFault[]): Promise<void> {
    this.count += 1;
    // NUL has no place in the database's text; the faults name the cell that held it.
    const json = (value: unknown): string => JSON.stringify(value).replaceAll('\\u0000', '\\ufffd');
    const line = copyLine(this.importId, [String(rowNumber), json(cells), json(faults)]);
    this.file ??= createWriteStream(this.path, { mode: 0o600 });
    if (!this.file.write(line)) await once(this.file, 'drain');
  }

  /** Brings everything into feeds.reject. */
  async copyInto(client: PoolClient): Promise<void> {
    if (!this.file) return;
    this.file.end();
    await finished(this.file);
    const writer = new CopyWriter(client, 'feeds.reject (import_id, row_number, cells, faults)');
    try {
      for await (const chunk of createReadStream(this.path, { encoding: 'utf8' }) as AsyncIterable<string>) {
        if (writer.write(chunk)) await writer.flush();
      }
      await writer.end();
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }

  async remove(): Promise<void> {
    if (!this.file) return;
    this.file.destroy();
    await finished(this.file).catch(() => undefined); // a file that is still being opened would outlive its removal
    await rm(this.path, { force: true });
  }
}
