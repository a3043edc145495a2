import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { countOf, partitionsOf, PLAIN_TEXT, sequencesOf, type SourceTable, tablesOf } from './catalogue.js';
import { BackupError, type Manifest, MANIFEST, type TableEntry } from './manifest.js';

async function writeTable(client: pg.Client, folder: string, source: SourceTable): Promise<TableEntry> {
  const file = `${source.table.replaceAll('"', '')}.copy.gz`;
  const rows = client.query(copyTo(`copy (select ${source.columns.join(', ')} from ${source.table}) to stdout`));
  await pipeline(rows, createGzip({ level: 4 }), createWriteStream(join(folder, file)));
  return { ...source, file, ...(await countOf(client, source)) };
}

async function writeAll(client: pg.Client, folder: string): Promise<Manifest> {
  await client.query(PLAIN_TEXT);
  const sources = await tablesOf(client);
  // all tables as of one moment, while people work; none, and no month of one, is dropped before its turn: locked before the moment is taken
  await client.query('begin isolation level repeatable read read only');
  await client.query(`lock table ${sources.map(({ table }) => table).join(', ')} in access share mode`);
  const { rows } = await client.query<{ at: Date }>('select now() as at');
  const migrations = await client.query<{ file: string; hash: string }>(
    "select file, hash from public.migration_text where file <> 'reporting' order by file",
  );
  const tables: TableEntry[] = [];
  for (const table of sources) tables.push(await writeTable(client, folder, table));
  const manifest: Manifest = {
    starcare: 1,
    takenAt: rows[0]?.at.toISOString() ?? '',
    migrations: migrations.rows,
    partitions: await partitionsOf(client),
    sequences: await sequencesOf(client),
    tables,
  };
  await client.query('commit');
  return manifest;
}

/**
 * Writes every table to `<folder>/<table>.copy.gz` with a manifest of counts and sums, from one snapshot. The folder is there under its name only when it is whole.
 * The key of personal data is not in it.
 * @throws BackupError when the folder exists, or the database is not StarCare's
 */
export async function writeBackup(url: string, folder: string): Promise<Manifest> {
  if (await stat(folder).catch(() => undefined))
    throw new BackupError(`${folder} exists already: name a folder that does not, nothing is written over.`);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the statement under way rejects
  try {
    await client.connect();
    const { rows } = await client.query<{ there: boolean }>("select to_regclass('public.migration_text') is not null as there");
    if (!rows[0]?.there) throw new BackupError('This database is not one of StarCare: there is nothing to back up. Check DATABASE_URL or DATA_DIR.');
    const manifest = await writeAll(client, partial);
    await writeFile(join(partial, MANIFEST), JSON.stringify(manifest, null, 1));
    await rename(partial, folder);
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
