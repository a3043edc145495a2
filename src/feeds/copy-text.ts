import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyStreamQuery } from 'pg-copy-streams';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One value in PostgreSQL's COPY text format. */
const field = (value: string | null): string =>
  value === null ? '\\N' : SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (sign) => ESCAPES[sign] ?? sign) : value;

export function copyLine(first: number | string, values: readonly (string | null)[]): string {
  let line = String(first);
  for (const value of values) line += `\t${field(value)}`;
  return `${line}\n`;
}

const FLUSH_CHARS = 32 * 1024;

/** Writes lines into a table through COPY on an open transaction's connection, no faster than the database takes them. */
export class CopyWriter {
  private readonly stream: CopyStreamQuery;
  private buffer = '';
  private failure: Error | undefined;

  /** @param target `schema.table (column, …)`, program text */
  constructor(client: PoolClient, target: string) {
    this.stream = client.query(copyFrom(`copy ${target} from stdin`));
    this.stream.on('error', (error: Error) => (this.failure = error));
  }

  /** True when the buffer is full: await {@link flush} before writing on. */
  write(line: string): boolean {
    this.buffer += line;
    return this.buffer.length >= FLUSH_CHARS;
  }

  async flush(): Promise<void> {
    if (this.failure) throw this.failure;
    const text = this.buffer;
    this.buffer = '';
    if (text !== '' && !this.stream.write(text)) await once(this.stream, 'drain');
  }

  async end(): Promise<void> {
    await this.flush();
    this.stream.end();
    await finished(this.stream);
  }

  /** Ends a COPY that must not succeed, so that the connection can roll back. */
  async abort(): Promise<void> {
    this.stream.destroy();
    await finished(this.stream).catch(() => undefined);
  }
}
