import pg from 'pg';
import { Database } from '../../src/platform/database/database.js';
import { Reading, reads } from '../../src/platform/database/reading.js';
import { ReportsDatabase } from '../../src/platform/database/reports-database.js';
import { sql } from '../../src/platform/database/sql.js';
import { CallCentre } from '../e2e/calls/call-centre.js';
import { drainJobs, tickSchedules } from '../support/drain-jobs.js';
import { type ApiClient, clientOf } from '../support/house.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

const PEOPLE = 12;

let test: TestApp;
let centre: CallCentre;
let admin: ApiClient;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
  admin = await centre.house('admin');
});
afterAll(() => test.close());

describe('SYS-5 every connection to the database is taken', () => {
  let taken: pg.PoolClient[] = [];
  const giveBack = (): void => taken.splice(0).forEach((client) => client.release());
  beforeEach(async () => {
    taken = await Promise.all(Array.from({ length: test.db.pool.options.max }, () => test.db.pool.connect()));
  });
  afterEach(giveBack);

  it('readiness says so, a request waits, and both recover by themselves', async () => {
    const asked = admin.get('/outcomes');
    const full = await test.http.get('/health/ready');
    expect([full.status, full.body]).toEqual([503, { status: 'unavailable', checks: { database: false, jobs: false } }]);
    expect((await test.http.get('/health/live')).status).toBe(200);
    giveBack();
    expect((await asked).status).toBe(200);
    expect((await test.http.get('/health/ready')).status).toBe(200);
  });

  it('whoever waits too long is told to come again, and nothing of the request was done', async () => {
    const { options } = test.db.pool;
    const patience = options.connectionTimeoutMillis;
    options.connectionTimeoutMillis = 20;
    const refused = await admin.post('/org-units', { code: 'late', name: '来迟', kind: 'city' });
    options.connectionTimeoutMillis = patience;
    expect([refused.status, refused.body]).toMatchObject([
      503,
      { error: { code: 'busy', message: expect.stringContaining('请稍候再试') as string } },
    ]);
    giveBack();
    expect(await test.db.rows(sql`select 1 from staff.org_unit where code = 'late'`)).toEqual([]);
  });
});

describe('SYS-5 nobody needs the connections for a while', () => {
  /** pg's own ten seconds are shorter than a look at a page: whoever clicks then would wait for new connections that plan every statement anew. */
  it('they stay open for a quarter of an hour, and no firewall on the way forgets them', () => {
    expect(test.db.pool.options).toMatchObject({ idleTimeoutMillis: 900_000, keepAlive: true });
  });
});

describe('SYS-4 the clock jumps ahead and is set back', () => {
  /** Three days on: a year or an hour would do as well. */
  const AHEAD = '2026-11-27T10:00';
  const BACK = '2026-11-24T10:05';
  const LATER = '2026-11-24T10:20';
  const texted = (): Promise<{ number: string; n: number }[]> =>
    test.db.rows(sql`select number, count(*)::int as n from messaging.simulator_inbox group by 1`);

  async function blast(code: string): Promise<void> {
    await test.db.run(sql`
      with made as (
        insert into segments.segment (code, name, members, org_unit_id, created_at, updated_at)
        select ${code}, ${code}, ${PEOPLE}, id, '2026-01-01', '2026-01-01' from staff.org_unit where parent_id is null returning id)
      insert into segments.member (segment_id, line_id, customer_id, added_at)
      select made.id, l.id, l.customer_id, '2026-01-01' from made, customers.line l`);
    for (const path of ['', `/${code}/start`]) {
      const answer = await admin.post(`/sms/blasts${path}`, path ? {} : { code, template: 'roaming-return', segment: code, gateway: 'simulator' });
      if (answer.status >= 300) throw new Error(answer.text);
    }
  }
  const runs = (job: string): Promise<{ n: number }> => test.db.one(sql`select count(*)::int as n from platform.outbox where job = ${job}`);

  beforeAll(async () => {
    await centre.clear();
    await centre.customers(
      'm01',
      Array.from({ length: PEOPLE }, () => 5),
    );
    await centre.campaign('c1');
    await tickSchedules(test.app);
  });

  it('no text goes twice, no blast stands still, no customer stays taken', async () => {
    await centre.moveTo(AHEAD);
    await centre.take('m01');
    await blast('ahead'); // its first job is left three days ahead
    await centre.moveTo(BACK);
    await tickSchedules(test.app);
    expect((await centre.tasks('m01')).filter(({ state }) => state === 'claimed')).toEqual([]);
    await centre.moveTo(LATER);
    await tickSchedules(test.app);
    expect(await texted()).toHaveLength(PEOPLE);
    await centre.moveTo(AHEAD);
    await tickSchedules(test.app);
    expect((await texted()).filter(({ n }) => n !== 1)).toEqual([]);
    expect((await admin.get('/sms/blasts/ahead')).body).toMatchObject({ state: 'done', counts: { delivered: PEOPLE } });
  });

  it('a slot of a schedule that has been does not come again', async () => {
    await centre.moveTo(LATER);
    await test.db.run(sql`truncate platform.outbox`);
    const slots = await test.db.rows(sql`select 1 from platform.schedule_run where name = 'care.daily-plan'`);
    expect(slots).toHaveLength(2); // Tuesday's, and Friday's of the days ahead
    await tickSchedules(test.app);
    expect(await runs('care.daily-plan')).toEqual({ n: 0 });
    expect(await test.db.rows(sql`select 1 from platform.schedule_run where name = 'care.daily-plan'`)).toHaveLength(2);
  });

  it('a job that failed while the clock ran ahead is tried again now', async () => {
    await test.db.run(sql`
      insert into platform.outbox (job, payload, run_at, attempts, last_error, created_at)
      values ('messaging.apply-receipts', '{}', '2026-11-27T10:10+08:00', 2, 'not now', '2026-11-24T09:00+08:00')`);
    await test.db.run(sql`
      insert into platform.outbox (job, payload, run_at, created_at)
      values ('messaging.settle-doubts', '{"gateway":"simulator"}', '2026-11-24T15:00+08:00', '2026-11-24T09:00+08:00')`); // meant for later: stays
    await centre.moveTo('2026-11-24T10:21');
    const { done } = await tickSchedules(test.app);
    expect(done).toContain('messaging.apply-receipts');
    expect(await runs('messaging.settle-doubts')).toEqual({ n: 1 });
    await drainJobs(test.app);
  });
});

describe('SYS-4 reports are read from a replica', () => {
  let copy: TestDatabase;
  let outside: pg.Client;
  let beside: TestApp;
  const path = '/reports/funnel?by=day&from=2026-11-20&to=2026-11-20';
  const attempts = async (): Promise<unknown> =>
    ((await clientOf(beside, admin.token).get(path)).body as { total: { attempts: number } }).total.attempts;
  /** The copying was there so many seconds ago. */
  const copiedBefore = (seconds: number): Promise<unknown> =>
    outside.query(
      `insert into platform.schedule_run (name, slot, fired_at) values ('reports.settle-rollups', '2026-11-24', now() - make_interval(secs => $1))
       on conflict (name, slot) do update set fired_at = excluded.fired_at`,
      [seconds],
    );
  /** As five seconds later: the process looks anew. */
  const lookAnew = (): void => {
    Object.assign(beside.app.get(ReportsDatabase, { strict: false })['replica'] ?? {}, { looked: -Infinity });
  };

  beforeAll(async () => {
    copy = await createTestDatabase();
    outside = new pg.Client({ connectionString: copy.url });
    await outside.connect();
    // seven calls that the primary knows nothing of, so that it shows who answers
    await outside.query(
      `insert into reports.funnel_trait (trait, key, campaign_id, unit_id, day, attempts) values ('hour', '10', 0, 0, '2026-11-20', 7)`,
    );
    await copiedBefore(20);
    await centre.moveTo('2026-11-24T10:30');
    beside = await createTestApp({ beside: test, config: { reportsDatabaseUrl: copy.url, logLevel: 'silent' } });
    beside.clock.set(test.clock.now());
  });
  afterAll(async () => {
    await beside.close();
    await outside.end(); // once more, should a test have failed before
    await copy.drop();
  });

  it('that keeps up, and it is only read', async () => {
    expect(await attempts()).toBe(7);
    expect(((await admin.get(path)).body as { total: { attempts: number } }).total.attempts).toBe(0); // the process without a replica
    await expect(beside.app.get(ReportsDatabase, { strict: false })['replica']?.pool.query('delete from reports.funnel_trait')).rejects.toThrow(
      'read-only',
    );
  });

  it('also after who asked it went away', async () => {
    const reports = beside.app.get(ReportsDatabase, { strict: false });
    const reading = new Reading();
    const asked = reads(reading, () => reports.rows(sql`select pg_sleep(60)`));
    const sleeping = `select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
    await until('the replica works', async () => (await outside.query(sleeping)).rowCount === 1);
    reading.left();
    await expect(asked).rejects.toMatchObject({ code: 'reader_left' });
    expect((await outside.query(sleeping)).rowCount).toBe(0);
    expect(await attempts()).toBe(7);
  });

  it('but from the primary while it is behind', async () => {
    await copiedBefore(600);
    lookAnew();
    expect(await attempts()).toBe(0);
    await copiedBefore(1);
    lookAnew();
    expect(await attempts()).toBe(7);
  });

  it('and from the primary when it goes down, files too', async () => {
    await outside.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'starcare-reports'`,
    );
    expect(await attempts()).not.toBeUndefined();
    await outside.end();
    await copy.drop();
    lookAnew();
    expect(await attempts()).toBe(0);
    const rows = beside.app.get(ReportsDatabase, { strict: false }).stream<{ name: string }>(sql`select current_database()::text as name`);
    const { name } = await beside.app.get(Database, { strict: false }).one<{ name: string }>(sql`select current_database()::text as name`);
    expect((await rows.next()).value).toEqual({ name });
    await rows.return(undefined);
  });
});
