import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../../src/platform/database/migrations.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

describe('Migrations', () => {
  let database: TestDatabase;
  let folder: string;
  let client: pg.Client;

  beforeEach(async () => {
    database = await createTestDatabase('template0');
    folder = mkdtempSync(join(tmpdir(), 'starcare-migrations-'));
    mkdirSync(join(folder, 'reporting'));
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterEach(async () => {
    await client.end();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  const run = (): Promise<string[]> => migrate(database.url, folder);
  const value = async (statement: string): Promise<unknown> => (await client.query<{ v: unknown }>(statement)).rows[0]?.v;

  it('refuses a file whose name has no time and module, and names it', async () => {
    write('add-things.sql', 'select 1');
    await expect(run()).rejects.toThrow('migrations/add-things.sql: the name must look like 20261122T0900-staff-users.sql');
  });

  it('refuses two files of one minute, and names both', async () => {
    write('20261122T0900-staff-a.sql', 'select 1');
    write('20261122T0900-staff-b.sql', 'select 1');
    await expect(run()).rejects.toThrow(/20261122T0900-staff-a\.sql and 20261122T0900-staff-b\.sql/);
  });

  it('names file and line of a statement that fails, and leaves the database as it was', async () => {
    write('20261122T0900-staff-a.sql', 'create table t (id int);');
    write('20261122T0901-staff-b.sql', 'select 1;\n\ninsert into nowhere values (1);');
    await expect(run()).rejects.toThrow('migrations/20261122T0901-staff-b.sql line 3: relation "nowhere" does not exist');
    expect(await value("select to_regclass('t') as v")).toBeNull();
  });

  it('refuses a file that was changed after it had run', async () => {
    write('20261122T0900-staff-a.sql', 'create table t (id int);');
    await run();
    write('20261122T0900-staff-a.sql', 'create table t (id bigint);');
    await expect(run()).rejects.toThrow(/20261122T0900-staff-a\.sql was changed after it had run/);
  });

  it('names the view that fails', async () => {
    write('reporting/10-a.sql', 'create view reporting.a as select missing from nowhere');
    await expect(run()).rejects.toThrow('migrations/reporting/10-a.sql line 1');
  });

  it('runs each file once, in the order of their times', async () => {
    write('20261122T0901-staff-b.sql', 'insert into t values (2);');
    write('20261122T0900-staff-a.sql', 'create table t (id int);');
    expect(await run()).toEqual(['20261122T0900-staff-a.sql', '20261122T0901-staff-b.sql']);
    expect(await run()).toEqual([]);
    expect(await value('select count(*)::int as v from t')).toBe(1);
  });

  it('runs a file that arrived late although later ones have run', async () => {
    write('20261122T0902-staff-b.sql', 'create table b ();');
    await run();
    write('20261122T0901-calls-a.sql', 'create table a ();');
    expect(await run()).toEqual(['20261122T0901-calls-a.sql']);
  });

  it('makes the views anew around a migration that changes a column they read', async () => {
    write('20261122T0900-staff-a.sql', 'create table t (id int, name text);');
    write('reporting/10-a.sql', 'create view reporting.a as select id, name from t');
    write('reporting/20-b.sql', 'create view reporting.b as select count(*) as n from reporting.a');
    await run();
    write('20261122T0901-staff-b.sql', 'alter table t alter column id type bigint; alter table t drop column name;');
    write('reporting/10-a.sql', 'create view reporting.a as select id from t');
    await run();
    expect(await value("select data_type as v from information_schema.columns where table_schema = 'reporting' and table_name = 'a'")).toBe('bigint');
  });

  it('makes the views anew when only a view changed, and leaves them alone when nothing did', async () => {
    write('20261122T0900-staff-a.sql', 'create table t (id int);');
    write('reporting/10-a.sql', 'create view reporting.a as select 1 as v');
    await run();
    const oid = await value("select 'reporting.a'::regclass::oid::int as v");
    await run();
    expect(await value("select 'reporting.a'::regclass::oid::int as v")).toBe(oid);
    write('reporting/10-a.sql', 'create view reporting.a as select 2 as v');
    await run();
    expect(await value('select v from reporting.a')).toBe(2);
  });

  it('lets two starts at the same moment run each file once', async () => {
    write('20261122T0900-staff-a.sql', 'create table t (id int);');
    const both = await Promise.all([run(), run()]);
    expect(both.flat()).toEqual(['20261122T0900-staff-a.sql']);
  });
});
