import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
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

  it('of an earlier attempt leaves the task to the later one', async () => {
    const { id } = await recorded({ outcome: 'busy' });
    await centre.moveTo('2026-11-24T14:00');
    await centre.call('m01', { outcome: 'reached', talkSeconds: 20 });
    expect((await correct('m01', id, { outcome: 'no_answer' })).task).toMatchObject({ state: 'done' });
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
