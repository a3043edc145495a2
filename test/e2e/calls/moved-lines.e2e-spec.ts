import { sql } from '../../../src/platform/database/sql.js';
import { logIn } from '../../support/visitor.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { CallCentre, must } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;
let number = 13_911_110_000;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(() => centre.clear());
afterAll(() => test.close());

const fresh = (): string => String((number += 1));
const HEAD = 'phone,name,star_level,customer_no,line_kind,manager,sms_consent,call_consent';
const customers = (...rows: string[]): Promise<unknown> => centre.hand('customers', [HEAD, ...rows]);
const row = (phone: string, customerNo: string, kind = '主卡'): string => `${phone},何平,7,${customerNo},${kind},m01,是,是`;
const tasks = (): Promise<{ state: string; why: string | null; number: string; mine: boolean }[]> =>
  test.db.rows(sql`
    select t.state, t.close_reason as why, right(l.number, 11) as number, l.customer_id = t.customer_id as mine
    from calls.task t join customers.line l on l.id = t.line_id order by t.id`);
const desk = async (): Promise<number> => (await (await logIn(test, 'm01')).get('/desk')).status;

describe('CUS-1 a number goes to another customer while a call to it waits', () => {
  it('the customer is rung at another number of theirs', async () => {
    const [first, second] = [fresh(), fresh()];
    await customers(row(first, 'A1'), row(second, 'A1', '副卡'));
    await centre.campaign('one');
    expect(await tasks()).toEqual([{ state: 'open', why: null, number: first, mine: true }]);
    await customers(row(first, 'A2'));
    expect(await tasks()).toEqual([{ state: 'open', why: null, number: second, mine: true }]);
    await centre.take('m01');
    expect((await (await logIn(test, 'm01')).get('/desk')).text).toContain(`${second.slice(0, 3)} ${second.slice(3, 7)} ${second.slice(7)}`);
  });

  it.each([['waits'], ['is held']])('whoever has no number left is not rung, and the desk goes on: the call %s', async (how) => {
    const only = fresh();
    await customers(row(only, `B1${how}`));
    await centre.campaign('two');
    if (how === 'is held') await centre.take('m01');
    await customers(row(only, `B2${how}`));
    expect(await tasks()).toEqual([{ state: 'cancelled', why: 'line_gone', number: only, mine: false }]);
    expect(await centre.next('m01')).toEqual({ reason: 'empty' });
    expect(await desk()).toBe(200);
  });

  it('two customers who turn out to be one keep what was promised to either, once', async () => {
    const [first, second] = [fresh(), fresh()];
    await customers(row(first, '').replace(',7,', ',6,'), row(second, ''));
    await centre.campaign('three');
    await centre.call('m01', { outcome: 'callback', callbackAt: '2026-11-24T15:00:00+08:00' });
    await customers(row(first, 'C1'), row(second, 'C1'));
    const kept = await test.db.rows<{ id: string; promised: boolean }>(sql`
      select t.id, t.callback_at is not null as promised from calls.task t join customers.customer c on c.id = t.customer_id
      where t.state = 'open' and c.customer_no = 'C1'`);
    expect(kept.map(({ promised }) => promised)).toEqual([true]);
    expect(await test.db.rows(sql`select from calls.task where state = 'open' and customer_id in (select id from customers.v_merged)`)).toEqual([]);
    await centre.moveTo('2026-11-24T15:01');
    expect(await desk()).toBe(200);
  });

  it.each([
    ['waits', 'open', null],
    ['was made', 'returned', 'reached'],
  ])('FED-5 what was dispatched for one is answered by the call of the other, which %s', async (how, state, reason) => {
    const [first, second] = [fresh(), fresh()];
    await customers(row(first, `D${how}`), row(second, ''));
    await centre.campaign('four');
    const file = ['派单号,手机号码,活动,截止', `P-${how},${second},four,2026-11-30`];
    expect(await centre.hand('dispatch', file)).toMatchObject({ rejected: 0 });
    const [task] = await centre.tasks('m01', `phone=${how === 'waits' ? first : second}`);
    if (how === 'was made') {
      await must((await centre.house('m01')).post(`/tasks/${task?.id}/claim`), 200);
      await centre.record('m01', task?.id ?? '', { outcome: 'reached', talkSeconds: 60 });
    }
    await customers(row(second, `D${how}`));
    const dispatch = sql`select d.state, d.reason, d.task_id as id, t.customer_id = d.customer_id as mine from reporting.dispatch d join calls.task t on t.id = d.task_id`;
    const [stands] = await test.db.rows<{ reason: string | null }>(dispatch);
    expect(stands).toMatchObject({ state, id: task?.id, mine: true });
    expect((await tasks()).map((one) => [one.state, one.why])).toEqual(
      how === 'waits'
        ? [
            ['open', null],
            ['cancelled', 'same_customer'],
          ]
        : [
            ['cancelled', 'care_fulfilled'],
            ['done', reason],
          ],
    );
  });
});
