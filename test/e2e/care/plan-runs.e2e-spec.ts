import { PlanPace, PlanRunner } from '../../../src/care/planning/plan-runner.commands.js';
import type { Tx } from '../../../src/platform/database/database.js';
import { countBlankTables } from '../../../src/platform/database/statistics.js';
import { rawSql, sql } from '../../../src/platform/database/sql.js';
import { createTestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { goodByeAt } from '../../support/good-bye.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { CareWorld, contacted, person, type Person, roamed } from './care-world.js';

const TODAY = '2026-11-24';

interface Refusal {
  error: { code: string; param: string };
}

it('CAR-11 tables that were counted while a first plan was being written are counted anew before the next one reads them', async () => {
  const test = await createTestApp();
  await test.db.run(rawSql('create table public.filled (id bigint)'));
  await test.db.tx(async (tx) => {
    await tx.run(sql`insert into public.filled select generate_series(1, 2000)`);
    await test.db.run(rawSql('analyze public.filled')); // by another connection, which sees pages and no rows
  });
  expect(await countBlankTables(test.db, ['public.filled', 'care.due'])).toEqual(['public.filled']);
  expect(await countBlankTables(test.db, ['public.filled', 'care.due'])).toEqual([]);
  await test.db.run(rawSql('create table public.never as select 1 as id'));
  const both = ['public.filled', 'public.never'];
  expect([await countBlankTables(test.db, both), await countBlankTables(test.db, both, { uncounted: true })]).toEqual([[], ['public.never']]);
  await test.close();
});

describe('CAR-11 asking for a plan run', () => {
  let world: CareWorld;
  beforeAll(async () => (world = await CareWorld.open()));
  afterAll(() => world.test.close());

  it.each([
    ['a malformed day', { date: '24.11.2026' }, 'date'],
    ['a day that does not exist', { date: '2026-02-30' }, 'date'],
    ['a day beyond the calendar', { date: '2099-01-01' }, 'date'],
    ['an unknown rule', { date: TODAY, rules: ['weekly-hello'] }, 'rules'],
    ['a rule that is not enabled', { date: TODAY, rules: ['birthday'] }, 'rules'],
  ])('%s is refused', async (_, body, param) => {
    const answer = await world.planner.post('/care/plan-runs', body);
    expect(answer.status).toBe(422);
    expect((answer.body as Refusal).error.param).toBe(param);
  });

  it.each(['supervisor-e', 'm01'])('%s may not', async (who) => {
    expect((await (await world.house(who)).post('/care/plan-runs', { date: TODAY })).status).toBe(403);
  });

  it('with no rule enabled it plans nothing', async () => {
    expect(await world.run(TODAY)).toMatchObject({ state: 'done', planned: {}, messages: {}, skipped: {} });
  });

  it('the run of another city is not found', async () => {
    const { id } = await world.run(TODAY);
    expect((await (await world.house('planner-w')).get(`/care/plan-runs/${id}`)).status).toBe(404);
  });

  it('the same request twice is one run', async () => {
    const key = { 'Idempotency-Key': 'plan-of-today' };
    const first = await world.planner.post('/care/plan-runs', { date: TODAY }, key);
    const second = await world.planner.post('/care/plan-runs', { date: TODAY }, key);
    expect(second.body).toEqual(first.body);
  });

  it('R44 runs that begin in the same second plan each customer once for a rule and its cycle', async () => {
    const { app, db } = world.test;
    for (const manager of ['m01', 'm01', 'm02']) await person(db, { star: 7, manager, birthday: { calendar: 'solar', month: 11, day: 24 } });
    for (const rule of ['star-revisit', 'birthday']) await world.enable(rule);
    const ids = await Promise.all(
      [1, 2, 3].map(async () => ((await world.planner.post('/care/plan-runs', { date: TODAY })).body as { id: string }).id),
    );
    expect(new Set(ids).size).toBe(3);
    const runner = app.get(PlanRunner, { strict: false });
    await Promise.all(ids.map((id) => runner.run(id)));
    expect(await db.rows(sql`select state from care.plan_run where id = any(${ids}::bigint[]) and state <> 'done'`)).toEqual([]);
    const planned = await db.rows<{ rule: string; n: number }>(
      sql`select rule_code as rule, channel, count(*)::int as n, count(distinct (customer_id, cycle))::int as once from care.due group by 1, 2 order by 1, 2`,
    );
    expect(planned).toEqual([
      { rule: 'birthday', channel: 'call', n: 3, once: 3 },
      { rule: 'birthday', channel: 'sms', n: 3, once: 3 },
      { rule: 'star-revisit', channel: 'call', n: 3, once: 3 },
    ]);
    expect(await db.rows(sql`select customer_id from calls.task group by 1 having count(*) > 1`)).toEqual([]);
    expect(await db.rows(sql`select count(*)::int as n from messaging.recipient`)).toEqual([{ n: 3 }]);
  });
});

it('SYS-4 a run that finds the database away is carried on when it is back', async () => {
  const world = await CareWorld.open({ now: `${TODAY}T10:00:00+08:00` });
  const { app, db, clock } = world.test;
  const who = await person(db, { star: 7 });
  await world.enable('star-revisit');
  const isBack = await goodByeAt(db, 'care.due');
  const { id } = (await world.planner.post('/care/plan-runs', { date: TODAY })).body as { id: string };
  expect((await drainJobs(app, { allowFailures: true })).failed).toMatchObject([{ job: 'care.run-plan' }]);
  expect((await world.planner.get(`/care/plan-runs/${id}`)).body).toMatchObject({ state: 'failed', error: 'database_away' });
  await isBack();
  clock.advance(60_000);
  await drainJobs(app);
  expect((await world.planner.get(`/care/plan-runs/${id}`)).body).toMatchObject({ state: 'done', error: null });
  expect(await world.due(who)).toMatchObject([{ rule: 'star-revisit' }]);
  await world.test.close();
});

it('CAR-1 a run of a day gone by puts its calls on days to come', async () => {
  const world = await CareWorld.open({ now: `${TODAY}T10:00:00+08:00` });
  const who = await person(world.test.db, { star: 7 });
  await world.enable('star-revisit');
  expect((await world.planner.post('/care/plan-runs', { date: '2026-11-20' })).status).toBe(202);
  await drainJobs(world.test.app);
  expect(await world.due(who)).toMatchObject([{ rule: 'star-revisit', dueOn: TODAY }]);
  await world.test.close();
});

it('CAR-1 a run that waited over midnight puts no call on the day before', async () => {
  const world = await CareWorld.open({ now: `${TODAY}T23:50:00+08:00` });
  const who = await person(world.test.db, { star: 7 });
  await world.enable('star-revisit');
  expect((await world.planner.post('/care/plan-runs', { date: TODAY })).status).toBe(202);
  world.test.clock.set('2026-11-25T00:10:00+08:00');
  await drainJobs(world.test.app);
  expect(await world.due(who)).toMatchObject([{ rule: 'star-revisit', dueOn: '2026-11-25' }]);
  await world.test.close();
});

describe('CAR-11 a plan run puts contacts on lists with their reasons, once', () => {
  let world: CareWorld;
  let never: Person;
  let blocked: Person;
  let jubilee: Person;
  let traveller: Person;
  let merged: Person;

  const state = (): Promise<object[]> =>
    world.test.db.rows(sql`
      select 'due' as what, d.xmin::text, d.ctid::text from care.due d union all select 'task', t.xmin::text, t.ctid::text from calls.task t
      union all select 'recipient', r.xmin::text, r.ctid::text from messaging.recipient r order by 1, 3`);

  beforeAll(async () => {
    world = await CareWorld.open({ now: `${TODAY}T06:00:00+08:00` });
    const { db } = world.test;
    never = await person(db, { star: 6 });
    blocked = await person(db, { star: 6 });
    await world.planner.post('/contact/blocks', { phone: blocked.phone, channel: 'call', reason: '客户要求' });
    jubilee = await person(db, { star: 3, birthday: { calendar: 'lunar', month: 10, day: 16 } }); // 24 November 2026
    await contacted(db, jubilee, { on: '2026-11-01' });
    traveller = await person(db, { star: 0 });
    await roamed(db, traveller, { month: '2026-10-01', days: 4, feeFen: 8_800 });
    merged = await person(db, { star: 7, birthday: { calendar: 'solar', month: 11, day: 24 } });
    await roamed(db, merged, { month: '2026-10-01' });
    await person(db, { star: 5, manager: null });
    await person(db, { star: 0 });
    await world.enable('star-revisit', { period: 'rolling' });
    await world.enable('birthday');
    await world.enable('roaming-return');
  });
  afterAll(() => world.test.close());

  it('counts what was planned, sent and left out, by rule and reason', async () => {
    expect(await world.run(TODAY)).toMatchObject({
      state: 'done',
      error: null,
      planned: { 'star-revisit': 2, birthday: 1, 'roaming-return': 2 },
      messages: { birthday: 2 },
      skipped: { blocked: 1, no_manager: 1 },
    });
  });

  it('CAR-4 a lunar birthday gets its message, whoever has five to seven stars a call as well', async () => {
    expect(await world.due(jubilee)).toMatchObject([{ rule: 'birthday', channel: 'sms', cycle: '2026', dueOn: TODAY, taskId: null }]);
    expect((await world.due(merged)).filter(({ rule }) => rule === 'birthday').map(({ channel, cycle }) => `${channel} ${cycle}`)).toEqual([
      'sms 2026',
      'call 2026-call',
    ]);
  });

  it('several reasons of one customer are one call in the campaign of the best one, all told', async () => {
    const tasks = (await world.planner.get(`/tasks?phone=${encodeURIComponent(merged.phone)}`)).body as {
      items: { campaign: string; reasons: string[]; dueOn: string }[];
    };
    expect(tasks.items).toMatchObject([{ campaign: 'birthday', dueOn: TODAY }]);
    expect(tasks.items[0]?.reasons).toEqual([
      '生日：11月24日生日（规则v2）',
      '星级回访：7星客户每1个月回访一次，还没有回访过（规则v2）',
      '漫游返回：10月在日本使用国际漫游，不晚于11月30日致电，说明费用，了解使用情况（规则v2）',
    ]);
    const byRule = (await world.planner.get(`/tasks?rule=roaming-return`)).body as { items: { customer: { phone: string } }[] };
    expect(byRule.items.map(({ customer }) => customer.phone).sort()).toEqual([merged.phone, traveller.phone].sort());
  });

  it('GOV-1 nobody who is blocked stands on a list', async () => {
    expect(await world.due(blocked)).toEqual([]);
  });

  it('a second run of the day adds nothing and touches no row', async () => {
    const before = await state();
    expect(await world.run(TODAY)).toMatchObject({
      state: 'done',
      planned: { 'star-revisit': 0, birthday: 0, 'roaming-return': 0 },
      messages: { birthday: 0 },
    });
    expect(await state()).toEqual(before);
  });

  it('the run of the next day makes no second contact of the same cycle', async () => {
    expect(await world.run('2026-11-25')).toMatchObject({
      planned: { 'star-revisit': 0, birthday: 0, 'roaming-return': 0 },
      messages: { birthday: 0 },
    });
    expect((await world.due(never)).map(({ cycle }) => cycle)).toEqual(['never']);
  });

  it('a manager takes the call and hears why, with the closing line of the day', async () => {
    world.test.clock.set(`${TODAY}T10:00:00+08:00`);
    const { task } = (await (await world.house('m01')).post('/call-desk/next')).body as {
      task: { id: string; reasons: string[]; closingLine: string };
    };
    expect(task.reasons[0]).toContain('规则v2');
    expect(task.closingLine).toBe('今天是您的生日，祝您生日快乐、身体健康，再见！'); // CAR-5: the customer's own day
  });

  it('the message goes out on the day, once', async () => {
    await drainJobs(world.test.app);
    const { count } = await world.test.db.one<{ count: number }>(
      sql`select count(*)::int as count from messaging.message where number = ${jubilee.phone}`,
    );
    expect(count).toBe(1);
  });
});

describe('CAR-1 due days', () => {
  let world: CareWorld;
  beforeAll(async () => {
    world = await CareWorld.open();
    await world.enable('star-revisit', { period: 'rolling' });
  });
  afterAll(() => world.test.close());

  it('never before the day of the run, on working days, no more a day than the manager can do', async () => {
    const admin = await world.house('admin');
    await admin.patch('/users/m02', { dailyCapacity: 2 });
    for (let n = 0; n < 5; n++) await person(world.test.db, { manager: 'm02', star: 4 });
    const result = await world.run('2026-11-28'); // a Saturday
    expect(result.planned).toEqual({ 'star-revisit': 5 });
    const days = (await world.due()).map(({ dueOn }) => dueOn).sort();
    expect(days).toEqual(['2026-11-30', '2026-11-30', '2026-12-01', '2026-12-01', '2026-12-02']);
  });

  it('not on a day the manager is away', async () => {
    const admin = await world.house('admin');
    await admin.post('/users/m01/absences', { from: '2026-11-24', to: '2026-11-25', kind: 'leave' });
    const who = await person(world.test.db, { star: 7 });
    await world.run(TODAY);
    expect(await world.due(who)).toMatchObject([{ dueOn: '2026-11-26' }]);
  });

  it('within the window with the deputy of a manager who is away all of it, flagged past it where there is none', async () => {
    const admin = await world.house('admin');
    for (const [username, deputy] of [
      ['m04', 'm02'],
      ['m05', undefined],
    ] as const) {
      await admin.post('/users', { username, role: 'manager', orgUnit: 'east-1', name: '林晚', password: 'starcare-test', dailyCapacity: 9 });
      await admin.post(`/users/${username}/absences`, { from: TODAY, to: '2026-11-30', kind: 'leave', ...(deputy ? { deputy } : {}) });
    }
    const people = [await person(world.test.db, { manager: 'm04' }), await person(world.test.db, { manager: 'm05' })];
    for (const who of people) await contacted(world.test.db, who, { on: '2026-10-26' }); // owed by 26 November
    await world.run(TODAY);
    const planned = await world.test.db.rows(sql`
      select u.username as owner, t.due_on as "dueOn", t.over_capacity as over from calls.task t join staff.app_user u on u.id = t.owner_id
      where t.customer_id = any(${people.map(({ id }) => id)}::bigint[]) order by t.customer_id`);
    expect(planned).toEqual([
      { owner: 'm02', dueOn: '2026-11-26', over: true },
      { owner: 'm05', dueOn: '2026-12-01', over: true },
    ]);
  });

  it('on the days the manager is rostered: at work on a Saturday, off on a Monday, half of the calls on a half day', async () => {
    const admin = await world.house('admin');
    await admin.post('/users', { username: 'm03', role: 'manager', orgUnit: 'east-1', name: '吴桐', password: 'starcare-test', dailyCapacity: 2 });
    const supervisor = await world.house('supervisor-e');
    await supervisor.put('/users/m03/rota/week', { from: '2026-11-23', shares: [0, 100, 100, 100, 100, 100, 0] });
    await supervisor.put('/users/m03/rota/days', { days: [{ day: '2026-12-02', share: 0, note: '体检' }] });
    await supervisor.post('/users/m03/absences', { from: '2026-12-01', to: '2026-12-01', kind: 'visit' });
    for (let n = 0; n < 7; n++) await person(world.test.db, { manager: 'm03', star: 4 });
    await world.run('2026-11-28'); // a Saturday
    const rows = await world.test.db.rows<{ day: string }>(sql`
      select t.due_on as day from calls.task t join staff.app_user u on u.id = t.owner_id where u.username = 'm03' order by 1`);
    const [saturday, tuesday, thursday, friday] = ['2026-11-28', '2026-12-01', '2026-12-03', '2026-12-04'];
    expect(rows.map(({ day }) => day)).toEqual([saturday, saturday, tuesday, thursday, thursday, friday, friday]);
  });

  it('GOV-4 not on a closed day of Spring Festival, even for who is on duty then', async () => {
    const supervisor = await world.house('supervisor-e');
    await supervisor.put('/users/m02/rota/days', { days: [{ day: '2027-02-06', share: 100 }] }); // Spring Festival
    const who = await person(world.test.db, { manager: 'm02', star: 4 });
    await world.run('2027-02-06');
    expect((await world.due(who)).map(({ dueOn }) => dueOn)).toEqual(['2027-02-09']);
  });

  it('what passes the capacity before the deadline is planned all the same, and flagged', async () => {
    const admin = await world.house('admin');
    await admin.patch('/users/m11', { dailyCapacity: 1 });
    const people = [await person(world.test.db, { manager: 'm11' }), await person(world.test.db, { manager: 'm11' })];
    for (const who of people) await contacted(world.test.db, who, { on: '2026-10-24' });
    await world.run(TODAY, undefined, admin);
    const tasks = await world.test.db.rows(sql`
      select due_on as "dueOn", deadline_on as "deadlineOn", over_capacity as over from calls.task
      where customer_id = any(${people.map(({ id }) => id)}::bigint[]) order by id`);
    expect(tasks).toEqual([
      { dueOn: TODAY, deadlineOn: TODAY, over: false },
      { dueOn: TODAY, deadlineOn: TODAY, over: true },
    ]);
  });
});

describe('SYS-1 a planner plans for the customers of the own units', () => {
  let world: CareWorld;
  beforeAll(async () => (world = await CareWorld.open()));
  afterAll(() => world.test.close());

  it('and the schedule of the morning for everybody, once', async () => {
    const [east, west] = [await person(world.test.db), await person(world.test.db, { manager: 'm11' })];
    await world.enable('star-revisit', { period: 'rolling' });
    await world.run(TODAY);
    expect([await world.due(east), await world.due(west)].map((rows) => rows.length)).toEqual([1, 0]);
    world.test.clock.set('2026-11-25T06:00:30+08:00');
    await tickSchedules(world.test.app);
    await tickSchedules(world.test.app);
    expect(await world.due(west)).toHaveLength(1);
    const runs = await world.test.db.rows(sql`select day from care.plan_run where by_user is null`);
    expect(runs).toEqual([{ day: '2026-11-25' }]);
  });
});

describe.each([
  ['first', 1, {}],
  ['second', 2, { birthday: 1 }],
])('CAR-11 a run that dies in its %s chunk, two being planned at once, is carried on', (_, dies, kept) => {
  let world: CareWorld;
  beforeAll(async () => (world = await CareWorld.open()));
  afterAll(() => world.test.close());

  class Crash extends Error {}

  it('behind the last committed chunk, with the same result', async () => {
    const { app, db } = world.test;
    for (const manager of ['m01', 'm01', 'm02', 'm11', null]) await person(db, { manager, birthday: { calendar: 'solar', month: 11, day: 24 } });
    await world.enable('star-revisit', { period: 'rolling' });
    await world.enable('birthday');
    app.get(PlanPace, { strict: false }).customersPerChunk = 1;
    const runner = app.get(PlanRunner, { strict: false });
    const admin = await world.house('admin');
    const { id } = (await admin.post('/care/plan-runs', { date: TODAY })).body as { id: string };

    // the chunk that dies is undone, and whatever comes after it; those before it stay
    const commit = runner.commit.bind(runner);
    let chunks = 0;
    runner.commit = async (...args: [Tx, never, never]) => {
      await commit(...args);
      chunks += 1;
      if (chunks === dies) throw new Crash();
    };
    const { failed } = await drainJobs(app, { allowFailures: true });
    expect(failed).toHaveLength(1);
    runner.commit = commit;
    const broken = (await admin.get(`/care/plan-runs/${id}`)).body as { state: string; messages: object };
    expect([broken.state, broken.messages]).toEqual(['failed', kept]);

    world.test.clock.advance(60_000);
    await drainJobs(app);
    expect((await admin.get(`/care/plan-runs/${id}`)).body).toMatchObject({
      state: 'done',
      error: null,
      planned: { 'star-revisit': 4, birthday: 4 },
      messages: { birthday: 5 },
      skipped: { no_manager: 2 },
    });
    const { tasks } = await db.one<{ tasks: number }>(sql`select count(*)::int as tasks from calls.task`);
    expect(tasks).toBe(4);
  });
});

describe('CAR-11 what cannot be sent holds up nothing else', () => {
  let world: CareWorld;
  let who: Person;
  beforeAll(async () => {
    world = await CareWorld.open({ now: `${TODAY}T06:00:00+08:00` });
    who = await person(world.test.db, { star: 7, birthday: { calendar: 'solar', month: 11, day: 24 } });
    await person(world.test.db, { star: 0, birthday: { calendar: 'solar', month: 11, day: 24 }, manager: 'm02' });
    await world.enable('birthday');
    world.test.app.get(PlanPace, { strict: false }).customersPerChunk = 1;
  });
  afterAll(() => world.test.close());

  const OF_BIRTHDAY = sql`template_id = (select id from messaging.template where code = 'birthday')`;
  const channels = async (): Promise<string[]> => (await world.due(who)).map(({ channel }) => channel);
  it('without a gateway the calls are planned, and the run says whose messages are not, and what to do', async () => {
    await world.test.db.run(sql`update messaging.gateway set active = false`);
    const run = await world.run(TODAY);
    expect(run).toMatchObject({
      state: 'done',
      error: null,
      planned: { birthday: 1 },
      messages: { birthday: 0 },
      unsent: { birthday: { reason: 'gateway_none', template: 'birthday', count: 2 } },
    });
    expect(await channels()).toEqual(['call']);
    const page = await (await logIn(world.test, 'planner-e')).get(`/care/plan-runs/${run.id}`);
    expect(page.text).toContain('生日：2条短信没有安排，外呼照常安排</b><br>没有可用的短信网关');
  });

  it.each([
    [
      'a template whose wording nobody has approved',
      'template_not_approved',
      sql`update messaging.template_version set approved_at = null where ${OF_BIRTHDAY}`,
    ],
    ['a template that is retired', 'template_missing', sql`update messaging.template set retired_at = ${TODAY}::date where code = 'birthday'`],
  ])('nor does %s', async (_, reason, spoil) => {
    await world.test.db.run(sql`update messaging.gateway set active = true`);
    await world.test.db.run(spoil);
    const run = await world.run(TODAY);
    expect([run.state, run.unsent]).toEqual(['done', { birthday: { reason, template: 'birthday', count: 2 } }]);
  });

  it('the next run plans them once all is there', async () => {
    await world.test.db.run(sql`update messaging.template_version set approved_at = ${TODAY}::date where ${OF_BIRTHDAY}`);
    await world.test.db.run(sql`update messaging.template set retired_at = null where code = 'birthday'`);
    const run = await world.run(TODAY);
    expect(run).toMatchObject({ messages: { birthday: 2 }, unsent: {} });
    expect(await channels()).toEqual(['sms', 'call']);
  });
});
