import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must, refusal } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-orders-'));

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  centre = await CallCentre.open(test);
});
beforeEach(async () => {
  await centre.clear();
  await test.db.run(sql`truncate feeds.import cascade`);
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true });
});

interface Order {
  id: string;
  orderNo: string;
  state: string;
  manager: string;
  closeReason: string | null;
}

/** m01 sells so often. */
async function sold(count: number): Promise<void> {
  await centre.customers('m01', Array<number>(count).fill(5));
  await centre.campaign('spring');
  for (let i = 1; i <= count; i++) {
    await centre.call('m01', { outcome: 'converted', talkSeconds: 60, order: { product: '宽带', orderNo: `D${i}`, termsRead: true } });
    test.clock.advance(1_000);
  }
}

async function orders(query = '', who = 'supervisor-e'): Promise<Order[]> {
  return ((await must((await centre.house(who)).get(`/orders?${query}`), 200)) as { items: Order[] }).items;
}
const said = async (query = '', who?: string): Promise<string[]> => (await orders(query, who)).map(({ orderNo, state }) => `${orderNo} ${state}`);
const idOf = async (no: string): Promise<string> => (await orders()).find(({ orderNo }) => orderNo === no)?.id ?? '';

describe('CAM-9 orders', () => {
  it('a sale opens one; a file closes some, the rest is found by its filters, page by page', async () => {
    await sold(3);
    expect(await said()).toEqual(['D3 open', 'D2 open', 'D1 open']);
    await centre.hand('orders', ['订单号,状态', 'D2,成功']);
    expect(await said('state=open')).toEqual(['D3 open', 'D1 open']);
    expect(await said('campaign=spring&manager=M01&state=succeeded')).toEqual(['D2 succeeded']);
    expect(await said('manager=m02')).toEqual([]);
    expect(await said('olderDays=1')).toEqual([]);
    await centre.moveTo('2026-11-26T10:00');
    expect(await said('olderDays=1&state=open')).toEqual(['D3 open', 'D1 open']);
    const first = (await must((await centre.house('supervisor-e')).get('/orders?limit=2'), 200)) as { items: Order[]; nextCursor: string };
    expect(first.items.map(({ orderNo }) => orderNo)).toEqual(['D3', 'D2']);
    expect(await said(`limit=2&cursor=${encodeURIComponent(first.nextCursor)}`)).toEqual(['D1 open']);
  });

  it('is closed by hand with a reason, once, in the audit log; what succeeded stays so', async () => {
    await sold(2);
    const supervisor = await centre.house('supervisor-e');
    const id = await idOf('D1');
    for (let twice = 0; twice < 2; twice++)
      expect(await must(supervisor.post(`/orders/${id}/close`, { state: 'failed', reason: '客户反悔' }), 200)).toMatchObject({
        state: 'failed',
        closeReason: '客户反悔',
        closedBy: '赵敏',
      });
    const trail = await test.db.rows(sql`select detail from staff.audit_entry where action = 'order.closed' and object_id = ${id}`);
    expect(trail).toEqual([{ detail: { from: 'open', to: 'failed', reason: '客户反悔' } }]);
    const other = await idOf('D2');
    await must(supervisor.post(`/orders/${other}/close`, { state: 'succeeded', reason: '营业厅办理' }), 200);
    expect(await refusal(supervisor.post(`/orders/${other}/close`, { state: 'failed', reason: 'x' }))).toBe('409 order_closed');
    for (const body of [{ state: 'failed' }, { state: 'failed', reason: ' ' }, { state: 'open', reason: 'x' }])
      expect((await supervisor.post(`/orders/${id}/close`, body)).status).toBe(422);
    expect(await refusal(supervisor.post('/orders/x/close', { state: 'failed', reason: 'x' }))).toMatch(/^404 not_found/);
  });

  it('late success, by file or hand, counts for who sold it, though the customer has another manager by now', async () => {
    await sold(2);
    const supervisor = await centre.house('supervisor-e');
    for (const no of ['D1', 'D2']) await must(supervisor.post(`/orders/${await idOf(no)}/close`, { state: 'failed', reason: '无资源' }), 200);
    await test.db.run(sql`update customers.customer set manager_id = (select id from staff.app_user where username = 'm02')`);
    await centre.moveTo('2026-12-20T10:00');
    await centre.hand('orders', ['订单号,状态', 'D1,成功']);
    await must(supervisor.post(`/orders/${await idOf('D2')}/close`, { state: 'succeeded', reason: '补装完成' }), 200);
    expect((await orders('state=succeeded')).map(({ manager }) => manager)).toEqual(['m01', 'm01']);
    const planner = await centre.house('planner-e');
    const by = (await must(planner.get('/campaigns/spring/funnel?by=manager'), 200)) as { rows: { key: string; ordersSucceeded: number }[] };
    expect(by.rows.map(({ key, ordersSucceeded }) => [key, ordersSucceeded])).toEqual([['m01', 2]]);
  });

  it('SYS-1 a manager sees what she sold and closes nothing; another city sees none of it', async () => {
    await sold(1);
    const id = await idOf('D1');
    expect(await said('', 'm01')).toEqual(['D1 open']);
    for (const who of ['m02', 'm11', 'planner-w']) expect(await said('', who)).toEqual([]);
    expect(await refusal((await centre.house('m01')).post(`/orders/${id}/close`, { state: 'failed', reason: 'x' }))).toBe('403 role_refused');
    expect(await refusal((await centre.house('planner-w')).post(`/orders/${id}/close`, { state: 'failed', reason: 'x' }))).toMatch(/^404/);
  });

  it('the page shows them, closes one, and says why another cannot be', async () => {
    await sold(1);
    const page = await logIn(test, 'supervisor-e');
    const id = await idOf('D1');
    expect((await page.get('/orders')).text).toContain('D1');
    expect((await page.post(`/orders/${id}/close`, { state: 'succeeded', reason: '营业厅办理' })).status).toBe(303);
    const after = await page.get('/orders?state=succeeded');
    expect(after.text).toContain('营业厅办理');
    const refused = await page.post(`/orders/${id}/close`, { state: 'failed', reason: 'x' });
    expect([refused.status, refused.text.includes('这个订单已经结单')]).toEqual([409, true]);
  });
});
