import fc from 'fast-check';
import { uuidAt } from '../../../src/kernel/ids.js';
import { CUTS } from '../../../src/reports/funnel.types.js';
import { RollupsCommands } from '../../../src/reports/rollups.commands.js';
import { rollupOf } from '../../../src/reports/funnel-statements.js';
import { FunnelQueries } from '../../../src/reports/funnel.queries.js';
import { COUNTS } from '../../../src/reports/catalogue.js';
import { sql } from '../../../src/platform/database/sql.js';
import { SessionQueries } from '../../../src/staff/login/session.queries.js';
import type { CurrentUser } from '../../../src/staff/staff.types.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { smallWorld } from './small-world.js';

type Deed = {
  kind: 'call' | 'correct' | 'order' | 'settle' | 'takeBack' | 'move' | 'drop' | 'tryScripts' | 'transfer' | 'merge';
  nth: number;
  outcome: string;
  talk: number;
  minute: number;
};

const PERIODS = [
  {},
  { campaign: 'spring' },
  { from: '2026-11-21', to: '2026-11-22' },
  { campaign: 'spring', to: '2026-11-22' },
  { from: '2026-11-23' },
];
const OUTCOMES = ['converted', 'no_answer', 'refused', 'cut_off', 'reached'];
const START = new Date('2026-11-20T08:00:00+08:00').getTime();
const deed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom<Deed['kind']>('call', 'call', 'correct', 'order', 'settle', 'takeBack', 'move', 'drop', 'tryScripts', 'transfer', 'merge'),
  nth: fc.nat(40),
  outcome: fc.constantFrom(...OUTCOMES),
  talk: fc.constantFrom(0, 17, 18, 200),
  minute: fc.nat(4 * 24 * 60),
});

describe('CAM-7 the rolled-up counts are the count of the rows', () => {
  let test: TestApp;
  let rollups: RollupsCommands;
  let people: CurrentUser[];

  const user = async (username: string): Promise<CurrentUser> => {
    const { id } = await test.db.one<{ id: string }>(sql`select id from staff.app_user where username = ${username}`);
    const found = await test.app.get(SessionQueries, { strict: false }).bySession(id);
    if (!found) throw new Error(`nobody is called ${username}`);
    return found;
  };

  const call = (one: Deed): Promise<unknown> => {
    const at = new Date(START + one.minute * 60_000);
    const [id, touch] = [uuidAt(at), uuidAt(at)];
    return test.db.run(sql`
      with l as (select id, customer_id, number from customers.line order by id offset ${one.nth % 4} limit 1),
      t as (insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
        select ${touch}, true, 'history', l.customer_id, l.number, 'call', 'marketing', 'test', ${at} from l returning id)
      insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_seconds, talk_source, created_at, channel)
      select ${id}, c.id, l.customer_id, l.id, m.id, t.id, ${1 + (one.nth % 2)}, ${at}, ${one.outcome}, 'agent', ${one.talk}, 'self', ${at},
             ${one.nth % 5 === 4 ? 'inbound' : 'call'}
      from l, t, campaigns.campaign c, staff.app_user m where c.code = 'spring' and m.username = ${one.nth % 3 ? 'm01' : 'm02'}`);
  };
  const nthCall = (n: number) => sql`(select id from calls.attempt order by id offset ${n} % (select count(*) from calls.attempt) limit 1)`;
  const run = (one: Deed): Promise<unknown> => {
    if (one.kind === 'call') return call(one);
    if (one.kind === 'settle') return rollups.settle();
    if (one.kind === 'correct')
      return test.db.run(sql`update calls.attempt set outcome = ${one.outcome}, talk_seconds = ${one.talk} where id = ${nthCall(one.nth)}`);
    if (one.kind === 'move')
      return test.db.run(sql`update customers.customer set star_level = ${one.nth % 8}, city = ${one.nth % 3 ? '金陵市' : null}
        where id = (select customer_id from customers.line order by id offset ${one.nth % 4} limit 1)`);
    if (one.kind === 'merge')
      return test.db.run(sql`
        update calls.attempt set customer_id = (select customer_id from customers.line order by id offset ${(one.nth + 1) % 4} limit 1)
        where customer_id = (select customer_id from customers.line order by id offset ${one.nth % 4} limit 1)`);
    if (one.kind === 'transfer')
      return test.db.run(sql`
        update staff.app_user set org_unit_id = (select id from staff.org_unit where code = ${one.nth % 2 ? 'east-1' : 'west-1'}) where username = 'm02'`);
    if (one.kind === 'tryScripts')
      return test.db.run(
        sql`update campaigns.campaign set variants = ${JSON.stringify([{ name: 'B', percent: one.nth + 10, script: {} }])}::jsonb where code = 'spring'`,
      );
    if (one.kind === 'drop')
      return test.db.run(
        sql`delete from calls.attempt where id = ${nthCall(one.nth)} and not exists (select from calls.sales_order s where s.attempt_id = attempt.id)`,
      );
    if (one.kind === 'takeBack') return test.db.run(sql`delete from calls.sales_order where attempt_id = ${nthCall(one.nth)}`);
    const state = ['open', 'succeeded', 'failed', 'expired'][one.nth % 4];
    return test.db.run(sql`
      insert into calls.sales_order (attempt_id, campaign_id, customer_id, state, opened_at)
      select id, campaign_id, customer_id, ${state}, started_at from calls.attempt where id = ${nthCall(one.nth)}
      on conflict (attempt_id) do update set state = excluded.state`);
  };

  /** How many cells of the rolled-up counts and their changes differ from a count of the rows at one instant; they are set right by the asking. */
  const differences = () =>
    test.db.tx(async (tx) => {
      const { n } = await tx.one<{ n: number }>(sql`select reports.correct_rollups()::int as n`);
      return n;
    });
  const expectSame = async (): Promise<void> => {
    const funnels = test.app.get(FunnelQueries, { strict: false });
    for (const who of people) {
      for (const cut of CUTS.filter((each) => rollupOf(each, true))) {
        for (const filter of PERIODS.filter((_period, n) => n === 0 || (n + CUTS.indexOf(cut)) % 2 === 0)) {
          const [kept, counted] = [await funnels.funnel(who, cut, filter), await funnels.funnel(who, cut, { ...filter, distinct: true })];
          const additive = COUNTS.filter(({ distinct }) => !distinct).map(({ key }) => key);
          const figures = (rows: typeof kept.rows) => rows.map((row) => [row.key, row.label, ...additive.map((key) => row[key])]);
          expect(figures(kept.rows)).toEqual(figures(counted.rows));
          expect(kept.total).toEqual(counted.total);
        }
      }
    }
  };

  beforeAll(async () => {
    test = await createTestApp();
    await smallWorld(test);
    rollups = test.app.get(RollupsCommands, { strict: false });
    people = [await user('admin'), await user('supervisor-e'), await user('m01'), await user('planner-w')];
    await rollups.settle(); // a correction before the first settling builds all from nothing, and says so of every cell
  });
  afterAll(() => test.close());

  it('keeps every cut for who sees everybody, and manager, team and day for all', () => {
    expect(CUTS.filter((cut) => rollupOf(cut, false))).toEqual(['manager', 'team', 'day']);
    expect(CUTS.filter((cut) => rollupOf(cut, true))).toEqual([...CUTS]);
  });

  it('says the same for every reader, cut and period after calls, corrections, late orders and orders taken back, settled or not', async () => {
    await expectSame();
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 25 }), async (deeds) => {
        for (const one of deeds) await run(one);
        await expectSame();
        expect(await differences()).toBe(0);
      }),
      { numRuns: 3 },
    );
  });

  it('is right at every instant while several write and the changes are settled', async () => {
    let writing = true;
    const writers = [0, 1, 2, 3].map(async (writer) => {
      for (let n = 0; n < 40; n++) {
        const kind = (['call', 'correct', 'order', 'move', 'transfer', 'call'] as const)[(n + writer) % 6] ?? 'call';
        await run({
          kind,
          nth: n * 7 + writer,
          outcome: OUTCOMES[(n + writer) % 5] ?? 'reached',
          talk: n % 40,
          minute: (n * 97 + writer * 31) % 5760,
        });
      }
    });
    const reader = (async () => {
      const seen: number[] = [];
      while (writing) seen.push(await differences());
      return seen;
    })();
    const settler = (async () => {
      while (writing) await rollups.settle();
    })();
    await Promise.all(writers).finally(() => (writing = false));
    await settler;
    const seen = await reader;
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((n) => n !== 0)).toEqual([]);
    await expectSame();
  });

  it('SYS-1 shows who may see a part of the organisation what is kept of that unit, and moves with its people and its place', async () => {
    await rollups.settle();
    const funnels = test.app.get(FunnelQueries, { strict: false });
    const attempts = async (who: string): Promise<number | null> => (await funnels.funnel(await user(who), 'star', {})).total.attempts;
    const counted = async (who: string): Promise<number | null> => (await funnels.funnel(await user(who), 'star', { distinct: true })).total.attempts;
    const before = [await attempts('supervisor-e'), await attempts('planner-w')];
    await test.db.run(sql`
      update reports.funnel_trait set attempts = attempts + 100 where trait = 'star' and unit_id = (select id from staff.org_unit where code = 'east')
        and (day, key) = (select day, key from reports.funnel_trait where trait = 'star' and unit_id = (select id from staff.org_unit where code = 'east') limit 1)`);
    expect([await attempts('supervisor-e'), await attempts('planner-w')]).toEqual([(before[0] ?? 0) + 100, before[1]]);
    expect(await differences()).toBe(1);
    await test.db.run(sql`update staff.app_user set org_unit_id = (select id from staff.org_unit where code = 'west-1') where username = 'm01'`);
    for (const who of ['supervisor-e', 'planner-w', 'admin']) expect(await attempts(who)).toBe(await counted(who));
    expect(await attempts('planner-w')).toBeGreaterThan(before[1] ?? 0);
    const [east, west] = [await user('supervisor-e'), await user('planner-w')];
    await test.db.run(sql`update staff.org_unit set path = ${east.orgPath} || id || '/' where code = 'west-1'`);
    for (const who of ['supervisor-e', 'planner-w']) expect(await attempts(who)).toBe(await counted(who));
    await test.db.run(sql`update staff.org_unit set path = ${west.orgPath} || id || '/' where code = 'west-1'`);
    await test.db.run(
      sql`update staff.app_user set org_unit_id = (select id from staff.org_unit where code = 'east-1') where username in ('m01', 'm02')`,
    );
    expect(await differences()).toBe(0);
  });

  it('takes back what a transaction that failed had added', async () => {
    const attempts = async () => (await test.db.one<{ n: string }>(sql`select sum(attempts) as n from reporting.funnel_day`)).n;
    const before = await attempts();
    await expect(
      test.db.tx(async (tx) => {
        await tx.run(sql`update calls.attempt set outcome = 'no_answer'`);
        throw new Error('lost');
      }),
    ).rejects.toThrow('lost');
    expect(await attempts()).toBe(before);
    expect(await differences()).toBe(0);
  });

  it('settles into all tables and leaves no change behind', async () => {
    await call({ kind: 'call', nth: 1, outcome: 'reached', talk: 20, minute: 1 });
    expect(await rollups.settle()).toBeGreaterThan(0);
    expect(await rollups.settle()).toBe(0);
    await expectSame();
  });

  it('does not make a reader read around a whole file: who looks first settles for all', async () => {
    await call({ kind: 'call', nth: 1, outcome: 'reached', talk: 20, minute: 2 });
    await test.db.run(sql`insert into reports.customer_change select customer_id from reports.customer_change, generate_series(1, 400)`);
    const unsettled = async (): Promise<number> => (await test.db.one<{ n: number }>(sql`select count(*)::int as n from reports.customer_change`)).n;
    expect(await unsettled()).toBeGreaterThan(400);
    await expectSame();
    expect(await unsettled()).toBe(0);
  });

  it('is set right by the correction when somebody has damaged it, each table on its own', async () => {
    await rollups.settle();
    await test.db.run(sql`update reports.funnel_trait set connected = connected + 3 where trait = 'hour'`);
    await test.db.run(sql`update reports.funnel_people set reached = reached + 1 where attempted > 0`);
    await test.db.run(sql`update reports.funnel_trait set converted = converted + 1 where trait = 'star'`);
    await test.db.run(sql`delete from reports.customer_calls where customer_id = (select max(customer_id) from calls.attempt)`);
    await test.db.run(sql`delete from reports.funnel_day where manager_id = (select id from staff.app_user where username = 'm02')`);
    expect(await differences()).toBeGreaterThan(1);
    expect(await differences()).toBe(0);
    await expectSame();
    await rollups.settle();
    await expectSame();
  });
});
