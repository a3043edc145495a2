import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type TransformCallback, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { Clock } from '../../kernel/clock.js';
import { PLAIN_TEXT_HERE } from '../backup/catalogue.js';
import { Database } from '../database/database.js';
import { rawSql, type Sql } from '../database/sql.js';
import { MONTHS_OPTIONS, monthName, type MonthPart, type MonthsOptions, stemOf } from './months-options.js';

const QUOTE = 0x22;
const NEWLINE = 0x0a;
const LEVEL = 6;

export interface MonthContents {
  rows: number;
  /** Of the CSV, unpacked. */
  sha256: string;
}

export interface MonthManifest extends MonthContents {
  starcare: 1;
  parent: string;
  month: string;
  file: string;
  columns: string[];
  at: string;
}

/** Passes a CSV with a header on and looks at it: how many rows, and the sum over all of it. */
class Tally extends Transform {
  private readonly hash = createHash('sha256');
  private lines = 0;
  private quoted = false;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(chunk);
    for (const byte of chunk) {
      // a quote within quotes is written twice, so it changes nothing
      if (byte === QUOTE) this.quoted = !this.quoted;
      else if (byte === NEWLINE && !this.quoted) this.lines++;
    }
    done(null, chunk);
  }

  contents(): MonthContents {
    return { rows: this.lines - 1, sha256: this.hash.digest('hex') };
  }
}

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/** A file is on the disk before what it holds goes from the database. */
async function settle(path: string, flags: 'r+' | 'r'): Promise<void> {
  const handle = await open(path, flags);
  await handle.sync().finally(() => handle.close());
}

/** Months as files: `<parent>_<YYYYMM>.csv.gz` with a manifest beside it. */
@Injectable()
export class MonthFiles {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(MONTHS_OPTIONS) private readonly options: MonthsOptions,
  ) {}

  /** Under its name only when it is whole. @throws Error that says what to do when it cannot be written */
  async write(part: MonthPart): Promise<MonthManifest> {
    const file = `${stemOf(part)}.csv.gz`;
    const partial = join(this.options.folder, `${file}.partial`);
    try {
      await mkdir(this.options.folder, { recursive: true, mode: 0o700 });
      const found = await this.copy(part, partial);
      const manifest: MonthManifest = { starcare: 1, parent: part.parent, month: part.month, file, ...found, at: this.clock.now().toISOString() };
      await this.keep(manifest, partial);
      return manifest;
    } catch (error) {
      await rm(partial, { force: true }).catch(() => undefined);
      throw told(error, part);
    }
  }

  /** What the file holds now, and whether its manifest says the same. @throws Error that says what to do when it cannot be read */
  async read(part: MonthPart): Promise<MonthContents & { asWritten: boolean }> {
    const path = join(this.options.folder, `${stemOf(part)}.csv.gz`);
    try {
      const tally = new Tally();
      await pipeline(createReadStream(path), createGunzip(), tally, nowhere());
      const contents = tally.contents();
      const { rows, sha256 } = JSON.parse(await readFile(manifestPath(path), 'utf8')) as MonthManifest;
      return { ...contents, asWritten: rows === contents.rows && sha256 === contents.sha256 };
    } catch (error) {
      throw told(error, part);
    }
  }

  /**
   * Changes rows of a file that has taken the place of its month: into a table of its own for the moment, and out again.
   * @param change makes the statement for that table @returns the manifest it has now; none when no row was touched
   */
  async rewrite(part: Omit<MonthPart, 'name'>, change: (table: Sql) => Sql): Promise<MonthManifest | undefined> {
    const path = join(this.options.folder, `${stemOf(part)}.csv.gz`);
    const partial = `${path}.partial`;
    try {
      const manifest = JSON.parse(await readFile(manifestPath(path), 'utf8')) as MonthManifest;
      const found = await this.alone(async (client) => {
        await client.query(`create temp table month_rows (like ${part.parent}) on commit drop`);
        const into = `copy month_rows (${manifest.columns.join(', ')}) from stdin with (format csv, header match)`;
        await pipeline(createReadStream(path), createGunzip(), client.query(copyFrom(into)));
        const { text, values } = change(rawSql('month_rows')).compile();
        const { rowCount } = await client.query(text, values);
        return rowCount ? dump(client, { columns: manifest.columns, table: 'month_rows' }, partial) : undefined;
      });
      if (!found) return undefined;
      const changed = { ...manifest, ...found };
      await this.keep(changed, partial);
      return changed;
    } catch (error) {
      await rm(partial, { force: true }).catch(() => undefined);
      throw told(error, part);
    }
  }

  /** One snapshot of the month in the order of its ids. */
  private copy(part: MonthPart, path: string): Promise<MonthContents & { columns: string[] }> {
    return this.alone(async (client) => {
      const columns = await columnsOf(client, part);
      return { columns, ...(await dump(client, { columns, table: part.name }, path)) };
    });
  }

  /** One transaction on a connection of its own, which a file that cannot be written takes with it. */
  private async alone<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const { client, giveBack } = await this.database.borrow();
    try {
      await client.query('begin isolation level repeatable read');
      await client.query(PLAIN_TEXT_HERE);
      const result = await work(client);
      await client.query('commit');
      giveBack();
      return result;
    } catch (error) {
      giveBack(true);
      throw error;
    }
  }

  private async keep(manifest: MonthManifest, partial: string): Promise<void> {
    const path = join(this.options.folder, manifest.file);
    await settle(partial, 'r+');
    await writeFile(`${partial}.json`, JSON.stringify(manifest, null, 1), { mode: 0o600, flush: true });
    await rename(partial, path);
    await rename(`${partial}.json`, manifestPath(path));
    // its name too, where folders can be settled at all
    await settle(this.options.folder, 'r').catch(() => undefined);
  }
}

const manifestPath = (path: string): string => path.replace(/\.csv\.gz$/, '.json');

/** @throws Error when fewer or more rows come out than the table has */
async function dump(client: pg.PoolClient, { columns, table }: { columns: string[]; table: string }, path: string): Promise<MonthContents> {
  const tally = new Tally();
  const rows = client.query(copyTo(`copy (select ${columns.join(', ')} from ${table} order by id) to stdout with (format csv, header)`));
  await pipeline(rows, tally, createGzip({ level: LEVEL }), createWriteStream(path, { mode: 0o600 }));
  const counted = await client.query<{ n: string }>(`select count(*) as n from ${table}`);
  const contents = tally.contents();
  if (contents.rows !== Number(counted.rows[0]?.n)) throw new Error(`${contents.rows} rows were written where the table has ${counted.rows[0]?.n}`);
  return contents;
}

async function columnsOf(client: pg.PoolClient, { parent }: MonthPart): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [parent],
  );
  return rows.map(({ name }) => name);
}

function told(error: unknown, part: Omit<MonthPart, 'name'>): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const isFile = ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'EIO', 'EISDIR'].includes(code ?? '');
  const unreadable = code?.startsWith('Z_') === true || error instanceof SyntaxError;
  if (!isFile && !unreadable) return error;
  return new Error(
    `${part.parent} of ${monthName(part)} stays as it is: its file in DATA_DIR/archive cannot be ${unreadable ? 'read back' : 'written or read'} (${code ?? message}). ` +
      'See that the folder has room, holds its files and belongs to the account of StarCare; it is tried again.',
  );
}
