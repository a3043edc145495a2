import { createReadStream } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { readMigrations } from '../database/migration-files.js';
import { migrate } from '../database/migrations.js';
import { countOf, PLAIN_TEXT } from './catalogue.js';
import { BackupError, type Manifest, readManifest, type TableEntry } from './manifest.js';

async function refuseUnlessEmpty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; taken: boolean }>(
    "select current_database() as name, to_regclass('public.migration_text') is not null as taken",
  );
  if (rows[0]?.taken)
    throw new BackupError(
      `Database ${rows[0].name} holds data already, or what a restore left that was cut off: nothing was restored. Name an empty one (createdb, or another DATA_DIR).`,
    );
}

/** The database as it was when the back-up was taken: the migrations of that time. @throws BackupError when this release does not have them */
async function migrateAsThen(url: string, migrations: string, manifest: Manifest): Promise<void> {
  const here = new Map((await readMigrations(migrations)).map(({ file, hash }) => [file, hash]));
  const folder = await mkdtemp(join(tmpdir(), 'starcare-restore-'));
  try {
    for (const { file, hash } of manifest.migrations) {
      if (here.get(file) !== hash)
        throw new BackupError(
          `This release does not have migrations/${file} as the back-up does: restore with the release that made it, or a newer one.`,
        );
      await copyFile(join(migrations, file), join(folder, file));
    }
    await migrate(url, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows come as they were, whatever triggers would make of them: needs the right to say so. */
async function withoutTriggers(client: pg.Client): Promise<void> {
  await client.query('set local session_replication_role = replica').catch((error: { code?: string }) => {
    if (error.code !== '42501') throw error;
    throw new BackupError(
      'The database account may not restore: run "grant set on parameter session_replication_role to <account>" as superuser, or restore as one.',
    );
  });
}

async function fill(client: pg.Client, folder: string, { table, columns, file }: TableEntry): Promise<void> {
  try {
    await pipeline(createReadStream(join(folder, file)), createGunzip(), client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`)));
  } catch (error) {
    throw new BackupError(
      `${file} cannot be read into ${table} (${(error as Error).message}): the back-up is damaged, take another one. Nothing was restored.`,
    );
  }
}

async function check(client: pg.Client, entry: TableEntry): Promise<void> {
  const { rows, sum } = await countOf(client, entry);
  if (rows !== entry.rows || sum !== entry.sum)
    throw new BackupError(
      `${entry.table} has ${rows} rows where the back-up counted ${entry.rows}, or rows that differ: the back-up is damaged, take another one. Nothing was restored.`,
    );
}

/** What migrations put in comes from the back-up. An empty table is left alone: the audit log refuses to be emptied. */
async function withoutSeeds(client: pg.Client, table: string): Promise<void> {
  const { rowCount } = await client.query(`select from ${table} limit 1`);
  if (rowCount) await client.query(`delete from ${table}`);
}

/** All or nothing. */
async function load(client: pg.Client, folder: string, manifest: Manifest): Promise<void> {
  await client.query(PLAIN_TEXT);
  await client.query('begin');
  await withoutTriggers(client);
  for (const { partition, parent, bound } of manifest.partitions)
    await client.query(`create table if not exists ${partition} partition of ${parent} ${bound}`);
  for (const { table } of manifest.tables) await withoutSeeds(client, table);
  for (const entry of manifest.tables) {
    await fill(client, folder, entry);
    await check(client, entry);
  }
  for (const { sequence, value, called } of manifest.sequences) await client.query('select setval($1, $2, $3)', [sequence, value, called]);
  await client.query('set local session_replication_role = origin');
  await startPaused(client); // with the rows: should what follows fail, the product may be started on them
  await client.query('commit');
}

/** Nothing goes out of a restored system until somebody has looked (R9): every module says itself what that means. */
async function startPaused(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ call: string }>(
    "select format('select %s()', oid::regproc) as call from pg_proc where proname = 'start_paused' order by 1",
  );
  for (const { call } of rows) await client.query(call);
}

const schemasOf = async (client: pg.Client): Promise<string[]> =>
  (await client.query<{ name: string }>("select nspname as name from pg_namespace where nspname !~ '^pg_'")).rows.map(({ name }) => name);

/** Takes away what a restore that failed has made, so that it can be tried again. */
async function emptyAgain(client: pg.Client, before: readonly string[]): Promise<void> {
  await client.query('rollback');
  const made = (await schemasOf(client)).filter((name) => !before.includes(name));
  for (const name of made) await client.query(`drop schema ${pg.escapeIdentifier(name)} cascade`);
  await client.query('drop table if exists public.migration, public.migration_text');
}

/**
 * Fills an empty database from a back-up, compares every table with what was counted when it was taken, brings it to this release and
 * switches off whatever sends (R9).
 * @param migrations the folder of migrations
 * @throws BackupError, having restored nothing
 */
export async function restoreBackup(url: string, folder: string, migrations: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await refuseUnlessEmpty(client);
    const before = await schemasOf(client);
    await migrateAsThen(url, migrations, manifest)
      .then(() => load(client, folder, manifest))
      .catch(async (error: unknown) => {
        await emptyAgain(client, before).catch(() => undefined);
        throw error;
      });
    await migrate(url, migrations);
    await startPaused(client); // what only newer migrations know of
    await client.query('analyze');
    return manifest;
  } finally {
    await client.end().catch(() => undefined);
  }
}
