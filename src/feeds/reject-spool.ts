import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip, type Gzip } from 'node:zlib';
import type { RowFault } from './row.policy.js';

/** A refused row as it waits: its number, why, and everything as JSON. */
export interface SpooledRow {
  rowNumber: number;
  reasons: string[];
  json: string;
}

const BUFFER_CHARS = 64 * 1024;

/**
 * Refused rows wait on disk, packed, while the connection is busy with the good ones: a file that is wrong in every row needs no more
 * memory than a good one, and hardly more room.
 */
export class RejectSpool {
  private packer: Gzip | undefined;
  private written: Promise<void> = Promise.resolve();
  private buffer = '';

  constructor(private readonly path: string) {}

  async add(rowNumber: number, cells: readonly string[], faults: readonly RowFault[]): Promise<void> {
    const reasons = [...new Set(faults.map(({ reason }) => reason))];
    // NUL has no place in the database's text; the faults name the cell that held it.
    const json = JSON.stringify([rowNumber, cells, faults]).replaceAll('\\u0000', '\\ufffd');
    this.buffer += `${rowNumber}\t${reasons.join(',')}\t${json}\n`;
    if (this.buffer.length >= BUFFER_CHARS) await this.flush();
  }

  /** Everything in the order it came. */
  async *rows(): AsyncGenerator<SpooledRow> {
    await this.flush();
    if (!this.packer) return;
    this.packer.end();
    await this.written;
    const file = createReadStream(this.path);
    const unpacked = file.pipe(createGunzip());
    try {
      for await (const line of createInterface({ input: unpacked, crlfDelay: Infinity })) {
        const [rowNumber = '', reasons = '', json = ''] = line.split('\t');
        yield { rowNumber: Number(rowNumber), reasons: reasons.split(','), json };
      }
    } finally {
      file.destroy();
      unpacked.destroy();
    }
  }

  async remove(): Promise<void> {
    if (!this.packer) return;
    this.packer.destroy();
    await this.written.catch(() => undefined); // a file that is still being opened would outlive its removal
    await rm(this.path, { force: true });
  }

  private async flush(): Promise<void> {
    if (this.buffer === '') return;
    const packer = (this.packer ??= this.begin());
    const text = this.buffer;
    this.buffer = '';
    if (!packer.write(text)) await Promise.race([once(packer, 'drain'), this.written]);
  }

  private begin(): Gzip {
    const packer = createGzip({ level: constants.Z_BEST_SPEED });
    this.written = pipeline(packer, createWriteStream(this.path, { mode: 0o600 }));
    this.written.catch(() => undefined); // told to whoever writes or reads next
    return packer;
  }
}

/** Two spools, each in the order of the file, as one. */
export async function* inFileOrder(one: RejectSpool, other: RejectSpool): AsyncGenerator<SpooledRow> {
  const waiting = [one.rows(), other.rows()];
  const heads = await Promise.all(waiting.map((rows) => rows.next()));
  for (;;) {
    const numbers = heads.map((head) => (head.done ? Infinity : head.value.rowNumber));
    const least = numbers.indexOf(Math.min(...numbers));
    const head = heads[least];
    const rows = waiting[least];
    if (!head || head.done || !rows) return;
    yield head.value;
    heads[least] = await rows.next();
  }
}
