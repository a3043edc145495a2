import { namedDayByDay, callsThrough } from '../../../src/care/forecast/calls-through.queries.js';
import { Simulation } from '../../../src/care/forecast/simulation.commands.js';
import { CareRulesQueries } from '../../../src/care/care-rules.queries.js';
import { PlanRunner } from '../../../src/care/planning/plan-runner.commands.js';
import { PlanRunsCommands } from '../../../src/care/planning/plan-runs.commands.js';
import { ruleOf } from '../../../src/care/rules/rule-list.policy.js';
import { readSettings } from '../../../src/care/rules/settings.policy.js';
import { addDays, daysBetween } from '../../../src/kernel/day.js';
import { type Sql, sql } from '../../../src/platform/database/sql.js';
import { logIn } from '../../support/visitor.js';
import { CareWorld, contacted, person, type Person, roamed, used } from './care-world.js';

const TODAY = '2026-11-24';
const UNTIL = addDays(TODAY, 89);

interface Answer {
  rows: { date: string; owner: string; tasks: number; capacity: number }[];
  overCapacity: number;
  draft?: {
    rule: string;
    enabled: boolean;
    customers: number;
    weeks: { from: string; before: number; after: number }[];
    over: { owner: string; before: number; after: number }[];
    lastMonth: { month: string; wanted: number; planned: number; visited: number };
  };
}

let world: CareWorld;
const ask = async (query = '', as = world.planner): Promise<Answer> => {
  const answer = await as.get(`/care/forecast${query}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as Answer;
};
const callsOf = ({ rows }: Answer): number => rows.reduce((sum, { tasks }) => sum + tasks, 0);
const written = async (): Promise<object[]> =>
  world.test.db.rows(sql`
    select 'due' as what, count(*)::int as n from care.due union all select 'task', count(*)::int from calls.task
    union all select 'attempt', count(*)::int from calls.attempt union all select 'audit', count(*)::int from staff.audit_entry order by 1`);

/** Two of each star a manager: visited at some time or never, born and roaming at some time. */
async function furnish(): Promise<void> {
  const { db } = world.test;
  for (let n = 0; n < 140; n++) {
    const born = addDays('2026-01-01', (n * 11) % 365);
    const birthday = { calendar: 'solar' as const, month: Number(born.slice(5, 7)), day: Number(born.slice(8)) };
    const who = await person(db, { star: (n % 7) + 1, manager: n % 3 === 0 ? 'm02' : 'm01', birthday, joinedOn: addDays('2025-12-01', n) });
    if (n % 4 !== 0) await contacted(db, who, { on: addDays('2026-05-20', (n * 7) % 185) });
    if (n % 6 === 0)
      for (const month of ['2026-09-01', '2026-10-01', '2026-11-01', '2026-12-01'])
        await used(db, who, { month, dataQuotaMb: 1_000, dataUsedMb: 2_000, voiceQuotaMin: null, voiceUsedMin: null });
    if (n % 5 === 0)
      for (const month of ['2026-10-01', '2026-11-01', '2026-12-01', '2027-01-01'])
        await roamed(db, who, { month, days: 2, returnedOn: n % 10 === 0 ? `${month.slice(0, 7)}-12` : null });
  }
}

beforeAll(async () => {
  world = await CareWorld.open({ now: `${TODAY}T05:30:00+08:00` });
  await furnish();
  await (await world.house('admin')).patch('/users/m01', { dailyCapacity: 6 });
  await (await world.house('admin')).patch('/users/m02', { dailyCapacity: 4 });
});
afterAll(() => world.test.close());

describe('CAR-12 who may ask for what', () => {
  it.each([
    ['a malformed day', 'from=24.11.2026', 'from'],
    ['yesterday', 'from=2026-11-23', 'from'],
    ['a day too far ahead', 'from=2027-06-01', 'from'],
    ['no day at all', 'days=0', 'days'],
    ['more days than can be told', 'days=121', 'days'],
    ['an unknown rule', 'rule=weekly-hello', 'rule'],
    ['settings out of range', `rule=star-revisit&settings=${encodeURIComponent('{"horizonDays":500}')}`, 'settings.horizonDays'],
    ['settings that are a list', `rule=star-revisit&settings=${encodeURIComponent('[1]')}`, 'settings'],
  ])('%s is refused', async (_, query, param) => {
    const answer = await world.planner.get(`/care/forecast?${query}`);
    expect(answer.status).toBe(422);
    expect((answer.body as { error: { param: string } }).error.param).toBe(param);
  });

  it('a manager may not, nor a unit of another city be asked for', async () => {
    expect((await (await world.house('m01')).get('/care/forecast')).status).toBe(403);
    expect((await world.planner.get('/care/forecast?team=west')).status).toBe(404);
  });

  it('a supervisor reads her own people only', async () => {
    const owners = new Set((await ask('?days=5', await world.house('planner-w'))).rows.map(({ owner }) => owner));
    expect([...owners].filter((owner) => ['m01', 'm02'].includes(owner))).toEqual([]);
    expect(new Set((await ask('?days=5', await world.house('supervisor-e'))).rows.map(({ owner }) => owner))).toContain('m01');
  });
});

describe('CAR-12 a rule that is tried before it is switched on', () => {
  it('with no rule in force nothing is planned, and the capacity is that of the rota', async () => {
    const { rows, overCapacity } = await ask('?days=7');
    expect(overCapacity).toBe(0);
    expect(rows.filter(({ owner }) => owner === 'm01').map(({ date, tasks, capacity }) => `${date} ${tasks}/${capacity}`)).toEqual(
      ['24', '25', '26', '27', '30'].map((day) => `2026-11-${day} 0/6`),
    );
  });

  it('tells what it adds by week, whom it concerns and whose days pass capacity, and writes nothing', async () => {
    const { db } = world.test;
    for (let n = 0; n < 6; n++) await person(db, { star: 7, manager: 'm02', birthday: { calendar: 'solar', month: 12, day: 9 } });
    const before = await written();
    const answer = await ask('?days=30&rule=birthday');
    const { draft } = answer;
    expect(draft).toMatchObject({ rule: 'birthday', enabled: false });
    expect(draft?.weeks.every((week) => week.before === 0)).toBe(true);
    expect(draft?.weeks.reduce((sum, week) => sum + week.after, 0)).toBe(callsOf(answer));
    expect(draft?.customers).toBe(callsOf(answer));
    expect(answer.rows.find(({ date, owner }) => date === '2026-12-09' && owner === 'm02')?.tasks).toBeGreaterThanOrEqual(6);
    expect(draft?.over).toContainEqual(expect.objectContaining({ owner: 'm02', before: 0, after: 1 }));
    expect(answer.overCapacity).toBe(1);
    expect(await written()).toEqual(before);
  });

  it('takes other settings than those that are stored', async () => {
    const fewer = await ask(`?days=30&rule=birthday&settings=${encodeURIComponent('{"callStars":[7]}')}`);
    expect(callsOf(fewer)).toBeGreaterThan(0);
    expect(callsOf(fewer)).toBeLessThan(callsOf(await ask('?days=30&rule=birthday')));
  });

  it('plays last month again against what was planned and visited', async () => {
    const { lastMonth } = (await ask('?days=1&rule=star-revisit')).draft ?? {};
    expect(lastMonth).toMatchObject({ month: '2026-10-01', planned: 0 });
    expect(lastMonth?.wanted).toBeGreaterThan(lastMonth?.visited ?? 0);
    expect(lastMonth?.visited).toBeGreaterThan(0);
  });

  it('the page shows the load as a table, the form of the rule leads there with what was typed', async () => {
    const page = await logIn(world.test, 'planner-e');
    const shown = await page.get('/care/forecast?days=30&rule=birthday');
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('class="sc-heat"');
    expect(shown.text).toMatch(/class="x ld[67]/);
    expect(shown.text).toContain('id="t-days"');
    expect(shown.text).toMatch(/<option value="birthday" selected/);
    const tried = await page.post('/care/rules/birthday/forecast', {
      version: '1',
      'callStars.7': 'on',
      feb29: '02-28',
      horizonDays: '0',
      template: 'birthday',
    });
    expect(tried.status).toBe(303);
    expect((await page.get(tried.headers.location ?? '')).text).toContain('name="settingsOf" value="birthday"');
    const refused = await page.post('/care/rules/birthday/forecast', { version: '1', feb29: '02-28', horizonDays: '999', template: 'birthday' });
    expect(refused.status).toBe(422);
    expect((await page.get('/care/forecast?from=2020-01-01')).status).toBe(422);
  });
});

describe('CAR-12 asked for more days at once, a rule says what it says day by day', () => {
  beforeAll(() =>
    world.test.db.run(sql`
      insert into retention.health (customer_id, tier, reasons, since)
      select id, case when id % 5 = 0 then 'high-risk' else 'sub-healthy' end, '[]', '2026-12-20'::date - (id % 40)::int from customers.customer`),
  );

  it.each([
    ['star-revisit', { period: 'calendar' }],
    ['star-revisit', { period: 'rolling' }],
    ['birthday', { horizonDays: 3 }],
    ['silent', {}],
    ['roaming-return', { quietDays: 5 }],
    ['roaming-return', { quietDays: 0 }],
    ['package-usage', { restMonths: 1 }],
    ['periodic-attention', { everyDays: 30 }],
    ['periodic-attention', { everyDays: 7 }],
  ] as const)('%s %j', async (code, given) => {
    const { rule, settings } = ruleWith(code, given);
    const inForce = { rule, settings, version: 1 };
    // whoever was never visited is owed the first call now: that it is not made before the next period begins is not foreseen
    const askFrom = { day: '2026-12-20', who: code === 'star-revisit' ? sql`c.id in (select a.customer_id from calls.attempt a)` : sql`c.id > 0` };
    const until = '2027-01-12'; // over the turn of the half-year
    const keys = (named: Sql | null): Promise<object[]> =>
      world.test.db.rows(sql`select customer_id, cycle, from_on, deadline_on from (${named}) k order by 1, 2`);
    const quick = await keys(callsThrough(inForce, askFrom, until));
    expect(quick.length).toBeGreaterThan(3);
    expect(quick).toEqual(await keys(namedDayByDay(inForce, askFrom, until, 'call')));
  });
});

describe('CAR-12 the forecast of a replayed quarter', () => {
  it('is within 5 % of the real dues, by rule and month', async () => {
    for (const code of ['star-revisit', 'birthday', 'roaming-return', 'silent']) await world.enable(code);
    const rules = await world.test.app.get(CareRulesQueries).inForce();
    const managers = (await world.test.db.rows<{ id: string }>(sql`select id from staff.app_user where username in ('m01', 'm02')`)).map(
      ({ id }) => id,
    );
    const told = await world.test.app.get(Simulation).run({ today: TODAY, until: UNTIL, managers, rules });
    await replay();
    const real = await world.test.db.rows<{ key: string; n: number }>(sql`
      select rule_code || ' ' || to_char(due_on, 'YYYY-MM') as key, count(*)::int as n from care.due
      where channel = 'call' and due_on between ${TODAY}::date and ${UNTIL}::date group by 1 order by 1`);
    const forecast = new Map<string, number>();
    for (const { rule, day, count } of told.reasons)
      forecast.set(`${rule} ${day.slice(0, 7)}`, (forecast.get(`${rule} ${day.slice(0, 7)}`) ?? 0) + count);
    const off = real.map(({ key, n }) => ({ key, real: n, forecast: forecast.get(key) ?? 0 }));
    if (process.env.FIGURES) process.stderr.write(`${JSON.stringify(off)}\n`);
    expect(off.length).toBeGreaterThan(8);
    expect(off.filter((one) => Math.abs(one.forecast - one.real) > 0.05 * one.real)).toEqual([]);
  }, 120_000);
});

function ruleWith(code: string, given: object) {
  const rule = ruleOf(code);
  return { rule, settings: readSettings(rule.fields, { ...given }) };
}

/** The quarter day by day: each morning its plan, then every call of the day made as a visit. */
async function replay(): Promise<void> {
  const { app, db, clock } = world.test;
  for (let n = 0; n <= daysBetween(TODAY, UNTIL); n++) {
    const day = addDays(TODAY, n);
    clock.set(`${day}T06:00:00+08:00`);
    await app.get(PlanRunsCommands).startDaily(day);
    const { id } = await db.one<{ id: string }>(sql`select id from care.plan_run order by id desc limit 1`);
    await app.get(PlanRunner).run(id);
    const tasks = await db.rows<Person & { taskId: string; campaign: string }>(sql`
      select t.id as "taskId", t.customer_id as id, t.line_id as "lineId", l.number as phone, p.code as campaign
      from calls.task t join customers.line l on l.id = t.line_id join campaigns.campaign p on p.id = t.campaign_id
      where t.state = 'open' and t.due_on <= ${day}::date`);
    for (const { taskId, campaign, ...who } of tasks) {
      const attempt = await contacted(db, who, { on: day, campaign, source: 'agent' });
      await db.run(sql`update calls.attempt set task_id = ${taskId} where id = ${attempt}::uuid`);
    }
    await db.run(
      sql`update calls.task set state = 'done', closed_at = ${clock.now()} where id = any(${tasks.map(({ taskId }) => taskId)}::bigint[])`,
    );
  }
}
