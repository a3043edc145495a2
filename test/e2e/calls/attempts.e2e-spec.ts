import { sql } from '../../../src/platform/database/sql.js';
import { logIn } from '../../support/visitor.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { type Attempt, CallCentre, must, refusal, type Task } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(() => centre.clear());
afterAll(() => test.close());

const attemptsInBooks = async (): Promise<number> => (await test.db.one<{ n: number }>(sql`select count(*)::int as n from calls.attempt`)).n;

/** One customer on the list of m01, taken. */
async function held(options: object = {}): Promise<Task> {
  await centre.customers('m01', [7]);
  await centre.campaign('c1', options);
  return centre.take('m01');
}

describe('CAM-6 an outcome is refused', () => {
  it.each<[string, object, string]>([
    ['that nobody knows', { outcome: 'fine', talkSeconds: 0 }, '422 outcome_unknown outcome'],
    ['that is missing', { talkSeconds: 0 }, '422 invalid_input outcome'],
    ['with a reason nobody knows', { outcome: 'refused', reason: 'weather', talkSeconds: 9 }, '422 reason_unknown reason'],
    ['with a negative talk time', { outcome: 'reached', talkSeconds: -1 }, '422 invalid_input talkSeconds'],
    ['callback without a time', { outcome: 'callback', talkSeconds: 9 }, '422 callback_at_missing callbackAt'],
    ['callback in the past', { outcome: 'callback', talkSeconds: 9, callbackAt: '2026-11-24T09:00:00+08:00' }, '422 callback_in_past callbackAt'],
    ['callback at night', { outcome: 'callback', talkSeconds: 9, callbackAt: '2026-11-24T22:00:00+08:00' }, '422 callback_in_quiet_hours callbackAt'],
    [
      'that begins in the future',
      { outcome: 'reached', talkSeconds: 9, startedAt: '2026-11-24T11:00:00+08:00' },
      '422 started_at_in_future startedAt',
    ],
    [
      'callback on a day that never comes',
      { outcome: 'callback', talkSeconds: 9, callbackAt: '2026-11-31T15:00:00+08:00' },
      '422 invalid_input callbackAt',
    ],
    ['callback on a day without a minute', { outcome: 'callback', talkSeconds: 9, callbackAt: '2026-11-25' }, '422 invalid_input callbackAt'],
    ['that begins at no moment', { outcome: 'reached', talkSeconds: 9, startedAt: true }, '422 invalid_input startedAt'],
    ['that begins in another spelling', { outcome: 'reached', talkSeconds: 9, startedAt: '11/24/2026 09:31' }, '422 invalid_input startedAt'],
    ['with a field nobody knows', { outcome: 'reached', talkSeconds: 9, colour: 'red' }, '422 invalid_input colour'],
  ])('%s, and nothing is recorded', async (_name, form, expected) => {
    const task = await held();
    const m01 = await centre.house('m01');
    expect(await refusal(m01.post(`/tasks/${task.id}/attempts`, form))).toBe(expected);
    expect(await attemptsInBooks()).toBe(0);
    expect((await centre.take('m01')).id).toBe(task.id);
  });

  it('is read in Shanghai where a moment names no zone', async () => {
    const task = await held();
    const form = { outcome: 'callback', talkSeconds: 9, startedAt: '2026-11-24T09:59:00', callbackAt: '2026-11-24T15:00' };
    const attempt = (await must((await centre.house('m01')).post(`/tasks/${task.id}/attempts`, form), 201)) as { startedAt: string };
    expect(attempt.startedAt).toBe('2026-11-24T01:59:00.000Z');
    expect((await centre.tasks('m01')).map(({ callbackAt }) => callbackAt)).toEqual(['2026-11-24T07:00:00.000Z']);
  });

  it('at night with the nearest choices', async () => {
    const task = await held();
    const form = { outcome: 'callback', talkSeconds: 9, callbackAt: '2026-11-24T22:00:00+08:00' };
    const answer = await (await centre.house('m01')).post(`/tasks/${task.id}/attempts`, form);
    expect((answer.body as { error: { message: string } }).error.message).toBe('22:00 在静默时段，最近可选 18:30 / 11-25 09:00');
  });

  it('for a task that is not held', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
    const [task] = await centre.tasks('m01');
    expect(await refusal((await centre.house('m01')).post(`/tasks/${task?.id}/attempts`, { outcome: 'reached', talkSeconds: 9 }))).toBe(
      '409 lease_lost',
    );
    expect(await refusal((await centre.house('m01')).post(`/tasks/none/attempts`, { outcome: 'reached', talkSeconds: 9 }))).toBe('404 not_found');
  });

  it('R39 by the database itself when no allowed touch stands behind it', async () => {
    const task = await held();
    await test.db.run(sql`insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
      values ('01930000-0000-7000-8000-000000000001', false, 'refused', ${task.customer.id}, '+8613900000000', 'call', 'marketing', 'test', ${test.clock.now()})`);
    const insert = test.db.run(sql`
      insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_source, created_at)
      select platform.uuid_v7(${test.clock.now()}), campaign_id, customer_id, line_id, owner_id, '01930000-0000-7000-8000-000000000001', 1,
             ${test.clock.now()}, 'reached', 'agent', 'self', ${test.clock.now()} from calls.task where id = ${task.id}`);
    await expect(insert).rejects.toThrow(/foreign key/);
  });
});

describe('CAM-6 a recorded outcome', () => {
  it('reached closes the task; the touch is confirmed and the next customer is free', async () => {
    const task = await held();
    const attempt = await centre.record('m01', task.id, { outcome: 'reached', talkSeconds: 60, topics: ['c1'], note: '聊得好' });
    expect(attempt).toMatchObject({ ordinal: 1, outcome: 'reached', flags: [], order: null, task: { state: 'done' } });
    expect(await centre.touches('confirmed')).toHaveLength(1);
    expect(await centre.next('m01')).toEqual({ reason: 'empty' });
    const timeline = await must((await centre.house('m01')).get(`/customers/${task.customer.id}/timeline`), 200);
    expect(timeline).toMatchObject({ items: [{ channel: 'call', stateZh: '已触达', talkSeconds: 60, text: '聊得好' }], nextCursor: null });
  });

  it('CAM-4 no answer waits for another time of day, and the third attempt closes the task', async () => {
    const task = await held();
    const first = await centre.record('m01', task.id, { outcome: 'no_answer' });
    expect(first.task).toEqual({ state: 'open', notBefore: '2026-11-24T06:00:00.000Z', callbackAt: null });
    await centre.moveTo('2026-11-24T14:00');
    expect((await centre.call('m01', { outcome: 'busy' })).attempt).toMatchObject({ ordinal: 2, task: { state: 'open' } });
    await centre.moveTo('2026-11-25T09:00');
    expect((await centre.call('m01', { outcome: 'powered_off' })).attempt).toMatchObject({ ordinal: 3, task: { state: 'not_reached' } });
  });

  it('converted without an order opens one, flagged; with one it stands as given', async () => {
    const task = await held();
    const attempt = await centre.record('m01', task.id, { outcome: 'converted', talkSeconds: 90 });
    expect(attempt).toMatchObject({ flags: ['order_missing'], order: { product: null, state: 'open' }, task: { state: 'done' } });
  });

  it('CAM-9 an order number that belongs to another order is refused', async () => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('c1');
    const order = { product: '畅享239', orderNo: 'A1', termsRead: true };
    expect((await centre.call('m01', { outcome: 'converted', talkSeconds: 90, order })).attempt.order).toMatchObject({
      product: '畅享239',
      state: 'open',
    });
    const second = await centre.take('m01');
    const answer = (await centre.house('m01')).post(`/tasks/${second.id}/attempts`, { outcome: 'converted', talkSeconds: 90, order });
    expect(await refusal(answer)).toBe('409 order_no_taken order.orderNo');
    expect(await attemptsInBooks()).toBe(1);
  });

  it('GOV-2 do not call blocks the number for every other list', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('c1', { kind: 'care' });
    await centre.campaign('c2', { kind: 'care' });
    await centre.call('m01', { outcome: 'do_not_call', talkSeconds: 12 });
    expect(await centre.next('m01')).toEqual({ reason: 'all_capped' });
    expect((await centre.touches('refused'))[0]?.reasons).toEqual(['blocked']);
  });

  it('GOV-7 a refusal rests the product family, and care goes on', async () => {
    const task = await held({ productFamily: '5g' });
    await centre.record('m01', task.id, { outcome: 'refused', reason: 'tariff', talkSeconds: 30 });
    const cooling = await test.db.one<{ family: string; until: Date }>(sql`select family, until from contact.cooling_off`);
    expect(cooling.family).toBe('5g');
    expect(cooling.until.toISOString()).toBe('2027-02-22T02:00:00.000Z');
  });

  it('GOV-7 how long it rests is a setting: longer at a planner’s word, shorter at an administrator’s alone', async () => {
    const rule = async (who: string, settings: object) => {
      const client = await centre.house(who);
      const { version } = (await must(client.get('/contact/rules'), 200)) as { version: string };
      return client.put('/contact/rules/cooling_off', { version, settings });
    };
    const until = async (family: string): Promise<string> => {
      await centre.campaign(family, { productFamily: family });
      await centre.call('m01', { outcome: family === 'sold' ? 'converted' : 'refused', talkSeconds: 0 });
      return (await test.db.one<{ until: Date }>(sql`select until from contact.cooling_off where family = ${family}`)).until.toISOString();
    };
    await centre.customers('m01', [7]);
    expect(await refusal(rule('planner-e', { 'rests.afterRefusal': 60 }))).toBe('422 invalid_input rests.afterRefusal');
    expect(await refusal(rule('planner-e', { 'leastRests.afterRefusal': 60 }))).toBe('422 invalid_input leastRests.afterRefusal');
    await must(rule('planner-e', { 'rests.afterRefusal': 120 }), 200);
    expect(await until('5g')).toBe('2027-03-24T02:00:00.000Z');
    await must(rule('admin', { 'leastRests.afterSuccess': 7, 'rests.afterSuccess': 10 }), 200);
    expect(await until('sold')).toBe('2026-12-04T02:00:00.000Z');
    await must(rule('admin', { 'rests.afterRefusal': 90, 'leastRests.afterSuccess': 30, 'rests.afterSuccess': 30 }), 200);
  });

  it('GOV-7 campaigns without a family share one: after a refusal the next one leaves the customer out', async () => {
    const task = await held();
    await centre.record('m01', task.id, { outcome: 'refused', reason: 'tariff', talkSeconds: 30 });
    const planner = await centre.house('planner-e');
    await must(planner.post('/campaigns', { code: 'c2', name: '二', kind: 'marketing', startsOn: '2026-11-01', filter: { starLevel: [7] } }), 201);
    expect(await must(planner.post('/campaigns/c2/preview'), 200, 201)).toMatchObject({ matched: 1, included: 0, excluded: { cooling_off: 1 } });
  });

  it('CAM-8 a number that does not exist is marked on the line', async () => {
    const task = await held();
    await centre.record('m01', task.id, { outcome: 'invalid_number' });
    expect(await test.db.one(sql`select health from customers.line where customer_id = ${task.customer.id}`)).toEqual({ health: 'invalid' });
  });

  it('CUS-2 keeps what the customer told, with the call it was learned in', async () => {
    const task = await held();
    const { id } = await centre.record('m01', task.id, { outcome: 'reached', talkSeconds: 60, profile: { wechat: 'wx8888' } });
    expect(await test.db.one(sql`select field, value, attempt_id from customers.profile_fact`)).toEqual({
      field: 'wechat',
      value: 'wx8888',
      attempt_id: id,
    });
  });

  it('CUS-3 a wrong birthday is corrected in the call: the old one and the apology stay on record', async () => {
    const task = await held();
    const path = `/customers/${task.customer.id}`;
    const m01 = await centre.house('m01');
    await m01.patch(path, { birthday: '1978-11-18', birthdayCalendar: 'solar' });
    const profile = { birthday: '06-06', birthdayCalendar: 'lunar_leap', apologised: 'true' };
    const { id } = await centre.record('m01', task.id, { outcome: 'reached', talkSeconds: 60, profile });
    expect((await m01.get(path)).body).toMatchObject({
      birthday: '06-06',
      birthdayCalendar: 'lunar',
      birthdayLeap: true,
      profile: { birthday: { value: 'lunar leap 06-06', oldValue: '1978-11-18', apologised: true, attemptId: id } },
    });
  });

  it('CUS-2 a call whose facts cannot be true is refused as a whole', async () => {
    const task = await held();
    const m01 = await centre.house('m01');
    for (const profile of [{ birthday: '13-01' }, { email: 'x' }, { name: { first: 'x' } }, { salary: '1' }]) {
      const answer = await m01.post(`/tasks/${task.id}/attempts`, { outcome: 'reached', talkSeconds: 60, profile });
      expect(answer.status).toBe(422);
    }
    expect(await test.db.rows(sql`select 1 from calls.attempt`)).toEqual([]);
  });

  it('R34 handed in twice at once is one attempt', async () => {
    const task = await held();
    const m01 = await centre.house('m01');
    const form = { outcome: 'reached', talkSeconds: 60, startedAt: '2026-11-24T10:00:00+08:00' };
    const answers = await Promise.all([1, 2, 3].map(() => m01.post(`/tasks/${task.id}/attempts`, form)));
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((answer) => (answer.body as Attempt).id)).size).toBe(1);
    expect(await attemptsInBooks()).toBe(1);
  });

  it('R34 with an Idempotency-Key gives the same answer again', async () => {
    const task = await held();
    const m01 = await centre.house('m01');
    const send = (): ReturnType<typeof m01.post> =>
      m01.post(`/tasks/${task.id}/attempts`, { outcome: 'reached', talkSeconds: 60 }, { 'idempotency-key': 'k-1' });
    const first = (await must(send(), 201)) as Attempt;
    expect(((await must(send(), 201)) as Attempt).id).toBe(first.id);
    expect(await attemptsInBooks()).toBe(1);
  });
});

describe('CAM-5 a contact that stood on no list', () => {
  const contact = async (who: string, id: string | undefined, form: object): Promise<string | Attempt> => {
    const answer = await (await centre.house(who)).post(`/customers/${id}/contacts`, form);
    return answer.status === 201 ? (answer.body as Attempt) : `${answer.status} ${(answer.body as { error: { code: string } }).error.code}`;
  };

  it('SYS-1 with somebody else’s customer is refused', async () => {
    const [id] = await centre.customers('m02', [5]);
    expect(await contact('m01', id, { channel: 'call', outcome: 'reached', talkSeconds: 20 })).toBe('404 not_found');
    expect(await contact('supervisor-e', id, { channel: 'inbound', outcome: 'reached' })).toMatchObject({ campaign: 'daily-care' });
  });

  it('GOV-4 is refused by the gate at night, but an inbound call may be noted', async () => {
    const [id] = await centre.customers('m01', [5]);
    await centre.moveTo('2026-11-24T22:00');
    expect(await contact('m01', id, { channel: 'call', outcome: 'reached', talkSeconds: 20 })).toBe('409 quiet_hours');
    expect(await contact('m01', id, { channel: 'inbound', outcome: 'reached', talkSeconds: 20 })).toMatchObject({
      campaign: 'daily-care',
      task: null,
    });
    expect(await centre.touches('refused')).toHaveLength(1);
  });

  it('R35 a promise given ad hoc is one task, and a later contact supersedes it', async () => {
    const [id] = await centre.customers('m01', [5]);
    expect(await contact('m01', id, { channel: 'call', outcome: 'callback' })).toBe('422 callback_at_missing');
    await contact('m01', id, { channel: 'call', outcome: 'callback', talkSeconds: 20, callbackAt: '2026-11-24T16:00:00+08:00' });
    await contact('m01', id, { channel: 'wecom', outcome: 'callback', callbackAt: '2026-11-24T17:00:00+08:00' });
    expect((await centre.tasks('m01')).map((task) => [task.state, task.callbackAt])).toEqual([['open', '2026-11-24T09:00:00.000Z']]);
    await contact('m01', id, { channel: 'inbound', outcome: 'reached', talkSeconds: 60 });
    expect((await centre.tasks('m01')).map((task) => task.state)).toEqual(['done']);
  });

  it('R34 is entered on a page from the customer’s, once however often it is pressed', async () => {
    const [id] = await centre.customers('m01', [5]);
    const page = await logIn(test, 'm01');
    expect((await page.get(`/customers/${id}`)).text).toContain(`href="/customers/${id}/contact"`);
    const { text } = await page.get(`/customers/${id}/contact?channel=visit`);
    expect(text).toMatch(/value="visit" required\s+checked/);
    const shownAt = /name="shownAt" value="([^"]+)"/.exec(text)?.[1] ?? '';
    const form = { channel: 'wecom', outcome: 'reached', talkSeconds: '0', note: '聊了账单', shownAt };
    const answers = await Promise.all([page.post(`/customers/${id}/contact`, form), page.post(`/customers/${id}/contact`, form)]);
    expect(answers.map(({ status, headers }) => `${status} ${headers.location}`)).toEqual([`303 /customers/${id}`, `303 /customers/${id}`]);
    expect(await attemptsInBooks()).toBe(1);
  });

  it('says on the page what is missing and what the gate refuses, and keeps what was typed', async () => {
    const [id] = await centre.customers('m01', [5]);
    const page = await logIn(test, 'm01');
    const shownAt = test.clock.now().toISOString();
    const nothing = await page.post(`/customers/${id}/contact`, { channel: 'call', talkSeconds: '30', note: '下午再打', shownAt });
    expect([nothing.status, nothing.text.includes('下午再打')]).toEqual([422, true]);
    await centre.moveTo('2026-11-24T22:00');
    const night = await logIn(test, 'm01');
    const late = await night.post(`/customers/${id}/contact`, { channel: 'call', outcome: 'reached', talkSeconds: '30', note: '下午再打', shownAt });
    expect([late.status, late.text.includes('下午再打')]).toEqual([409, true]);
    expect(await attemptsInBooks()).toBe(0);
    expect((await (await logIn(test, 'm02')).get(`/customers/${id}/contact`)).status).toBe(404);
  });
});

describe('CAM-3 lists', () => {
  const owners = async (code: string): Promise<Record<string, number>> => {
    const rows = await test.db.rows<{ who: string; n: number }>(sql`
      select u.username as who, count(*)::int as n from calls.task t join campaigns.v_campaign c on c.id = t.campaign_id
      left join staff.v_user u on u.id = t.owner_id where c.code = ${code} group by 1 order by 1`);
    return Object.fromEntries(rows.map((row) => [row.who, row.n]));
  };

  it('go to the customers’ own managers, in turn, or to whoever has least to do', async () => {
    await centre.customers('m01', [1, 2, 3, 4, 5, 6]);
    await centre.campaign('own', { kind: 'care', assignment: 'owner' });
    expect(await owners('own')).toEqual({ m01: 6 });
    await centre.campaign('turn', { kind: 'care', assignment: 'round-robin' });
    expect(await owners('turn')).toEqual({ m01: 3, m02: 3 });
    await centre.campaign('load', { kind: 'care', assignment: 'load' });
    expect(await owners('load')).toEqual({ m02: 6 });
  });

  it('R2 are filled once, however often the launch is heard of', async () => {
    await centre.customers('m01', [1, 2]);
    await centre.campaign('c1');
    const { ListFilling } = await import('../../../src/calls/lists/list-filling.commands.js');
    const { id } = await test.db.one<{ id: string }>(sql`select id from campaigns.v_campaign where code = 'c1'`);
    expect(await test.app.get(ListFilling, { strict: false }).fill(id)).toBe(0);
    expect(await centre.tasks('m01')).toHaveLength(2);
  });

  it('of a closed campaign are called off, but for the customer somebody is talking to', async () => {
    await centre.customers('m01', [5, 4, 3]);
    await centre.campaign('c1');
    const task = await centre.take('m01');
    await (await centre.house('planner-e')).post('/campaigns/c1/close');
    const { drainJobs } = await import('../../support/drain-jobs.js');
    await drainJobs(test.app);
    expect((await centre.tasks('m01')).map((t) => t.state).sort()).toEqual(['cancelled', 'cancelled', 'claimed']);
    expect((await centre.record('m01', task.id, { outcome: 'reached', talkSeconds: 9 })).task).toMatchObject({ state: 'done' });
  });

  it('are filtered by campaign, number, owner, state and due date', async () => {
    await centre.customers('m01', [5, 4]);
    await centre.campaign('c1');
    const [first] = await centre.tasks('planner-e');
    const found = async (query: string): Promise<number> => (await centre.tasks('planner-e', query)).length;
    expect(await found(`phone=${encodeURIComponent(first?.customer.phone ?? '')}`)).toBe(1);
    const short = (await (await centre.house('supervisor-e')).get('/tasks?phone=13')).body as { error: { code: string; message: string } };
    expect([short.error.code, short.error.message]).toEqual(['phone_whole', '手机号应为11位，这里是2位']);
    expect(await found('campaign=c1&owner=m01&state=open&dueFrom=2026-11-24&dueTo=2026-11-24')).toBe(2);
    expect(await found('owner=m02')).toBe(0);
    expect(await found('rule=star-revisit')).toBe(0);
    expect(await refusal((await centre.house('planner-e')).get('/tasks?state=lost'))).toBe('422 invalid_input state');
  });
});
