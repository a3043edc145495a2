import fc from 'fast-check';
import { uuidAt } from '../../../src/kernel/ids.js';
import type { Queryable } from '../../../src/platform/database/database.js';
import { sql } from '../../../src/platform/database/sql.js';
import { FunnelQueries } from '../../../src/reports/funnel.queries.js';
import { RollupsCommands } from '../../../src/reports/rollups.commands.js';
import { SessionQueries } from '../../../src/staff/login/session.queries.js';
import type { CurrentUser } from '../../../src/staff/staff.types.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { smallWorld } from './small-world.js';

/** The how-manieth customer, the campaign, what came of it, minutes since the 20th at 8:00. */
type Call = [customer: number, campaign: string, minute: number, outcome?: string, ordinal?: number];
const DAY = 24 * 60;
const START = new Date('2026-11-20T08:00:00+08:00').getTime();

describe('CAM-7 a change costs what it changes, and the counts stay those of the rows', () => {
  let test: TestApp;
  let rollups: RollupsCommands;
  let everybody: CurrentUser;

  /** All in one statement, as a file of a day's calls comes. */
  const call = (calls: readonly Call[], db: Queryable = test.db): Promise<unknown> => {
    const rows = calls.map(([customer, campaign, minute, outcome = 'reached', ordinal = 1]) => {
      const at = new Date(START + minute * 60_000);
      return { id: uuidAt(at), customer, campaign, at: at.toISOString(), outcome, ordinal };
    });
    return db.run(sql`
      with k as materialized (
        select r.*, l.id as line_id, l.customer_id, l.number
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) r(id uuid, customer int, campaign text, at timestamptz, outcome text, ordinal int)
        join (select l.*, row_number() over (order by id) as nth from customers.line l) l on l.nth = r.customer),
      t as (insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
        select id, true, 'history', customer_id, number, 'call', 'marketing', 'test', at from k)
      insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_seconds, talk_source, created_at)
      select k.id, c.id, k.customer_id, k.line_id, m.id, k.id, k.ordinal, k.at, k.outcome, 'agent', 20, 'self', k.at
      from k join campaigns.campaign c on c.code = k.campaign join staff.app_user m on m.username = 'm01'`);
  };
  const nth = (n: number) => sql`(select id from calls.attempt order by id offset ${n} % (select count(*) from calls.attempt) limit 1)`;
  const last = sql`(select id from calls.attempt order by id desc limit 1)`;
  const drop = (id: ReturnType<typeof sql>): Promise<unknown> =>
    test.db.run(sql`delete from calls.attempt a where id = ${id} and not exists (select from calls.sales_order s where s.attempt_id = a.id)`);
  const correct = (id: ReturnType<typeof sql>, outcome: string): Promise<unknown> =>
    test.db.run(sql`update calls.attempt set outcome = ${outcome} where id = ${id}`);

  /** Kept counts, table for table, that differ from a count of the rows. */
  const wrong = async (): Promise<number> => (await test.db.one<{ n: number }>(sql`select reports.correct_rollups()::int as n`)).n;
  const expectSame = async (): Promise<void> => {
    const funnels = test.app.get(FunnelQueries, { strict: false });
    for (const filter of [{}, { campaign: 'spring' }, { from: '2026-11-21', to: '2026-11-23' }])
      expect((await funnels.funnel(everybody, 'day', filter)).total).toEqual(
        (await funnels.funnel(everybody, 'day', { ...filter, distinct: true })).total,
      );
  };
  /** Read with the change still open, then settled. */
  const expectKept = async (): Promise<void> => {
    await expectSame();
    await rollups.settle();
    expect(await wrong()).toBe(0);
    await expectSame();
  };

  beforeAll(async () => {
    test = await createTestApp();
    await smallWorld(test);
    await test.db.run(sql`insert into campaigns.campaign (code, name, kind, state, starts_on, org_unit_id, created_at, updated_at)
      select 'autumn', '秋季', 'marketing', 'running', '2026-11-01', org_unit_id, created_at, updated_at from campaigns.campaign where code = 'spring'`);
    rollups = test.app.get(RollupsCommands, { strict: false });
    const { id } = await test.db.one<{ id: string }>(sql`select id from staff.app_user where username = 'admin'`);
    const found = await test.app.get(SessionQueries, { strict: false }).bySession(id);
    if (!found) throw new Error('there is no admin');
    everybody = found;
    await rollups.settle();
  });
  afterAll(() => test.close());

  it('notes each call with the campaign it was made for, so that the customer’s other calls are not counted again', async () => {
    await call([
      [1, 'autumn', 9 * DAY],
      [1, 'autumn', 9 * DAY + 1, 'no_answer', 2],
    ]);
    const noted = sql`
      select p.code, a.ordinal from reports.customer_change d join campaigns.campaign p on p.id = d.campaign_id join calls.attempt a on a.id = d.attempt_id order by a.id`;
    expect(await test.db.rows(noted)).toEqual([
      { code: 'autumn', ordinal: 1 },
      { code: 'autumn', ordinal: 2 },
    ]);
    await expectKept();
  });

  it('counts a call once that went to another campaign, its two notes settled in different rounds', async () => {
    const moved = sql`id = (select id from calls.attempt order by id desc limit 1)`;
    await call([[5, 'spring', 8 * DAY]]);
    await rollups.settle();
    await test.db.run(sql`update calls.attempt set campaign_id = (select id from campaigns.campaign where code = 'autumn') where ${moved}`);
    const left = sql`campaign_id = (select id from campaigns.campaign where code = 'spring')`;
    await test.db.run(sql`create table later as select * from reports.customer_change where ${left}`);
    await test.db.run(sql`delete from reports.customer_change where ${left}`);
    await rollups.settle();
    await test.db.run(sql`insert into reports.customer_change select * from later`);
    await expectKept();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a call later than all others', () => call([[2, 'spring', 10 * DAY, 'converted']])],
    ['a call on the day of the last', () => call([[2, 'autumn', 10 * DAY + 5, 'no_answer']])],
    ['a call before all others', () => call([[2, 'spring', -3 * DAY, 'reached']])],
    ['a call between two others, for another campaign', () => call([[3, 'autumn', 2 * DAY, 'converted']])],
    [
      'two calls of one customer at the same instant',
      () =>
        call([
          [4, 'spring', 11 * DAY],
          [4, 'autumn', 11 * DAY, 'refused'],
        ]),
    ],
    [
      'the same twice, to the second',
      () =>
        call([
          [4, 'spring', 11 * DAY],
          [4, 'spring', 11 * DAY],
        ]),
    ],
    [
      'first and second dial in one statement',
      () =>
        call([
          [1, 'autumn', 12 * DAY, 'no_answer'],
          [1, 'autumn', 12 * DAY + 90, 'converted', 2],
        ]),
    ],
    ['a second dial that recovers an earlier task, days after', () => call([[1, 'autumn', 20 * DAY, 'reached', 2]])],
    [
      'calls of several customers, early and late, in one statement',
      () =>
        call([
          [1, 'spring', 30 * DAY],
          [2, 'spring', DAY],
          [3, 'autumn', 30 * DAY],
          [3, 'spring', 0],
        ]),
    ],
    ['a correction of the last call', () => correct(last, 'no_answer')],
    ['a correction of the first call', () => correct(nth(0), 'converted')],
    ['a call taken back from the middle', () => drop(nth(6))],
    ['the last call taken back', () => drop(last)],
    [
      'a customer’s every call for one campaign taken back',
      () =>
        test.db.run(
          sql`delete from calls.attempt where campaign_id = (select id from campaigns.campaign where code = 'autumn') and customer_id = (select customer_id from customers.line order by id offset 2 limit 1)`,
        ),
    ],
    [
      'an order won and lost',
      () =>
        test.db.run(
          sql`insert into calls.sales_order (attempt_id, campaign_id, customer_id, state, opened_at) select id, campaign_id, customer_id, 'succeeded', started_at from calls.attempt where id = ${last}`,
        ),
    ],
    [
      'a call given to another customer and campaign',
      () =>
        test.db.run(
          sql`update calls.attempt set customer_id = (select min(customer_id) from customers.line), campaign_id = (select id from campaigns.campaign where code = 'autumn') where id = ${nth(3)}`,
        ),
    ],
  ])('is right after %s', async (_what, deed) => {
    await deed();
    await expectKept();
  });

  it('is right when a customer moves between two calls, and as a whole once the move is noted', async () => {
    await call([
      [1, 'spring', 40 * DAY],
      [1, 'autumn', 40 * DAY],
    ]);
    await test.db.run(sql`update customers.customer set star_level = 7, city = '江宁市' where id = (select min(customer_id) from customers.line)`);
    await expectKept();
    // the call is settled before the move is: what is kept of the customer stays under one star
    await test.db.tx(async (tx) => {
      await tx.run(sql`alter table customers.customer disable trigger user`);
      await tx.run(sql`update customers.customer set star_level = 1 where id = (select min(customer_id) from customers.line)`);
      await tx.run(sql`alter table customers.customer enable trigger user`);
    });
    await call([[1, 'spring', 41 * DAY]]);
    await rollups.settle();
    expect(await wrong()).toBe(1);
    await expectKept();
  });

  it('finds a wrong count beside a change that is noted for another campaign', async () => {
    await test.db.run(sql`update reports.customer_calls set calls = calls[2:] where customer_id = (select min(customer_id) from customers.line)`);
    await call([[1, 'autumn', 42 * DAY]]);
    await wrong();
    await expectKept();
  });

  it('makes all from the calls when nothing is kept', async () => {
    await test.db.run(sql`truncate reports.customer_calls, reports.customer_change, reports.funnel_day, reports.funnel_trait, reports.funnel_people`);
    expect(await wrong()).toBeGreaterThan(0);
    await expectKept();
  });

  it('is right for any order of late calls, corrections and calls taken back, settled now and then', async () => {
    const deed = fc.oneof(
      fc
        .array(
          fc.tuple(
            fc.integer({ min: 1, max: 4 }),
            fc.constantFrom('spring', 'autumn'),
            fc.integer({ min: 0, max: 6 * DAY }),
            fc.constantFrom('reached', 'no_answer', 'converted'),
            fc.integer({ min: 1, max: 2 }),
          ),
          { minLength: 1, maxLength: 4 },
        )
        .map((calls) => () => call(calls)),
      fc.tuple(fc.nat(60), fc.constantFrom('reached', 'no_answer', 'converted')).map(
        ([n, outcome]) =>
          () =>
            correct(nth(n), outcome),
      ),
      fc.nat(60).map((n) => () => drop(nth(n))),
      fc.constant(() => rollups.settle()),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 4, maxLength: 12 }), async (deeds) => {
        for (const one of deeds) await one();
        await expectKept();
      }),
      { numRuns: 8 },
    );
  });

  it('is right when several write for one customer while it is settled', async () => {
    const writers = [0, 1, 2].map(async (writer) => {
      for (let n = 0; n < 15; n++)
        await test.db.tx(async (tx) => {
          await call([[1, writer % 2 ? 'spring' : 'autumn', ((n * 37 + writer) % 9) * DAY + n]], tx);
          if (n % 3 === writer) await tx.run(sql`update calls.attempt set outcome = 'no_answer' where id = ${nth(n)}`);
        });
    });
    let writing = true;
    const settler = (async () => {
      const seen: number[] = [];
      do {
        await rollups.settle();
        seen.push(await wrong());
      } while (writing);
      return seen;
    })();
    await Promise.all(writers).finally(() => (writing = false));
    expect((await settler).filter((n) => n !== 0)).toEqual([]);
    await expectKept();
  });
});
