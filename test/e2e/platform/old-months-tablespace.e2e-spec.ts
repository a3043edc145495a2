import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { rawSql, sql } from '../../../src/platform/database/sql.js';
import { JobRegistry } from '../../../src/platform/jobs/job-registry.js';
import { Outbox } from '../../../src/platform/jobs/outbox.js';
import { MonthMover } from '../../../src/platform/months/month-mover.commands.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { logIn } from '../../support/visitor.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { smallWorld } from '../reports/small-world.js';

/** Of the whole server, so no other test may have it. */
const SPACE = `cold_${process.pid}`;
const PARENTS = ['calls.attempt', 'contact.touch', 'messaging.message'];
const JOBS = ['calls.attempt-move', 'contact.ledger-move', 'messaging.message-move'];

let test: TestApp;
let dataDir: string;

/** In the folder of the server itself: no folder to be made, and it goes with the server. */
async function onServer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The nightly jobs as the relay runs them. @returns what is kept of their errors */
async function night(): Promise<(string | null)[]> {
  const schedules = test.app.get(JobRegistry, { strict: false }).schedules();
  const jobs = JOBS.map((name) => schedules.find(({ job }) => job.name === name)?.job);
  for (const job of jobs) if (job) await test.app.get(Outbox, { strict: false }).add(test.db, job, { slot: test.clock.now().toISOString() });
  await drainJobs(test.app, { allowFailures: true });
  const rows = await test.db.rows<{ error: string | null }>(sql`
    delete from platform.outbox where job = any(${JOBS}::text[]) returning last_error as error`);
  return rows.map(({ error }) => error);
}

/** How many tables and indexes of months lie where. */
const lying = async (month: string): Promise<Record<string, number>> => {
  const rows = await test.db.rows<{ space: string; n: number }>(sql`
    select coalesce(t.spcname, 'usual') as space, count(*)::int as n from pg_class c left join pg_tablespace t on t.oid = c.reltablespace
    where c.relkind in ('r', 'i') and c.relname ~ ${`^(attempt|touch|message)_${month}`} group by 1 order by 1`);
  return Object.fromEntries(rows.map(({ space, n }) => [space, n]));
};
const contents = async (): Promise<unknown[]> => {
  const found = [];
  for (const parent of PARENTS)
    found.push(
      await test.db.one(
        rawSql(`select '${parent}' as parent, count(*)::int as n, md5(coalesce(string_agg(t::text, '|' order by id), '')) as sum from ${parent} t`),
      ),
    );
  return found;
};

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'starcare-space-'));
  test = await createTestApp({ config: { dataDir, archiveTablespace: SPACE, archiveAfterMonths: 12 } });
  await smallWorld(test);
  await test.db.run(sql`select reports.settle_rollups()`);
  test.clock.set('2027-12-05T02:00:00+08:00');
});
afterAll(async () => {
  await test.close();
  await onServer(`drop tablespace if exists ${SPACE}`);
  rmSync(dataDir, { recursive: true, force: true });
});

describe('SYS-4 old months on a tablespace of their own', () => {
  it('a tablespace that is not there is told by each job, by the name of the variable, and nothing moves', async () => {
    const errors = await night();
    expect(errors).toHaveLength(3);
    for (const error of errors)
      expect(error).toMatch(
        /^ARCHIVE_TABLESPACE is cold_.* no tablespace of that name: run .*create tablespace.*unset the variable.*Nothing was moved/,
      );
    expect(await lying('2026')).toEqual({ usual: expect.any(Number) });
  });

  it('moves months older than twelve with their indexes; rows, counts and figures are what they were', async () => {
    await onServer('set allow_in_place_tablespaces = on', `create tablespace ${SPACE} location ''`);
    const [before, usual] = [await contents(), (await lying('202611')).usual];
    const funnel = await test.db.rows(sql`select * from reports.funnel_day order by 1, 2, 3`);
    expect(before).toEqual(expect.arrayContaining([expect.objectContaining({ parent: 'calls.attempt', n: 7 })]));
    expect(await night()).toEqual([]);
    expect(await lying('202611')).toEqual({ [SPACE]: usual });
    // twelve months ago to the day is not older than twelve months
    expect(await lying('202612')).toEqual({ usual });
    expect(await contents()).toEqual(before);
    expect(await test.db.rows(sql`select * from reports.funnel_day order by 1, 2, 3`)).toEqual(funnel);
    expect((await test.db.one<{ wrong: number }>(sql`select reports.correct_rollups()::int as wrong`)).wrong).toBe(0);
  });

  it('what moved is written as ever, and administrators see a line for each month', async () => {
    const changed = await test.db.run(sql`update calls.attempt set note = 'later' where id = (select min(id::text)::uuid from calls.attempt)`);
    expect(changed).toBe(1);
    const admin = await logIn(test, 'admin');
    const page = (await admin.get('/admin/jobs')).text;
    expect(page).toMatch(new RegExp(`2026-11.*通话记录.*7.*表空间 ${SPACE}`));
    expect(page).toContain('触点台账');
    const recorded = await test.db.rows(
      sql`select parent, rows::int from platform.archived_month where month = '2026-11-01' and place = 'tablespace' order by 1`,
    );
    expect(recorded).toEqual(
      await Promise.all(PARENTS.map(async (parent) => ({ parent, rows: await test.db.count(rawSql(`select from ${parent}_202611`)) }))),
    );
  });

  it('a month somebody works with stays for that night, those after it move; the next night it follows', async () => {
    test.clock.set('2028-02-05T02:00:00+08:00');
    const desk = new pg.Client({ connectionString: test.databaseUrl });
    await desk.connect();
    try {
      await desk.query('begin');
      await desk.query('select from calls.attempt_202612 limit 1');
      const reports = await test.app.get(MonthMover, { strict: false }).moveOld('calls.attempt');
      expect(reports.find(({ month }) => month === '2026-12-01')?.stays).toMatch(/^somebody works with calls.attempt_202612/);
      expect(reports.filter(({ stays }) => stays === null).map(({ month }) => month)).toEqual(expect.arrayContaining(['2026-11-01', '2027-01-01']));
    } finally {
      await desk.end();
    }
    expect(await night()).toEqual([]);
    expect(Object.keys(await lying('202612'))).toEqual([SPACE]);
  });
});
