import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { empty } from '../../support/empty.js';
import { handIn } from '../../support/hand-in.js';
import { type ApiClient, callAs } from '../../support/house.js';
import { logIn } from '../../support/visitor.js';
import { CareWorld, judged, person, type Person } from './care-world.js';

const [TUESDAY, WEDNESDAY, THURSDAY] = ['2026-11-24', '2026-11-25', '2026-11-26'];
const LAST = '2026-12-31';

let world: CareWorld;
let supervisor: ApiClient;

/** The days of the planned calls, with a mark where the day has no room for them. */
const days = async (people: readonly Person[]): Promise<string[]> =>
  (
    await world.test.db.rows<{ day: string }>(sql`
      select to_char(t.due_on, 'MM-DD') || ' ' || u.username || case when t.over_capacity then ' over' else '' end as day
      from calls.task t join staff.app_user u on u.id = t.owner_id
      where t.customer_id = any(${people.map(({ id }) => id)}::bigint[]) and t.state = 'open' order by t.due_on, u.username, t.id`)
  ).map(({ day }) => day);
const dueDays = async (people: readonly Person[]): Promise<string[]> =>
  (
    await world.test.db.rows<{ day: string }>(sql`
      select to_char(due_on, 'MM-DD') as day from care.due where customer_id = any(${people.map(({ id }) => id)}::bigint[]) and state = 'open' order by 1`)
  ).map(({ day }) => day);
const people = (count: number, manager = 'm01'): Promise<Person[]> =>
  Promise.all(Array.from({ length: count }, () => person(world.test.db, { star: 5, manager })));
const capacity = (username: string, calls: number): Promise<number> =>
  world.test.db.run(sql`update staff.app_user set daily_capacity = ${calls} where username = ${username}`);
async function change(what: () => Promise<{ status: number; text: string }>): Promise<void> {
  world.test.clock.advance(120_000);
  const answer = await what();
  if (answer.status >= 300) throw new Error(answer.text);
  await drainJobs(world.test.app);
}

beforeAll(async () => {
  world = await CareWorld.open({ now: `${TUESDAY}T08:30:00+08:00` });
  supervisor = await callAs(world.test, 'supervisor-e');
  await world.enable('star-revisit', { horizonDays: 45 });
});
/** Nobody is a customer, nobody is away, two calls a day. */
beforeEach(async () => {
  await empty(world.test.db, 'customers.customer', 'calls.task', 'care.due', 'care.plan_run', 'care.replan');
  await empty(world.test.db, 'calendar.absence', 'calendar.override', 'calendar.rota_day');
  await capacity('m01', 2);
  await capacity('m02', 2);
});
afterAll(() => world.test.close());

describe('CUS-5 customers at high risk come first', () => {
  it('their calls have the earliest days with room, those of the others come after', async () => {
    const list = await people(4);
    const [others, risky] = [list.slice(0, 2), list.slice(2)];
    for (const one of risky) await judged(world.test.db, one, { tier: 'high-risk', since: '2026-11-01', reason: 'score' });
    await judged(world.test.db, others[0] as Person, { tier: 'sub-healthy', since: '2026-11-01', reason: 'complaints' });
    await world.run(TUESDAY);
    expect(await days(risky)).toEqual(['11-24 m01', '11-24 m01']);
    expect(await days(others)).toEqual(['11-25 m01', '11-25 m01']);
  });
});

describe('CAR-12 the load is levelled by hand', () => {
  it('shows first what would move, then moves it, and says so; a second time there is nothing to move', async () => {
    const list = await people(3);
    await world.run(TUESDAY);
    await world.test.db.run(
      sql`update calls.task set due_on = ${TUESDAY}, over_capacity = false where customer_id = any(${list.map(({ id }) => id)}::bigint[])`,
    );
    const page = await logIn(world.test, 'planner-e');
    const shown = await page.get('/care/forecast/level');
    expect(shown.text).toContain('1个电话会挪到别的日子');
    expect(await days(list)).toEqual(['11-24 m01', '11-24 m01', '11-24 m01']);
    const answer = await page.post('/care/forecast/level', {});
    expect([answer.status, answer.headers.location]).toEqual([303, '/care/forecast']);
    expect(await days(list)).toEqual(['11-24 m01', '11-24 m01', '11-25 m01']);
    expect((await page.get('/care/forecast')).text).toContain('1个电话已挪到有空的日子');
    expect((await page.get('/care/forecast/level')).text).toContain('没有超过容量的日子');
    const noted = await world.test.db.rows(sql`select detail from staff.audit_entry where action = 'care.load_levelled'`);
    expect(noted).toEqual([{ detail: { calls: 1 } }]);
  });

  it('what finds no other day is named, and stays', async () => {
    await capacity('m01', 0);
    await people(1);
    await world.run(TUESDAY);
    const page = await logIn(world.test, 'planner-e');
    const shown = (await page.get('/care/forecast/level')).text;
    expect([shown.includes('没有别的日子可挪'), shown.includes('1个仍超容量')]).toEqual([true, true]);
    await page.post('/care/forecast/level', {});
    expect((await page.get('/care/forecast')).text).toContain('没有电话需要挪动');
  });

  it('only of one’s own managers', async () => {
    const list = await people(3);
    await world.run(TUESDAY);
    await world.test.db.run(sql`update calls.task set due_on = ${TUESDAY} where customer_id = any(${list.map(({ id }) => id)}::bigint[])`);
    const page = await logIn(world.test, 'planner-w');
    await page.post('/care/forecast/level', {});
    expect(await days(list)).toEqual(['11-24 m01', '11-24 m01', '11-24 m01']);
  });
});

describe('CAR-1 SYS-6 untouched calls leave days that nobody works any more', () => {
  it('leave noted: the calls of those days go to the next days with room, promises and touched calls stay', async () => {
    const list = await people(4);
    await world.run(TUESDAY);
    expect(await days(list)).toEqual(['11-24 m01', '11-24 m01', '11-25 m01', '11-25 m01']);
    await world.test.db.run(sql`update calls.task set attempts = 1, last_outcome = 'no_answer', last_attempt_at = ${world.test.clock.now()}
      where id = (select min(id) from calls.task where due_on = ${WEDNESDAY})`);
    await change(() => supervisor.post('/users/m01/absences', { from: WEDNESDAY, to: WEDNESDAY, kind: 'leave' }));
    expect(await days(list)).toEqual(['11-24 m01', '11-24 m01', '11-25 m01', '11-26 m01']);
    expect(await dueDays(list)).toEqual(['11-24', '11-24', '11-25', '11-26']);
    const moved = await world.test.db.one<{ phone: string }>(sql`
      select l.number as phone from care.due d join customers.line l on l.customer_id = d.customer_id where d.due_on = ${THURSDAY} and d.state = 'open'`);
    const { text } = await world.planner.get(`/care/explanations?phone=${encodeURIComponent(moved.phone)}&date=${TUESDAY}`);
    expect(text).toContain('超过了客户经理的容量');
    const told = await world.test.db.rows(sql`select why from care.replan`);
    expect(told).toEqual([{ why: 'load' }]);
  });

  it('a smaller capacity, by hand or by the list of people: calls go to days with room; a larger one leaves them where they are promised', async () => {
    const list = await people(4);
    await world.run(TUESDAY);
    const admin = await callAs(world.test, 'admin');
    await change(() => admin.patch('/users/m01', { dailyCapacity: 1 }));
    expect(await days(list)).toEqual(['11-24 m01', '11-25 m01', '11-26 m01', '11-27 m01']);
    expect((await world.test.db.rows(sql`select distinct why from care.replan`)).map(({ why }) => why)).toEqual(['load']);
    await world.test.db.run(
      sql`update calls.task set due_on = ${TUESDAY} where customer_id = any(${list.map(({ id }) => id)}::bigint[]) and due_on <= ${THURSDAY}`,
    );
    world.test.clock.advance(120_000);
    const { state } = await handIn(world.test, admin, 'feed=users', 'username,name,role,org_unit,daily_capacity\nm01,林晓雯,manager,east-1,2\n');
    await drainJobs(world.test.app);
    expect([state, await days(list)]).toEqual(['done', ['11-24 m01', '11-24 m01', '11-25 m01', '11-27 m01']]);
  });

  it('a change of a person that leaves the capacity as it is moves nothing', async () => {
    const list = await people(3);
    await world.run(TUESDAY);
    await world.test.db.run(sql`update calls.task set due_on = ${TUESDAY} where customer_id = any(${list.map(({ id }) => id)}::bigint[])`);
    await change(async () => (await callAs(world.test, 'admin')).patch('/users/m01', { dailyCapacity: 2, name: '林晓雯' }));
    expect(await days(list)).toEqual(['11-24 m01', '11-24 m01', '11-24 m01']);
  });

  it('somebody stands in: the deputy makes the calls on their days, once none can wait', async () => {
    const list = await people(2);
    await world.run(TUESDAY);
    await world.test.db.run(sql`update calls.task set deadline_on = ${TUESDAY} where customer_id = any(${list.map(({ id }) => id)}::bigint[])`);
    await change(() => supervisor.post('/users/m01/absences', { from: TUESDAY, to: TUESDAY, kind: 'leave', deputy: 'm02' }));
    expect(await days(list)).toEqual(['11-24 m02 over', '11-24 m02 over']);
  });

  it('no day keeps the promise: they stay and are flagged; the absence called off, the flag goes', async () => {
    const list = await people(2);
    await world.run(TUESDAY);
    const made = await supervisor.post('/users/m01/absences', { from: TUESDAY, to: LAST, kind: 'leave' });
    await drainJobs(world.test.app);
    expect(await days(list)).toEqual(['11-24 m01 over', '11-24 m01 over']);
    const path = `/api/v1/users/m01/absences/${(made.body as { id: string }).id}`;
    await change(() => world.test.http.delete(path).set('authorization', `Bearer ${supervisor.token}`));
    expect(await days(list)).toEqual(['11-24 m01', '11-24 m01']);
  });

  it('a day off by the calendar is left by all', async () => {
    const list = [...(await people(2)), ...(await people(1, 'm02'))];
    await world.run(TUESDAY);
    const admin = await callAs(world.test, 'admin');
    await change(() => admin.put('/calendar/days?year=2026', { days: [{ day: TUESDAY, working: false, name: '停电' }] }));
    expect(await days(list)).toEqual(['11-25 m01', '11-25 m01', '11-25 m02']);
  });

  it('a new manager takes calls over on days that have room for them', async () => {
    const list = [...(await people(2)), ...(await people(2, 'm02'))];
    await world.run(TUESDAY);
    await change(() => supervisor.patch(`/customers/${list[0]?.id}`, { manager: 'm02' }));
    expect(await days(list)).toEqual(['11-24 m01', '11-24 m02', '11-24 m02', '11-25 m02']);
  });

  it('CAR-4 a birthday call put before the day of leave still keeps the wish', async () => {
    await world.enable('birthday', { sms: false, callStars: [5], horizonDays: 10 });
    const who = await person(world.test.db, { star: 5, birthday: { calendar: 'solar', month: 11, day: 26 } });
    await world.run(TUESDAY, ['birthday']);
    expect(await days([who])).toEqual(['11-26 m01']);
    await change(() => supervisor.post('/users/m01/absences', { from: THURSDAY, to: THURSDAY, kind: 'leave' }));
    const due = await world.test.db.one(
      sql`select due_on as day, counts_from as "from" from care.due where customer_id = ${who.id} and rule_code = 'birthday'`,
    );
    expect(due).toEqual({ day: WEDNESDAY, from: WEDNESDAY });
    await world.test.db.run(sql`update care.rule set enabled = false where code = 'birthday'`);
  });

  it('a second time nothing moves', async () => {
    await people(4);
    await world.run(TUESDAY);
    await change(() => supervisor.post('/users/m01/absences', { from: TUESDAY, to: THURSDAY, kind: 'leave' }));
    const before = await world.test.db.rows(sql`select ctid::text, xmin::text from calls.task order by 1`);
    await change(() => supervisor.put('/users/m02/rota/days', { days: [{ day: LAST, share: 50, note: '半天' }] }));
    expect(await world.test.db.rows(sql`select ctid::text, xmin::text from calls.task order by 1`)).toEqual(before);
  });
});
