import { Reading, reads, takesLonger, whoeverWaits } from '../../src/platform/database/reading.js';
import { sql } from '../../src/platform/database/sql.js';
import { type ApiClient, callAs } from '../support/house.js';
import { Obstacle } from '../support/obstacle.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { until } from '../support/until.js';
import { logIn, type PageVisitor } from '../support/visitor.js';

const LIMIT_MS = 2500;

describe('SYS-5 a request, and who waits for its answer', () => {
  let test: TestApp;
  let admin: ApiClient;
  let page: PageVisitor;
  let obstacle: Obstacle | undefined;

  beforeAll(async () => {
    test = await createTestApp({ readingLimitMs: LIMIT_MS });
    admin = await callAs(test, 'admin');
    page = await logIn(test, 'admin');
  });
  afterEach(async () => {
    await obstacle?.away();
    obstacle = undefined;
  });
  afterAll(() => test.close());

  it('stops what it works out for nobody', async () => {
    obstacle = await Obstacle.on(test, 'segments.segment', 'access exclusive');
    await obstacle.leave(page.agent.get('/segments').set('accept', 'text/html'));
    await until('nothing waits', async () => (await obstacle?.waiting()) === 0, LIMIT_MS - 1000);
    await until('every connection is back', () => test.db.pool.idleCount === test.db.pool.totalCount);
  });

  it('stops within a transaction alike, asks nothing more, and leaves the connection fit', async () => {
    const reading = new Reading();
    const work = reads(reading, () => test.db.tx((tx) => tx.rows(sql`select pg_sleep(60)`)));
    await until('it works', async () => (await test.db.rows(sql`select 1 from pg_stat_activity where wait_event = 'PgSleep'`)).length === 1);
    reading.left();
    await expect(work).rejects.toMatchObject({ code: 'reader_left' });
    await expect(reads(reading, () => test.db.rows(sql`select 1`))).rejects.toMatchObject({ code: 'reader_left' });
    expect(await reads(reading, () => whoeverWaits(() => test.db.one(sql`select 1 as one`)))).toEqual({ one: 1 });
    expect(test.db.pool.idleCount).toBe(test.db.pool.totalCount);
    expect(await Promise.all([1, 2, 3].map((n) => test.db.one(sql`select ${n}::int as n`)))).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('fails nobody who is looked up together with somebody who left', async () => {
    obstacle = await Obstacle.on(test, 'staff.api_token', 'access exclusive');
    const bearer = `Bearer ${admin.token}`;
    const leaves = test.http.get('/api/v1/outcomes').set('authorization', bearer);
    const left = obstacle.leave(leaves);
    const stays = test.http.post('/api/v1/org-units').set('authorization', bearer).send({ code: 'beside', name: '旁城', kind: 'city' });
    const [{ status }] = await Promise.all([stays, left.then(() => obstacle?.away())]);
    expect(status).toBe(201);
  });

  it('tells who has waited too long what to do, and stops', async () => {
    obstacle = await Obstacle.on(test, 'segments.segment', 'access exclusive');
    const answer = await page.get('/segments');
    expect([answer.status, answer.text]).toEqual([503, expect.stringContaining('请缩小时间范围') as string]);
    expect(await obstacle.waiting()).toBe(0);
    await obstacle.away();
    expect((await page.get('/segments')).status).toBe(200);
  });

  it('waits longer for the trial of a whole audience', async () => {
    const work = (longer: boolean): Promise<unknown> =>
      reads(new Reading(50), () => {
        if (longer) takesLonger();
        return test.db.rows(sql`select pg_sleep(0.2)`);
      });
    await expect(work(false)).rejects.toMatchObject({ code: 'too_long', params: { seconds: 0.05 } });
    expect(await work(true)).toHaveLength(1);
  });

  it('ends what changes something, however long it takes and whoever went away', async () => {
    obstacle = await Obstacle.on(test, 'staff.org_unit', 'share');
    const unit = { code: 'slow', name: '慢城', kind: 'city' };
    await obstacle.leave(test.http.post('/api/v1/org-units').set('authorization', `Bearer ${admin.token}`).send(unit));
    await new Promise((resolve) => setTimeout(resolve, LIMIT_MS + 200));
    expect(await obstacle.waiting()).toBe(1);
    await obstacle.away();
    await until('it is saved', async () => (await test.db.maybe(sql`select 1 from staff.org_unit where code = 'slow'`)) !== undefined);
  });

  it('a connection that breaks while a list is read fails that list alone', async () => {
    const list = test.db.stream<{ pid: number }>(sql`select pg_backend_pid() as pid from generate_series(1, 100)`, 10);
    const pid = (await list.next()).value?.pid as number;
    await test.db.run(sql`select pg_terminate_backend(${pid})`);
    await until('it is broken', async () => !(await test.db.maybe(sql`select 1 from pg_stat_activity where pid = ${pid}`)));
    const rest = async (): Promise<void> => {
      for await (const row of list) void row;
    };
    await expect(rest()).rejects.toThrow();
    expect(await test.db.maybe(sql`select 1 as one`)).toEqual({ one: 1 });
  });
});
