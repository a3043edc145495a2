import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { type Attempt, CallCentre, must, refusal } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(() => centre.clear());
afterAll(() => test.close());

async function recorded(form: object, options: object = {}): Promise<Attempt> {
  await centre.customers('m01', [7]);
  await centre.campaign('c1', options);
  return (await centre.call('m01', form)).attempt;
}

const correct = async (who: string, id: string, form: object): Promise<Attempt> =>
  (await must((await centre.house(who)).patch(`/attempts/${id}`, { reason: '点错了', ...form }), 200)) as Attempt;
const outcomes = (): Promise<object[]> => test.db.rows(sql`select outcome, converted, order_state from reporting.attempt`);
const blocked = async (): Promise<boolean> => (await test.db.rows(sql`select 1 from contact.v_block`)).length > 0;

describe('CAM-6 a correction is refused', () => {
  it('without a reason, with an unknown outcome, of an unknown attempt, and of another manager’s attempt', async () => {
    const { id } = await recorded({ outcome: 'reached', talkSeconds: 30 });
    const m01 = await centre.house('m01');
    expect(await refusal(m01.patch(`/attempts/${id}`, { outcome: 'refused' }))).toBe('422 invalid_input reason');
    expect(await refusal(m01.patch(`/attempts/${id}`, { outcome: 'fine', reason: 'x' }))).toBe('422 outcome_unknown outcome');
    expect(await refusal(m01.patch(`/attempts/${id}`, { outcome: 'callback', reason: 'x' }))).toBe('422 callback_at_missing callbackAt');
    expect(await refusal(m01.patch('/attempts/1', { outcome: 'refused', reason: 'x' }))).toBe('404 not_found');
    expect(await refusal((await centre.house('m02')).patch(`/attempts/${id}`, { outcome: 'refused', reason: 'x' }))).toBe('404 not_found');
    expect(await refusal((await centre.house('planner-e')).patch(`/attempts/${id}`, { outcome: 'refused', reason: 'x' }))).toBe('403 role_refused');
  });
});

describe('R36 a correction re-evaluates everything that followed', () => {
  it('converted → refused: the order goes, the figures follow, the trail says who, what and why', async () => {
    const { id } = await recorded({ outcome: 'converted', talkSeconds: 90, order: { product: '畅享239', orderNo: 'A1' } });
    const corrected = await correct('m01', id, { outcome: 'refused' });
    expect(corrected).toMatchObject({ outcome: 'refused', order: null, flags: ['reason_missing'], task: { state: 'done' } });
    expect(await outcomes()).toEqual([{ outcome: 'refused', converted: false, order_state: null }]);
    expect(await test.db.one(sql`select old_outcome, new_outcome, why, order_removed ->> 'orderNo' as order_no from calls.correction`)).toEqual({
      old_outcome: 'converted',
      new_outcome: 'refused',
      why: '点错了',
      order_no: 'A1',
    });
    expect(await test.db.rows(sql`select actor from staff.audit_entry where action = 'attempt.corrected' and object_id = ${id}`)).toEqual([
      { actor: 'm01' },
    ]);
  });

  it('refused → converted opens an order, flagged', async () => {
    const { id } = await recorded({ outcome: 'refused', reason: 'tariff', talkSeconds: 30 });
    expect(await correct('supervisor-e', id, { outcome: 'converted' })).toMatchObject({
      order: { state: 'open', product: null },
      flags: ['order_missing'],
    });
  });

  it('R35 callback → do not call: the promise goes and the number is blocked', async () => {
    const { id } = await recorded({ outcome: 'callback', talkSeconds: 9, callbackAt: '2026-11-24T16:00:00+08:00' });
    expect((await correct('m01', id, { outcome: 'do_not_call' })).task).toEqual({ state: 'done', notBefore: null, callbackAt: null });
    expect(await blocked()).toBe(true);
  });

  it('do not call → no answer: the block is lifted and the customer is dialled again', async () => {
    const { id } = await recorded({ outcome: 'do_not_call', talkSeconds: 9 });
    expect(await blocked()).toBe(true);
    expect((await correct('m01', id, { outcome: 'no_answer' })).task).toMatchObject({ state: 'open', notBefore: '2026-11-24T06:00:00.000Z' });
    expect(await blocked()).toBe(false);
    await centre.moveTo('2026-11-24T14:00');
    expect((await centre.next('m01')).task).toBeDefined();
  });

  it('invalid number → busy: the mark on the line goes', async () => {
    const { id } = await recorded({ outcome: 'invalid_number' });
    await correct('m01', id, { outcome: 'busy' });
    expect(await test.db.one(sql`select health from customers.line`)).toEqual({ health: 'good' });
  });

  it('GOV-7 refused → reached: the product family does not rest any more', async () => {
    const { id } = await recorded({ outcome: 'refused', reason: 'tariff', talkSeconds: 9 }, { productFamily: '5g' });
    await correct('m01', id, { outcome: 'reached' });
    expect(await test.db.rows(sql`select 1 from contact.cooling_off`)).toEqual([]);
  });

  it('GOV-7 a refusal that never was rests nothing, although the days of refusals have become none since', async () => {
    const { id } = await recorded({ outcome: 'refused', reason: 'tariff', talkSeconds: 9 }, { productFamily: '5g' });
    expect(await test.db.rows(sql`select 1 from contact.cooling_off`)).toHaveLength(1);
    await test.db.run(sql`update calls.outcome set cooling_off_days = 0 where code = 'refused'`);
    await correct('m01', id, { outcome: 'reached' });
    expect(await test.db.rows(sql`select 1 from contact.cooling_off`)).toEqual([]);
    // what is counted anew goes by the days of today
    await test.db.run(sql`update calls.outcome set cooling_off_days = 3 where code = 'refused'`);
    await correct('m01', id, { outcome: 'refused' });
    expect(await test.db.rows(sql`select until from contact.cooling_off`)).toEqual([{ until: new Date('2026-11-27T10:00:00+08:00') }]);
    await test.db.run(sql`update calls.outcome set cooling_off_days = null where code = 'refused'`);
  });

  it('GOV-7 a refusal of another campaign for the same product line goes on resting it', async () => {
    const { id } = await recorded({ outcome: 'refused', reason: 'tariff', talkSeconds: 0 }, { productFamily: '5g' });
    const { until } = await test.db.one<{ until: Date }>(sql`select until from contact.cooling_off`);
    await test.db.run(sql`delete from contact.cooling_off`); // as if the second list had been made before the refusal
    await centre.campaign('c2', { productFamily: '5g' });
    await centre.moveTo('2026-11-24T14:00');
    const later = await centre.call('m01', { outcome: 'refused', reason: 'tariff', talkSeconds: 0 });
    await correct('m01', later.attempt.id, { outcome: 'reached' });
    expect(await test.db.rows(sql`select until from contact.cooling_off`)).toEqual([{ until }]);
    await correct('m01', id, { outcome: 'reached' });
    expect(await test.db.rows(sql`select until from contact.cooling_off`)).toEqual([]);
  });

  it('of an earlier attempt leaves the task to the later one', async () => {
    const { id } = await recorded({ outcome: 'busy' });
    await centre.moveTo('2026-11-24T14:00');
    await centre.call('m01', { outcome: 'reached', talkSeconds: 20 });
    expect((await correct('m01', id, { outcome: 'no_answer' })).task).toMatchObject({ state: 'done' });
  });

  it('of the minute that was promised keeps the outcome and moves the promise, at the page, too', async () => {
    const { id } = await recorded({ outcome: 'callback', talkSeconds: 9, callbackAt: '2026-11-24T15:00:00+08:00' });
    const moved = await correct('m01', id, { outcome: 'callback', callbackAt: '2026-11-24T16:00:00+08:00' });
    expect(moved).toMatchObject({ outcome: 'callback', task: { state: 'open', callbackAt: '2026-11-24T08:00:00.000Z' } });
    await correct('m01', id, { outcome: 'callback', callbackAt: '2026-11-24T16:00:00+08:00' }); // once
    const page = await logIn(test, 'm01');
    await page.get(`/attempts/${id}/correct`);
    const form = { outcome: 'callback', callbackAt: 'other', callbackOther: '2026-11-25T10:30', reason: '听错了' };
    expect((await page.post(`/attempts/${id}/correct`, form)).status).toBe(303);
    expect(await test.db.rows(sql`select callback_at as at from calls.task`)).toEqual([{ at: new Date('2026-11-25T10:30:00+08:00') }]);
    expect(await test.db.rows(sql`select old_outcome, new_outcome, why from calls.correction order by id`)).toEqual([
      { old_outcome: 'callback', new_outcome: 'callback', why: '点错了' },
      { old_outcome: 'callback', new_outcome: 'callback', why: '听错了' },
    ]);
  });

  it('of the second-level reason alone counts, and what has one is not said to lack it', async () => {
    const { id } = await recorded({ outcome: 'refused', reason: 'tariff', talkSeconds: 20 });
    expect(await correct('m01', id, { outcome: 'refused', reason: 'competitor' })).toMatchObject({ reason: 'competitor', flags: [] });
    expect(await correct('m01', id, { outcome: 'interested', reason: '其实有兴趣' })).toMatchObject({ reason: null, flags: ['reason_missing'] });
    expect(await correct('m01', id, { outcome: 'refused', reason: 'tariff' })).toMatchObject({ reason: 'tariff', flags: [] });
    const { until } = await test.db.one<{ until: Date }>(sql`select until from contact.cooling_off`);
    expect(until > test.clock.now()).toBe(true);
  });

  it('at the page takes the second-level reason that the outcome needs, and refuses one there is not', async () => {
    const { id } = await recorded({ outcome: 'no_answer' });
    const page = await logIn(test, 'm01');
    const at = `/attempts/${id}/correct`;
    expect((await page.get(at)).text).toContain('<option value="competitor"');
    const form = { outcome: 'refused', reason: '听错了', outcomeReason: 'competitor' };
    const refused = await page.post(at, { ...form, outcomeReason: 'weather' });
    expect([refused.status, refused.text.includes('没有“weather”')]).toEqual([422, true]);
    expect((await page.post(at, form)).status).toBe(303);
    expect((await page.get(at)).text).toContain('<option value="competitor" selected');
    expect((await page.post(at, { ...form, outcomeReason: 'tariff' })).status).toBe(303);
    const rows = sql`select outcome, reason, flags from calls.attempt`;
    expect(await test.db.rows(rows)).toEqual([{ outcome: 'refused', reason: 'tariff', flags: [] }]);
    expect(await test.db.rows(sql`select why from calls.correction order by id`)).toEqual([{ why: '听错了' }, { why: '听错了' }]);
    expect(await correct('m01', id, { outcome: 'no_answer', outcomeReason: 'tariff' })).toMatchObject({ reason: null, flags: [] });
  });

  it('to what is recorded already says so at the page, keeps what was typed, and is no trail', async () => {
    const { id } = await recorded({ outcome: 'converted', talkSeconds: 60 });
    const page = await logIn(test, 'm01');
    await page.get(`/attempts/${id}/correct`);
    const form = { outcome: 'converted', reason: '补订单', orderProduct: '畅享239', orderNo: 'A9' };
    const answer = await page.post(`/attempts/${id}/correct`, form);
    expect(answer.status).toBe(422);
    for (const said of ['原来记的就是这个结果', 'value="畅享239"', 'value="A9"', 'value="补订单"']) expect(answer.text).toContain(said);
    expect(await correct('m01', id, { outcome: 'converted' })).toMatchObject({ outcome: 'converted', correctedAt: null }); // a program may ask twice
    expect(await test.db.rows(sql`select from calls.correction`)).toEqual([]);
  });

  it('that closes a task somebody holds again takes it back and frees the reservation', async () => {
    const { id } = await recorded({ outcome: 'busy' });
    await centre.moveTo('2026-11-24T14:00');
    await centre.take('m01');
    expect((await correct('m01', id, { outcome: 'reached' })).task).toMatchObject({ state: 'done' });
    expect(await centre.touches('voided')).toHaveLength(1);
    expect(await centre.next('m01')).toEqual({ reason: 'empty' });
  });
});

describe('CAM-3, CUS-1 a manager hands over', () => {
  interface Moved {
    customers: number;
    tasks: number;
    callbacks: number;
    held: number;
    receivers: { username: string; customers: number; tasks: number; callbacks: number }[];
  }
  const order = { to: ['m02'], moves: 'all', why: '离职' };
  const handOver = async (body: object, path = '/users/m01/handover', who = 'supervisor-e') => (await centre.house(who)).post(path, body);
  const owners = async (): Promise<Record<string, number>> => {
    const rows = await test.db.rows<{ owner: string; n: number }>(sql`
      select u.username as owner, count(*)::int as n from calls.task t join staff.app_user u on u.id = t.owner_id
      where t.state in ('open', 'claimed') group by 1`);
    return Object.fromEntries(rows.map((row) => [row.owner, row.n]));
  };

  beforeEach(async () => {
    await centre.customers('m01', [7, 6, 5, 4]);
    await centre.customers('m02', [3]);
    await centre.campaign('c1');
    await centre.call('m01', { outcome: 'callback', callbackAt: '2026-11-24T15:00:00+08:00' });
    await centre.call('m01', { outcome: 'reached', talkSeconds: 30 });
  });

  it('R32 leaving: the preview tells what moves, the order moves just that, promises keep their minute, done work stays', async () => {
    const { why: _why, ...form } = order;
    const preview = (await handOver(form, '/users/m01/handover/preview')).body as Moved;
    expect(preview).toEqual({
      customers: 4,
      tasks: 3,
      callbacks: 1,
      held: 0,
      receivers: [{ username: 'm02', name: '周可欣', customers: 4, tasks: 3, callbacks: 1 }],
    });
    expect(await owners()).toEqual({ m01: 3, m02: 1 });
    const done = await handOver({ ...order, customers: 4, tasks: 3 });
    expect([done.status, done.body]).toEqual([200, preview]);
    expect(await owners()).toEqual({ m02: 4 });
    await centre.moveTo('2026-11-24T15:00');
    expect(await centre.take('m02')).toMatchObject({ callbackAt: '2026-11-24T07:00:00.000Z' });
    const reached = await test.db.one(sql`select u.username from calls.task t join staff.app_user u on u.id = t.owner_id where t.state = 'done'`);
    expect(reached).toEqual({ username: 'm01' });
  });

  it('R31 each task and each customer keeps who had it, who moved it and why; the audit log has the order', async () => {
    await handOver(order);
    const moves = await test.db.rows(sql`
      select f.username as from, t.username as to, b.username as by, a.why, count(*)::int as n from calls.assignment a
      join staff.app_user f on f.id = a.from_owner join staff.app_user t on t.id = a.to_owner join staff.app_user b on b.id = a.by_user group by 1, 2, 3, 4`);
    expect(moves).toEqual([{ from: 'm01', to: 'm02', by: 'supervisor-e', why: '离职', n: 3 }]);
    const facts = await test.db.one(sql`
      select count(*)::int as n from customers.profile_fact p join staff.app_user o on o.id::text = p.old_value join staff.app_user n on n.id::text = p.value
      where p.field = 'manager' and o.username = 'm01' and n.username = 'm02' and p.note = '离职'`);
    expect(facts).toEqual({ n: 4 });
    const audit = await test.db.one<{ detail: object }>(
      sql`select detail from staff.audit_entry where action = 'manager.handed-over' order by id desc limit 1`,
    );
    expect(audit.detail).toMatchObject({ from: 'm01', to: ['m02'], customers: 4, tasks: 3, callbacks: 1, why: '离职' });
  });

  it('R32 promised callbacks can go to the supervisor instead', async () => {
    expect((await handOver({ ...order, callbacksTo: 'supervisor-e' })).body).toMatchObject({ tasks: 3, callbacks: 1 });
    expect(await owners()).toEqual({ m02: 3, 'supervisor-e': 1 });
    await centre.moveTo('2026-11-24T15:00');
    expect(await centre.take('supervisor-e')).toMatchObject({ callbackAt: '2026-11-24T07:00:00.000Z' });
  });

  it('an absence moves the tasks of its days and leaves the customers where they are', async () => {
    await test.db
      .run(sql`update calls.task set due_on = '2026-12-20' where id = (select max(id) from calls.task t where t.callback_at is null and t.state = 'open'
      and t.owner_id = (select id from staff.app_user where username = 'm01'))`);
    expect((await handOver({ ...order, moves: 'tasks', until: '2026-11-30' })).body).toMatchObject({ customers: 0, tasks: 2, callbacks: 1 });
    expect(await owners()).toEqual({ m01: 1, m02: 3 });
  });

  it('a call under way is finished by who holds it, and only its list has changed', async () => {
    const held = await centre.take('m01');
    expect((await handOver(order)).body).toMatchObject({ tasks: 3, held: 1 });
    expect(await centre.record('m01', held.id, { outcome: 'reached', talkSeconds: 20 })).toMatchObject({ task: { state: 'done' } });
  });

  it('several share in turn, all tasks of a customer go to one person', async () => {
    const admin = await centre.house('admin');
    await admin.post('/users', { username: 'm03', role: 'manager', orgUnit: 'east-1', name: '吴桐', password: 'starcare-test' });
    await centre.campaign('c2', { kind: 'care' });
    expect((await handOver({ ...order, to: ['m02', 'm03'] })).body).toMatchObject({
      customers: 4,
      tasks: 7,
      receivers: [
        { username: 'm02', customers: 2 },
        { username: 'm03', customers: 2 },
      ],
    });
    const parted = await test.db.rows(
      sql`select customer_id from calls.task where state = 'open' group by customer_id having count(distinct owner_id) > 1`,
    );
    expect(parted).toEqual([]);
  });

  it.each<[string, object, string | undefined, number, string]>([
    ['somebody of another city', { ...order, to: ['m11'] }, undefined, 422, 'handover_receiver'],
    ['a supervisor as owner of customers', { ...order, to: ['supervisor-e'] }, undefined, 422, 'handover_receiver'],
    ['a planner for the callbacks', { ...order, callbacksTo: 'planner-e' }, undefined, 422, 'handover_receiver'],
    ['the same person', { ...order, to: ['M01'] }, undefined, 422, 'handover_to_self'],
    ['a day there is not', { ...order, until: '2026-02-30' }, undefined, 422, 'day_format'],
    ['no reason', { to: ['m02'], moves: 'all' }, undefined, 422, 'invalid_input'],
    ['other figures than were shown', { ...order, customers: 4, tasks: 99 }, undefined, 409, 'handover_changed'],
    ['SYS-1 a manager of another city', order, '/users/m11/handover', 404, 'not_found'],
  ])('%s is refused and nothing moves', async (_what, body, path, status, code) => {
    const answer = await handOver(body, path);
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([status, code]);
    expect(await owners()).toEqual({ m01: 3, m02: 1 });
  });

  it('SYS-1 managers and planners hand nobody over', async () => {
    expect((await handOver(order, '/users/m01/handover', 'm02')).status).toBe(403);
    expect((await handOver(order, '/users/m01/handover', 'planner-e')).status).toBe(403);
  });

  it('the page shows what would move, then does it; a second time there is nothing', async () => {
    const supervisor = await logIn(test, 'supervisor-e');
    expect((await supervisor.get('/handover')).text).toContain('还没有选人');
    const preview = await supervisor.get('/handover?from=m01&to=m02&moves=all&until=&callbacksTo=');
    expect(preview.text).toContain('name="tasks" value="3"');
    const fields = { from: 'm01', to: 'm02', moves: 'all', customers: '4', tasks: '3' };
    expect((await supervisor.post('/handover', { ...fields, why: '' })).status).toBe(422);
    expect((await supervisor.post('/handover', { ...fields, why: '离职' })).headers.location).toBe('/handover');
    expect((await supervisor.get('/handover?from=m01&to=m02&moves=all')).text).toContain('没有可交接的');
    expect((await supervisor.get('/handover?from=m01&to=m11&moves=all')).status).toBe(422);
  });
});
