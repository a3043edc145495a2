import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { logIn } from '../../support/visitor.js';
import { CareWorld, person, type Person, roamed } from './care-world.js';

/** A Monday. */
const TODAY = '2026-12-07';
const TUESDAY = '2026-12-08';
const WEDNESDAY = '2026-12-09';

let world: CareWorld;

interface Call {
  owner: string;
  on: string;
  promised: string;
  over: boolean;
}
const callOf = async ({ id }: Person): Promise<Call> =>
  world.test.db.one<Call>(sql`
    select u.username as owner, t.due_on as "on", d.due_on as promised, t.over_capacity as over from calls.task t
    join staff.app_user u on u.id = t.owner_id join care.due d on d.task_id = t.id and d.state = 'open' where t.customer_id = ${id}`);
const called = (owner: string, on: string, over = false): Call => ({ owner, on, promised: on, over });
const why = ({ id }: Person): Promise<{ why: string }[]> => world.test.db.rows(sql`select why from care.replan where customer_id = ${id}`);

/** Somebody whose call about roaming, which can wait until the last day of the year, stands on that day. */
async function roamer(on: string, star = 5): Promise<Person> {
  const who = await person(world.test.db, { star });
  await roamed(world.test.db, who, { month: '2026-11-01', returnedOn: '2026-11-20' });
  await world.run(TODAY, ['roaming-return']);
  await stand(who, on);
  return who;
}
/** Somebody whose birthday is on that day: the call can be made on no other. */
async function celebrant(on: string): Promise<Person> {
  const [month, day] = [Number(on.slice(5, 7)), Number(on.slice(8, 10))];
  const who = await person(world.test.db, { star: 6, birthday: { month, day, calendar: 'solar' } });
  await world.run(TODAY, ['birthday']);
  expect((await callOf(who)).on).toBe(on);
  return who;
}
async function stand({ id }: Person, on: string): Promise<void> {
  await world.test.db.run(sql`update calls.task set due_on = ${on} where customer_id = ${id}`);
  await world.test.db.run(sql`update care.due set due_on = ${on} where customer_id = ${id} and channel = 'call'`);
}
async function away(username: string, absence: object): Promise<void> {
  const answer = await (
    await world.house('supervisor-e')
  ).post(`/users/${username}/absences`, { from: TUESDAY, to: TUESDAY, kind: 'leave', ...absence });
  if (answer.status !== 201) throw new Error(answer.text);
  await drainJobs(world.test.app);
}
async function days(username: string, daily: number): Promise<void> {
  await (await world.house('admin')).patch(`/users/${username}`, { dailyCapacity: daily });
}
const set = async (day: string, working: boolean): Promise<void> => {
  const answer = await (
    await world.house('admin')
  ).put(`/calendar/days?year=${day.slice(0, 4)}`, { days: [{ day, working, name: working ? '' : '台风停工' }] });
  if (answer.status !== 200) throw new Error(answer.text);
  await drainJobs(world.test.app);
};
const missed = async (): Promise<string> => (await (await logIn(world.test, 'supervisor-e')).get('/care/missed')).text;

beforeAll(async () => {
  world = await CareWorld.open({ now: `${TODAY}T08:30:00+08:00` });
  await world.enable('roaming-return');
  await world.enable('birthday', { sms: false, horizonDays: 30 });
});
afterAll(() => world.test.close());
beforeEach(async () => {
  await world.test.db.run(sql`update calls.task set state = 'cancelled' where state = 'open'`);
  await world.test.db.run(sql`update care.due set state = 'cancelled' where state = 'open'`);
  await world.test.db.run(sql`update calendar.absence set cancelled_at = now() where cancelled_at is null`);
  await world.test.db.run(sql`delete from calendar.rota_day`);
  await days('m01', 60);
});

describe('CAR-1 SYS-6 an absence makes room for itself', () => {
  it('what can wait goes to another day of the same manager, though somebody stands in; what cannot goes to the deputy', async () => {
    const [roaming, birthday] = [await roamer(TUESDAY), await celebrant(TUESDAY)];
    await away('m01', { deputy: 'm02' });
    expect(await callOf(roaming)).toEqual(called('m01', WEDNESDAY));
    expect(await callOf(birthday)).toEqual(called('m02', TUESDAY, true));
    expect(await why(roaming)).toEqual([{ why: 'load' }]);
    const { body } = await world.planner.get(`/care/explanations?phone=${encodeURIComponent(roaming.phone)}&date=${TODAY}`);
    expect(JSON.stringify(body)).toContain('超过了客户经理的容量');
  });

  it('no day gets more than it holds, and none of the days away gets any', async () => {
    await days('m01', 1);
    await roamer(TODAY);
    const people = [await roamer(TUESDAY, 4), await roamer(WEDNESDAY, 5)];
    await away('m01', { to: '2026-12-10', kind: 'training' });
    expect((await Promise.all(people.map(callOf))).map(({ on, over }) => ({ on, over }))).toEqual([
      { on: '2026-12-11', over: false },
      { on: '2026-12-14', over: false },
    ]);
  });

  it('without a deputy it stays, flagged, and stands on the list of misses at once', async () => {
    await (await logIn(world.test, 'planner-e')).post('/care/forecast/again', {});
    await drainJobs(world.test.app);
    await days('m01', 1);
    await roamer(TODAY);
    const who = await celebrant(TUESDAY);
    const { name } = await world.test.db.one<{ name: string }>(sql`select name from customers.customer where id = ${who.id}`);
    expect(await missed()).not.toContain(name);
    await away('m01', {});
    expect(await callOf(who)).toEqual(called('m01', TUESDAY, true));
    const page = await missed();
    expect(page).toContain(name);
    expect(page).toContain('经理在到期前不在岗');
  });

  it('a deputy who is away as well is none', async () => {
    await days('m01', 1);
    await roamer(TODAY);
    const who = await celebrant(TUESDAY);
    const { name } = await world.test.db.one<{ name: string }>(sql`select name from customers.customer where id = ${who.id}`);
    await away('m02', {});
    await away('m01', { deputy: 'm02' });
    expect(await callOf(who)).toEqual(called('m01', TUESDAY, true));
    expect(await missed()).toContain(name);
  });

  it('half a day for a visit moves only what does not fit: who can wait longest and has fewer stars; the rest the deputy makes', async () => {
    await days('m01', 2);
    const [four, five] = [await roamer(TUESDAY, 4), await roamer(TUESDAY, 5)];
    await away('m01', { kind: 'on-site', part: 'morning', deputy: 'm02' });
    expect(await callOf(five)).toEqual(called('m01', TUESDAY));
    expect(await callOf(four)).toEqual(called('m01', WEDNESDAY));
    await world.test.db.run(sql`update calendar.absence set cancelled_at = now() where cancelled_at is null`);
    await world.test.db.run(sql`update calls.task set state = 'cancelled' where state = 'open'`);
    const birthdays = [await celebrant(WEDNESDAY), await celebrant(WEDNESDAY)];
    await away('m01', { from: WEDNESDAY, to: WEDNESDAY, kind: 'on-site', part: 'morning', deputy: 'm02' });
    const owners = (await Promise.all(birthdays.map(callOf))).map(({ owner, on }) => `${owner} ${on}`).sort();
    expect(owners).toEqual([`m01 ${WEDNESDAY}`, `m02 ${WEDNESDAY}`]);
  });

  it.each([
    ['has been tried', sql`attempts = 1`],
    ['is held', sql`state = 'claimed', claimed_by = owner_id, lease_until = '2026-12-07T23:00:00+08:00'`],
  ])('a call that %s keeps its day', async (_, touched) => {
    const who = await roamer(TUESDAY);
    await world.test.db.run(sql`update calls.task set ${touched} where customer_id = ${who.id}`);
    await away('m01', {});
    expect(await callOf(who)).toEqual(called('m01', TUESDAY));
  });

  it('a day off in the rota does the same', async () => {
    const who = await roamer(TUESDAY);
    const answer = await (await world.house('supervisor-e')).put('/users/m01/rota/days', { days: [{ day: TUESDAY, share: 0, note: '调休' }] });
    expect(answer.status).toBe(204);
    await drainJobs(world.test.app);
    expect(await callOf(who)).toEqual(called('m01', WEDNESDAY));
  });

  it('the same news twice moves nothing twice', async () => {
    const who = await roamer(TUESDAY);
    await away('m01', {});
    const before = await why(who);
    await world.run(TODAY, ['roaming-return']);
    await drainJobs(world.test.app);
    expect(await callOf(who)).toEqual(called('m01', WEDNESDAY));
    expect(await why(who)).toEqual(before);
  });
});

describe('CAR-1 CAR-5 a day that is worked no more is emptied', () => {
  it('by hand: calls of all managers go to days after it, a birthday to the working day before', async () => {
    const [roaming, birthday, elsewhere] = [await roamer(TUESDAY), await celebrant(TUESDAY), await roamer(WEDNESDAY)];
    await set(TUESDAY, false);
    expect(await callOf(roaming)).toEqual(called('m01', WEDNESDAY));
    expect(await callOf(birthday)).toEqual(called('m01', TODAY));
    expect(await callOf(elsewhere)).toEqual(called('m01', WEDNESDAY));
    await set(TUESDAY, true);
    expect(await callOf(roaming)).toEqual(called('m01', WEDNESDAY));
  });

  it('a call for which no other day has room is flagged and said to be missed', async () => {
    await days('m01', 1);
    const [, who] = [await roamer(TODAY), await roamer(TUESDAY)];
    await world.test.db.run(sql`update calls.task set deadline_on = ${TUESDAY} where customer_id = ${who.id}`);
    await world.test.db.run(sql`update care.due set deadline_on = ${TUESDAY} where customer_id = ${who.id}`);
    await set(TUESDAY, false);
    expect(await callOf(who)).toEqual(called('m01', TUESDAY, true));
    const { name } = await world.test.db.one<{ name: string }>(sql`select name from customers.customer where id = ${who.id}`);
    expect(await missed()).toContain(name);
    await set(TUESDAY, true);
  });

  it('by the official notice', async () => {
    const who = await person(world.test.db, { star: 7 });
    await world.enable('star-revisit', { horizonDays: 60 });
    await world.run(TODAY, ['star-revisit']);
    const inJanuary = (): Promise<{ on: string }[]> =>
      world.test.db.rows(sql`
        select t.due_on as "on" from calls.task t join care.due d on d.task_id = t.id
        where t.customer_id = ${who.id} and d.cycle = '2027-01' and d.state = 'open' and t.due_on = d.due_on`);
    await world.test.db.run(sql`update calls.task set due_on = '2027-01-04' where customer_id = ${who.id} and cycle = '2027-01'`);
    await world.test.db.run(sql`update care.due set due_on = '2027-01-04' where customer_id = ${who.id} and cycle = '2027-01'`);
    const notice = '日期,类型,名称\n2027-01-01,休,元旦\n2027-01-04,休,元旦\n';
    const answer = await (await world.house('admin')).upload('/calendar/notice?year=2027', notice, 'notice.csv');
    expect([answer.status, (answer.body as { applied: boolean }).applied]).toEqual([200, true]);
    await drainJobs(world.test.app);
    const [call] = await inJanuary();
    expect(call?.on).toMatch(/^2027-01-/);
    expect(call?.on).not.toBe('2027-01-04');
  });
});
