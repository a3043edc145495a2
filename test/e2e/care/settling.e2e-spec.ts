import { CareJobs } from '../../../src/care/care.jobs.js';
import { LeftMessages } from '../../../src/care/left-messages.commands.js';
import { uuidAt } from '../../../src/kernel/ids.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { callAs } from '../../support/house.js';
import { CareWorld, contacted, person, type Person, roamed } from './care-world.js';

const TODAY = '2026-11-24';
let world: CareWorld;

beforeAll(async () => {
  world = await CareWorld.open();
  await world.enable('star-revisit', { period: 'rolling' });
  await world.enable('birthday');
  await world.enable('roaming-return');
});
afterAll(() => world.test.close());

const states = async (who: Person): Promise<Record<string, string>> =>
  Object.fromEntries((await world.due(who)).filter(({ channel }) => channel === 'call').map(({ rule, state }) => [rule, state]));

async function planned(facts: Parameters<typeof person>[1] = {}): Promise<{ who: Person; taskId: string }> {
  const who = await person(world.test.db, { star: 7, birthday: { calendar: 'solar', month: 11, day: 24 }, ...facts });
  await roamed(world.test.db, who, { month: '2026-10-01' });
  await world.run(TODAY);
  return { who, taskId: (await world.due(who)).find(({ taskId }) => taskId)?.taskId ?? '' };
}

async function record(taskId: string, body: object): Promise<string> {
  const m01 = await callAs(world.test, 'm01'); // a login of half a day, where days go by
  await m01.post(`/tasks/${taskId}/claim`);
  const answer = await m01.post(`/tasks/${taskId}/attempts`, { talkSeconds: 40, ...body });
  if (answer.status !== 201) throw new Error(answer.text);
  await drainJobs(world.test.app);
  return (answer.body as { id: string }).id;
}

describe('CAR-1 a visit closes what it has kept', () => {
  it('all reasons of the call when nothing is ticked', async () => {
    const { who, taskId } = await planned();
    await record(taskId, { outcome: 'reached' });
    expect(await states(who)).toEqual({ 'star-revisit': 'done', birthday: 'done', 'roaming-return': 'done' });
  });

  it('the ticked reasons; the others are shown as not reached', async () => {
    const { who, taskId } = await planned();
    await record(taskId, { outcome: 'reached', topics: ['birthday'] });
    expect(await states(who)).toEqual({ 'star-revisit': 'done', birthday: 'done', 'roaming-return': 'not_reached' });
  });

  it('not by an outcome that is no visit', async () => {
    const { who, taskId } = await planned();
    await record(taskId, { outcome: 'no_answer', talkSeconds: 0 });
    expect(await states(who)).toEqual({ 'star-revisit': 'open', birthday: 'open', 'roaming-return': 'open' });
  });

  it('a task that ends without a visit closes them as not reached', async () => {
    const { who, taskId } = await planned();
    await record(taskId, { outcome: 'do_not_call' });
    expect(new Set(Object.values(await states(who)))).toEqual(new Set(['not_reached']));
  });

  it('a visit on another campaign keeps the revisit, and the task leaves the list when nothing else is owed', async () => {
    const who = await person(world.test.db, { star: 6 });
    await world.run(TODAY);
    const [due] = await world.due(who);
    const answer = await (
      await world.house('m01')
    ).post(`/customers/${who.id}/contacts`, { channel: 'inbound', outcome: 'reached', talkSeconds: 60 });
    expect(answer.status).toBe(201);
    await drainJobs(world.test.app);
    expect(await states(who)).toEqual({ 'star-revisit': 'done' });
    expect(await world.test.db.one(sql`select state, close_reason as why from calls.task where id = ${due?.taskId ?? ''}`)).toEqual({
      state: 'cancelled',
      why: 'care_fulfilled',
    });
  });

  it('imported history keeps it at the next run, and the next promise is counted from there', async () => {
    const who = await person(world.test.db, { star: 6 });
    await world.run(TODAY);
    await contacted(world.test.db, who, { on: '2026-10-10' });
    await world.run(TODAY);
    expect((await world.due(who)).map(({ cycle, state, deadlineOn }) => `${cycle} ${state} ${deadlineOn}`)).toEqual([
      'after 2026-10-10 open 2026-12-10',
      `never done ${TODAY}`,
    ]);
  });
});

describe('CAM-6 a correction opens again what the outcome had closed', () => {
  it('and what it had called off', async () => {
    const { who, taskId } = await planned();
    const attempt = await record(taskId, { outcome: 'reached' });
    const supervisor = await world.house('supervisor-e');
    const answer = await supervisor.patch(`/attempts/${attempt}`, { outcome: 'no_answer', reason: '录音里没有人接' });
    expect(answer.status).toBe(200);
    await drainJobs(world.test.app);
    expect(await states(who)).toEqual({ 'star-revisit': 'open', birthday: 'open', 'roaming-return': 'open' });
  });

  it('a task that another call had settled comes back to the list', async () => {
    const who = await person(world.test.db, { star: 6 });
    await world.run(TODAY);
    const [due] = await world.due(who);
    const contact = await (
      await world.house('m01')
    ).post(`/customers/${who.id}/contacts`, { channel: 'inbound', outcome: 'reached', talkSeconds: 60 });
    await drainJobs(world.test.app);
    await (
      await world.house('supervisor-e')
    ).patch(`/attempts/${(contact.body as { id: string }).id}`, { outcome: 'wrong_person', reason: '是家人接的' });
    await drainJobs(world.test.app);
    expect(await states(who)).toEqual({ 'star-revisit': 'open' });
    expect(await world.test.db.one(sql`select state from calls.task where id = ${due?.taskId ?? ''}`)).toEqual({ state: 'open' });
  });
});

it('CAR-4 a receipt closes the promise of its message within the minute; one that arrives at another try has kept it after all', async () => {
  const { test } = world;
  await world.enable('sms-visit', {});
  const who = await person(test.db, { star: 6, birthday: { calendar: 'solar', month: 11, day: 24 } });
  await world.run(TODAY, ['birthday']);
  const message = async (state: string): Promise<unknown> => {
    test.clock.advance(60_000); // ids of one millisecond have no order: the message comes after what the plan sent
    await test.db.run(sql`
      with t as (
        insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
        values (gen_random_uuid(), true, 'confirmed', ${who.id}, ${who.phone}, 'sms', 'care', 'test', ${test.clock.now()}) returning id)
      insert into messaging.message (id, blast_id, customer_id, line_id, number, touch_id, purpose, body, parts, encoding, gateway_code, state, created_at, finished_at)
      select ${uuidAt(test.clock.now())}, d.blast_id, ${who.id}, ${who.lineId}, ${who.phone}, t.id, 'care', '您好', 1, 'ucs2', 'simulator', ${state}, ${test.clock.now()}, ${test.clock.now()}
      from t, care.due d where d.customer_id = ${who.id} and d.channel = 'sms'`);
    await test.app.get(CareJobs, { strict: false }).closeAnswered();
    return (await world.due(who)).filter(({ channel }) => channel === 'sms').map(({ state: now }) => now);
  };
  expect((await world.due(who)).filter(({ channel }) => channel === 'sms').map(({ state }) => state)).toEqual(['open']);
  expect(await message('undelivered')).toEqual(['not_reached']);
  expect(await message('delivered')).toEqual(['done']);
  expect(await message('undelivered')).toEqual(['done']);
});

/** Last, for days go by. */
describe('CAR-1 after three attempts on different days a message is left', () => {
  it('once, by the operator’s name, and the visit is shown as not reached, SMS left', async () => {
    const { test } = world;
    const { taskId } = await planned({ birthday: null });
    const left = () =>
      test.db.rows<{ code: string; text: string }>(sql`
        select p.code, m.body as text from messaging.message m join messaging.template p on p.id = m.template_id where m.task_id = ${taskId}`);
    for (let day = 1; day <= 3; day += 1) {
      expect(await left()).toEqual([]);
      test.clock.advance(24 * 3_600_000);
      await record(taskId, { outcome: 'no_answer', talkSeconds: 0 });
    }
    const messages = await left();
    expect(messages.map(({ code }) => code)).toEqual(['star-revisit-missed']);
    expect(messages[0]?.text).toMatch(/^【中国电信】.*今天致电回访未能与您联系上/);
    await test.app.get(LeftMessages, { strict: false }).leave(taskId);
    expect(await left()).toHaveLength(1);
    for (let minute = 0; minute < 5; minute += 1) {
      test.clock.advance(60_000);
      await drainJobs(test.app);
    }
    const visit = await test.db.one<{ left: boolean }>(
      sql`select sms_left as left from reporting.visit where task_id = ${taskId} and rule_code = 'star-revisit'`,
    );
    expect(visit.left).toBe(true);
  });
});

describe('CAR-1 CAR-4 a birthday on a day off at the beginning of a period', () => {
  let early: CareWorld;
  beforeAll(async () => {
    early = await CareWorld.open({ now: '2026-07-31T09:00:00+08:00' }); // a Friday
    await early.enable('star-revisit', { period: 'calendar' });
    await early.enable('birthday');
  });
  afterAll(() => early.test.close());
  const calls = async (who: Person): Promise<object[]> => (await early.due(who)).filter(({ channel }) => channel === 'call');

  it('is wished before it, and the visit of the new period has a call of its own', async () => {
    const who = await person(early.test.db, { star: 7, birthday: { calendar: 'solar', month: 8, day: 1 } });
    await contacted(early.test.db, who, { on: '2026-07-10' });
    await early.run('2026-07-31');
    expect(await calls(who)).toMatchObject([
      { rule: 'birthday', dueOn: '2026-07-31' },
      { rule: 'star-revisit', cycle: '2026-08', dueOn: '2026-08-03' },
    ]);
  });

  it('a visit told along before it counts is planned anew', async () => {
    const who = await person(early.test.db, { star: 7, birthday: { calendar: 'solar', month: 8, day: 1 } });
    await contacted(early.test.db, who, { on: '2026-07-10' });
    await early.run('2026-07-31');
    const [birthday] = (await early.due(who)).filter(({ rule, channel }) => rule === 'birthday' && channel === 'call');
    // as a plan of before would have left it: both in the call of the birthday
    await early.test.db.run(sql`
      with told as (update care.due set task_id = ${birthday?.taskId}, due_on = '2026-07-31' where customer_id = ${who.id} and rule_code = 'star-revisit' returning 1)
      delete from calls.task where customer_id = ${who.id} and id <> ${birthday?.taskId} and exists (select from told)`);
    const m01 = await callAs(early.test, 'm01');
    await m01.post(`/tasks/${birthday?.taskId}/claim`);
    expect((await m01.post(`/tasks/${birthday?.taskId}/attempts`, { outcome: 'reached', talkSeconds: 40 })).status).toBe(201);
    await drainJobs(early.test.app);
    expect(await calls(who)).toMatchObject([
      { rule: 'birthday', state: 'done' },
      { rule: 'star-revisit', state: 'cancelled' },
    ]);
    early.test.clock.set(new Date('2026-08-03T06:00:00+08:00'));
    await early.run('2026-08-03', undefined, await callAs(early.test, 'planner-e'));
    expect(await calls(who)).toMatchObject([{ rule: 'birthday' }, { rule: 'star-revisit', state: 'open', cycle: '2026-08' }]);
  });
});
