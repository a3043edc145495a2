import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { countOf, PLAIN_TEXT, tablesOf } from '../../../src/platform/backup/catalogue.js';
import { MANIFEST } from '../../../src/platform/backup/manifest.js';
import { restoreBackup } from '../../../src/platform/backup/restore-backup.js';
import { writeBackup } from '../../../src/platform/backup/write-backup.js';
import { rawSql, sql } from '../../../src/platform/database/sql.js';
import { LineProcess } from '../../support/line-process.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { smallWorld } from '../reports/small-world.js';

const MIGRATIONS = join(process.cwd(), 'migrations');

describe('SYS-5 a back-up and what is restored from it', () => {
  let test: TestApp;
  let room: string;
  let folder: string;
  const databases: TestDatabase[] = [];
  const empty = async (): Promise<string> => {
    const database = await createTestDatabase('template0');
    databases.push(database);
    return database.url;
  };
  const asked = async <T extends pg.QueryResultRow>(url: string, work: (client: pg.Client) => Promise<T[]>): Promise<T[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return work(client).finally(() => client.end());
  };
  /** Every table with its rows and their sum. */
  const contents = (url: string) =>
    asked(url, async (client) => {
      await client.query(PLAIN_TEXT);
      const found = [];
      for (const table of await tablesOf(client)) found.push({ table: table.table, ...(await countOf(client, table)) });
      return found;
    });
  const one = async (url: string, text: string): Promise<unknown> =>
    Object.values((await asked(url, async (c) => (await c.query(text)).rows))[0] ?? {})[0];

  beforeAll(async () => {
    room = mkdtempSync(join(tmpdir(), 'starcare-backup-test-'));
    folder = join(room, 'monday');
    test = await createTestApp();
    await smallWorld(test);
    await test.db.run(sql`insert into messaging.blast (code, name, template_id, gateway_code, state, org_unit_id, created_at)
      select 'running', '进行中', t.id, g.code, 'running', t.org_unit_id, now() from messaging.template t, messaging.gateway g limit 1`);
    await test.db.run(sql`select reports.settle_rollups()`);
    await writeBackup(test.databaseUrl, folder);
  });
  afterAll(async () => {
    await test.close();
    for (const database of databases) await database.drop();
    rmSync(room, { recursive: true, force: true });
  });

  it('R9 brings back every row of every table, counters and figures, and starts with all that sends switched off', async () => {
    const url = await empty();
    await restoreBackup(url, folder, MIGRATIONS);
    const changed = ['messaging.blast', 'messaging.gateway'];
    const rows = (all: { table: string }[]) => all.filter(({ table }) => !changed.includes(table));
    expect(rows(await contents(url))).toEqual(rows(await contents(test.databaseUrl)));
    expect(await one(url, 'select count(*)::int from calls.attempt')).toBe(7);
    expect(await one(url, 'select reports.correct_rollups()::int')).toBe(0);
    expect(await one(url, "select string_agg(distinct active::text, '') from messaging.gateway")).toBe('false');
    expect(await one(url, "select state from messaging.blast where code = 'running'")).toBe('paused');
    expect(await one(url, "select nextval(pg_get_serial_sequence('customers.customer', 'id')) > max(id) from customers.customer")).toBe(true);
    // the product starts on it
    expect(await one(url, 'select count(*)::int from reporting.attempt')).toBe(7);
  });

  it('R9 all that sends is switched off with the rows, also when a migration after them fails', async () => {
    const url = await empty();
    const later = mkdtempSync(join(tmpdir(), 'starcare-migrations-'));
    cpSync(MIGRATIONS, later, { recursive: true });
    await writeFile(join(later, '20990101T0000-staff-later.sql'), 'select 1 / 0;');
    await expect(restoreBackup(url, folder, later)).rejects.toThrow(/division by zero/);
    rmSync(later, { recursive: true });
    expect(await one(url, 'select count(*)::int from calls.attempt')).toBe(7);
    expect(await one(url, "select string_agg(distinct active::text, '') from messaging.gateway")).toBe('false');
    expect(await one(url, "select state from messaging.blast where code = 'running'")).toBe('paused');
  });

  it('leaves out who is logged in', () => {
    expect(readdirSync(folder).filter((file) => file.startsWith('staff.session'))).toEqual([]);
  });

  it('writes over nothing, and leaves no half back-up behind', async () => {
    await expect(writeBackup(test.databaseUrl, folder)).rejects.toThrow(/exists already/);
    await expect(writeBackup(await empty(), join(room, 'tuesday'))).rejects.toThrow(/not one of StarCare/);
    expect(readdirSync(room)).toEqual(['monday']);
  });

  it('is whole while months are dropped: they wait until it has ended', async () => {
    const client = new pg.Client({ connectionString: test.databaseUrl });
    await client.connect();
    await client.query("select platform.ensure_partitions('messaging.message', '2024-01-01', '2024-01-01')");
    await client.query('begin');
    await client.query('lock table calls.attempt in access exclusive mode'); // the back-up stands still before its first look
    const written = writeBackup(test.databaseUrl, join(room, 'wednesday'));
    const waits = "select count(*)::int as n from pg_locks where not granted and relation = 'calls.attempt'::regclass";
    await until('the back-up waits', async () => (await test.db.one<{ n: number }>(rawSql(waits))).n === 1);
    await client.query('drop table messaging.message_202401');
    await client.query('commit');
    await client.end();
    const { partitions } = await written;
    expect(partitions.filter(({ bound, partition }) => !bound || partition === 'messaging.message_202401')).toEqual([]);
    rmSync(join(room, 'wednesday'), { recursive: true });
  });

  it.each(['back-up', 'restore'])('a %s that is cut off by a signal has not succeeded', async (command) => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `postgres://x:x@127.0.0.1:${(silent.address() as AddressInfo).port}/x`;
    const child = new LineProcess(`src/${command}.ts`, [command === 'restore' ? folder : join(room, 'thursday')], { DATABASE_URL: url });
    const [connection] = (await once(silent, 'connection')) as [Socket];
    connection.on('error', () => undefined);
    expect(await child.kill('SIGTERM')).toBe(128 + 15);
    silent.close();
    rmSync(join(room, 'thursday.partial'), { recursive: true, force: true });
  });

  it('restores into an empty database only', async () => {
    await expect(restoreBackup(test.databaseUrl, folder, MIGRATIONS)).rejects.toThrow(/holds data already, .*: nothing was restored/);
    expect(await one(test.databaseUrl, 'select count(*)::int from calls.attempt')).toBe(7);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['a value was changed', (text) => text.replace('+861390000000', '+861390000999'), /customers.line has 4 rows .* rows that differ/],
    ['a line is broken', (text) => text.replace('\t', ''), /customers.line.copy.gz cannot be read/],
  ])('refuses a damaged back-up where %s, and leaves the database empty', async (_what, damage, sentence) => {
    const url = await empty();
    const file = join(folder, 'customers.line.copy.gz');
    const whole = await readFile(file);
    try {
      await writeFile(file, gzipSync(damage(gunzipSync(whole).toString())));
      await expect(restoreBackup(url, folder, MIGRATIONS)).rejects.toThrow(sentence);
    } finally {
      await writeFile(file, whole);
    }
    expect(await one(url, "select count(*)::int from pg_namespace where nspname in ('calls', 'customers', 'platform')")).toBe(0);
  });

  it('names a folder that is none, and a back-up of a newer release', async () => {
    await expect(restoreBackup(await empty(), room, MIGRATIONS)).rejects.toThrow(/holds no back-up/);
    const file = join(folder, MANIFEST);
    const whole = await readFile(file, 'utf8');
    try {
      const manifest = JSON.parse(whole) as { migrations: unknown[] };
      await writeFile(
        file,
        JSON.stringify({ ...manifest, migrations: [...manifest.migrations, { file: '20990101T0000-staff-later.sql', hash: 'x' }] }),
      );
      await expect(restoreBackup(await empty(), folder, MIGRATIONS)).rejects.toThrow(/does not have migrations\/20990101T0000-staff-later.sql/);
    } finally {
      await writeFile(file, whole);
    }
    expect(existsSync(file)).toBe(true);
  });
});
