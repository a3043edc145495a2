import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrderConfirmations } from '../../../src/calls/orders/order-confirmations.commands.js';
import { RepliesCommands } from '../../../src/messaging/replies/replies.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { csrfOf, logIn } from '../../support/visitor.js';
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

const WHOLE = { identity: 'answers' };

/** m01 sells so often; without `evidence` the order does not say who the customer proved to be. */
async function sold(count: number, evidence: object = {}): Promise<void> {
  await centre.customers('m01', Array<number>(count).fill(5));
  await centre.campaign('spring');
  for (let i = 1; i <= count; i++) {
    await centre.call('m01', { outcome: 'converted', talkSeconds: 60, order: { product: '宽带', orderNo: `D${i}`, termsRead: true, ...evidence } });
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
    await sold(2, WHOLE);
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
    await sold(2, WHOLE);
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
    await sold(1, WHOLE);
    const page = await logIn(test, 'supervisor-e');
    const id = await idOf('D1');
    const listed = (await page.get('/orders')).text;
    expect(listed).toContain('D1');
    const [, name = ''] = /<td class="sc-hide-s">([^<]+)<\/td>/.exec(listed) ?? [];
    const code = listed.split('name="campaign"')[1]?.split(`>${name}</option>`)[0]?.split('value="').at(-1)?.split('"')[0] ?? '';
    const narrowed = (await page.get(`/orders?campaign=${code}`)).text;
    expect(narrowed).toContain(`<option value="${code}" selected>${name}</option>`);
    expect(narrowed).toContain(`<td class="sc-hide-s">${name}</td>`);
    const unknown = await page.post(`/orders/${id}/close`, { state: 'unknown', reason: '营业厅办理' });
    expect([unknown.status, unknown.text.includes('value="营业厅办理"')]).toEqual([422, true]);
    expect((await page.post(`/orders/${id}/close`, { state: 'succeeded', reason: '营业厅办理' })).status).toBe(303);
    const after = await page.get('/orders?state=succeeded');
    expect(after.text).toContain('营业厅办理');
    const refused = await page.post(`/orders/${id}/close`, { state: 'failed', reason: 'x' });
    expect([refused.status, refused.text.includes('这个订单已经结单')]).toEqual([409, true]);
  });
});

describe('CAM-9 evidence and the confirming reply', () => {
  let replies = 0;
  const say = async (body: string): Promise<void> => {
    const { number } = await test.db.one<{ number: string }>(sql`select number from customers.line order by id limit 1`);
    await test.db.tx((tx) => test.app.get(RepliesCommands, { strict: false }).receive(tx, 'simulator', { ref: `r${(replies += 1)}`, number, body }));
  };
  const read = { identity: 'answers', termsRead: true };
  interface One extends Order {
    complete: boolean;
    confirmation: string | null;
    needsReview: boolean;
    history: { kind: string; detail: Record<string, string>; by: string | null }[];
  }
  const one = async (no: string): Promise<One> => (await must((await centre.house('supervisor-e')).get(`/orders/${await idOf(no)}`), 200)) as One;
  const states = async (no: string): Promise<unknown[]> => {
    const { state, confirmation, needsReview } = await one(no);
    return needsReview ? [state, confirmation, 'review'] : [state, confirmation];
  };

  /** m01 sells something that costs, and the customer is asked. */
  async function soldPaid(count = 1): Promise<void> {
    await centre.customers('m01', Array<number>(count).fill(5));
    await centre.campaign('spring');
    for (let i = 1; i <= count; i++) {
      await centre.call('m01', { outcome: 'converted', talkSeconds: 60, order: { product: '云盘', orderNo: `P${i}`, paid: true, ...read } });
      test.clock.advance(1_000);
    }
    await drainJobs(test.app);
  }
  const funnel = async (): Promise<unknown> => {
    const { total } = (await must((await centre.house('planner-e')).get('/campaigns/spring/funnel?by=manager'), 200)) as {
      total: { converted: number; ordersOpen: number; ordersSucceeded: number; ordersFailed: number };
    };
    return [total.converted, total.ordersOpen, total.ordersSucceeded, total.ordersFailed];
  };

  it('asks by a service message through the gate, once; Y confirms and what the file said counts from then on', async () => {
    await soldPaid();
    const sent = await test.db.rows(sql`
      select m.purpose, m.body, t.source, t.state from messaging.message m join contact.touch t on t.id = m.touch_id`);
    expect(sent).toEqual([
      {
        purpose: 'service',
        body: expect.stringMatching(/云盘，资费以通话中告知的为准。确认办理请回复Y，不办理请回复N，48小时内/) as string,
        source: 'order',
        state: expect.stringMatching(/reserved|confirmed/) as string,
      },
    ]);
    await centre.hand('orders', ['订单号,状态', 'P1,成功']);
    expect([await states('P1'), await funnel()]).toEqual([
      ['open', 'waiting'],
      [1, 1, 0, 0],
    ]);
    await say('ｙ。');
    expect([await states('P1'), await funnel()]).toEqual([
      ['succeeded', 'confirmed'],
      [1, 0, 1, 0],
    ]);
    await say('是');
    expect(await states('P1')).toEqual(['succeeded', 'confirmed']);
    await say('N');
    expect(await states('P1')).toEqual(['succeeded', 'confirmed', 'review']);
    expect((await one('P1')).history.map(({ kind }) => kind)).toEqual(['opened', 'asked', 'told', 'confirmed', 'reply_unclear']);
    expect(await test.db.rows(sql`select 1 from messaging.message`)).toHaveLength(1);
  });

  it('N cancels; anything else, also a stop word, goes to review, and a person decides with a reason', async () => {
    await soldPaid();
    for (const words of ['多少钱？', 'TD']) await say(words);
    expect(await states('P1')).toEqual(['open', 'waiting', 'review']);
    expect(await said('confirmation=review')).toEqual(['P1 open']);
    expect(await refusal((await centre.house('m01')).post(`/orders/${await idOf('P1')}/confirm`, { confirmation: 'confirmed', reason: 'x' }))).toBe(
      '403 role_refused',
    );
    await say('n');
    expect([await states('P1'), await funnel()]).toEqual([
      ['failed', 'declined'],
      [1, 0, 0, 1],
    ]);
    const supervisor = await centre.house('supervisor-e');
    expect(await refusal(supervisor.post(`/orders/${await idOf('P1')}/close`, { state: 'succeeded', reason: 'x' }))).toBe('409 order_unconfirmed');
    await must(supervisor.post(`/orders/${await idOf('P1')}/confirm`, { confirmation: 'confirmed', reason: '录音R9' }), 200);
    expect(await states('P1')).toEqual(['open', 'confirmed']);
    expect((await one('P1')).history.at(-1)).toMatchObject({ kind: 'confirmed', detail: { reason: '录音R9' }, by: '赵敏' });
  });

  it('one word cannot answer two orders: the second question asks for a word of its own, a bare one goes to review with both', async () => {
    await soldPaid();
    await centre.house('m01').then((m01) =>
      test.db.one<{ id: string }>(sql`select id from customers.customer`).then(({ id }) =>
        must(
          m01.post(`/customers/${id}/contacts`, {
            channel: 'visit',
            outcome: 'converted',
            talkSeconds: 9,
            order: { product: '副卡', orderNo: 'P2', paid: true, ...read },
          }),
          201,
        ),
      ),
    );
    await drainJobs(test.app);
    const asked = await test.db.rows<{ body: string }>(sql`
      select m.body from messaging.message m join calls.sales_order s on s.confirm_message_id = m.id order by s.confirm_code`);
    expect(asked.map(({ body }) => /确认办理请回复(\w+)，不办理请回复(\w+)，/.exec(body)?.slice(1))).toEqual([
      ['Y', 'N'],
      ['Y2', 'N2'],
    ]);
    await say('Y');
    const review = ['open', 'waiting', 'review'];
    expect([await states('P1'), await states('P2')]).toEqual([review, review]);
    // who judges finds the other order, and the words as the proof
    const page = (await (await logIn(test, 'supervisor-e')).get(`/orders/${await idOf('P1')}`)).text;
    expect([page.includes('P2 副卡'), page.includes('value="短信回复“Y”"')]).toEqual([true, true]);
    await say('n2');
    expect([await states('P1'), await states('P2')]).toEqual([review, ['failed', 'declined']]);
    // one is left: the plain word is its own again
    await say('Y');
    expect(await states('P1')).toEqual(['open', 'confirmed']);
  });

  it('who reads the answers is offered the orders that wait, each by its name, and no others', async () => {
    await soldPaid();
    const supervisor = await centre.house('supervisor-e');
    const unclear = async (): Promise<{ id: string; orders: unknown[] }[]> =>
      ((await must(supervisor.get('/sms/replies/unclear'), 200)) as { items: { id: string; orders: unknown[] }[] }).items;
    const page = async (): Promise<string> => (await (await logIn(test, 'supervisor-e')).get('/replies')).text;
    for (const words of ['可以吧', '行吧行吧']) await say(words);
    const [first, second] = await unclear();
    expect([first?.orders, (await page()).includes('对订购“云盘”的答复')]).toEqual([[{ code: 1, product: '云盘' }], true]);
    await must(supervisor.post(`/sms/replies/${first?.id ?? ''}/decision`, { decision: 'order', word: 'Y1' }), 200);
    expect(await states('P1')).toEqual(['open', 'confirmed']);
    expect([(await unclear()).map(({ orders }) => orders), (await page()).includes('name="word"')]).toEqual([[[]], false]);
    // pressed on a page that is older than the answer: the order stays as it is, and the reply stays to be decided
    for (const word of ['N', 'N1'])
      expect(await refusal(supervisor.post(`/sms/replies/${second?.id ?? ''}/decision`, { decision: 'order', word }))).toBe('409 reply_no_order');
    expect([await states('P1'), (await unclear()).length]).toEqual([['open', 'confirmed'], 1]);
  });

  it('expires after the hours set, is no success whatever a file says later, and that word is kept until the customer confirms', async () => {
    const admin = await centre.house('admin');
    expect((await admin.put('/orders/settings', { confirmHours: 0 })).status).toBe(422);
    expect(await must(admin.put('/orders/settings', { confirmHours: 24 }), 200)).toEqual({ confirmHours: 24 });
    await soldPaid(2);
    await centre.moveTo('2026-11-25T09:59');
    await tickSchedules(test.app);
    expect(await said('confirmation=waiting')).toEqual(['P2 open', 'P1 open']);
    await centre.moveTo('2026-11-25T10:05');
    await tickSchedules(test.app);
    expect([await said('state=expired'), await funnel()]).toEqual([
      ['P2 expired', 'P1 expired'],
      [2, 0, 0, 2],
    ]);
    await centre.hand('orders', ['订单号,状态', 'P1,成功']);
    expect([await states('P1'), await funnel()]).toEqual([
      ['expired', 'expired'],
      [2, 0, 0, 2],
    ]);
    await say('Y');
    expect(await states('P1')).toEqual(['expired', 'expired', 'review']);
    await must((await centre.house('m01')).post(`/orders/${await idOf('P1')}/ask`), 200);
    await drainJobs(test.app);
    expect(await states('P1')).toEqual(['open', 'waiting', 'review']);
    await say('1');
    expect([await states('P1'), await funnel()]).toEqual([
      ['succeeded', 'confirmed'],
      [2, 0, 1, 1],
    ]);
    await test.db.run(sql`delete from calls.setting`);
  });

  it('one that failed is asked about no more, and stays failed when the hours to answer are over', async () => {
    await soldPaid(2);
    const supervisor = await centre.house('supervisor-e');
    await test.db.run(sql`update calls.sales_order set confirm_message_id = null where order_no = 'P1'`); // the gate held its question back
    await must(supervisor.post(`/orders/${await idOf('P1')}/close`, { state: 'failed', reason: '客户反悔' }), 200);
    await centre.hand('orders', ['订单号,状态', 'P2,失败']);
    const asked = () => test.db.rows(sql`select 1 from messaging.message`);
    const before = (await asked()).length;
    for (const no of ['P1', 'P2']) expect(await refusal(supervisor.post(`/orders/${await idOf(no)}/ask`))).toBe('409 order_not_asked');
    await test.db.tx(async (tx) => expect(await test.app.get(OrderConfirmations, { strict: false }).toAsk(tx, await idOf('P1'))).toBeUndefined());
    const page = (await (await logIn(test, 'supervisor-e')).get(`/orders/${await idOf('P2')}`)).text;
    expect(page).not.toContain(`/orders/${await idOf('P2')}/ask"`);
    await centre.moveTo('2026-11-27T10:05');
    await tickSchedules(test.app);
    await drainJobs(test.app);
    expect(await asked()).toHaveLength(before);
    expect([await states('P1'), await states('P2'), await said('confirmation=waiting'), await funnel()]).toEqual([
      ['failed', 'expired'],
      ['failed', 'expired'],
      [],
      [2, 0, 0, 2],
    ]);
  });

  it('GOV-7 the product rests after a sale for as long as it stands as one: after N as after a refusal, not at all once it expired, again when it is confirmed late', async () => {
    const rests = (): Promise<unknown[]> =>
      test.db.rows(sql`select cause, to_char(until at time zone 'Asia/Shanghai', 'MM-DD') as until from contact.cooling_off`);
    const success = [{ cause: 'converted', until: '12-24' }];
    await soldPaid();
    expect(await rests()).toEqual(success);
    await say('N');
    expect(await rests()).toEqual([{ cause: 'refused', until: '02-22' }]);
    const supervisor = await centre.house('supervisor-e');
    await must(supervisor.post(`/orders/${await idOf('P1')}/confirm`, { confirmation: 'confirmed', reason: 'R9' }), 200);
    expect(await rests()).toEqual(success);
    await test.db.run(sql`update calls.sales_order set confirmation = 'waiting', confirm_by = ${test.clock.now()}`);
    await test.app.get(OrderConfirmations, { strict: false }).expire(test.clock.now());
    expect([await states('P1'), await rests()]).toEqual([['expired', 'expired'], []]);
    await must(supervisor.post(`/orders/${await idOf('P1')}/confirm`, { confirmation: 'confirmed', reason: 'R9' }), 200);
    expect(await rests()).toEqual(success);
  });

  it('what the gate holds back is asked when it may; what it refuses stands in the history', async () => {
    await centre.customers('m01', [5]);
    await centre.campaign('spring');
    const { number } = await test.db.one<{ number: string }>(sql`select number from customers.line`);
    await must((await centre.house('planner-e')).post('/contact/blocks', { phone: number, channel: 'sms', scope: 'all', reason: 'complaint' }), 201);
    await centre.call('m01', { outcome: 'converted', order: { product: '云盘', orderNo: 'P1', paid: true } });
    await drainJobs(test.app);
    expect((await one('P1')).history.at(-1)).toMatchObject({ kind: 'not_asked', detail: { key: 'contact.reason.blocked' } });
    expect(await test.db.rows(sql`select 1 from messaging.message`)).toEqual([]);
  });

  it('a sale without what its product demands is not saved at the desk; each missing piece is named at its box and nothing is lost', async () => {
    await centre.customers('m01', [5]);
    await centre.campaign('spring');
    const page = await logIn(test, 'm01');
    await page.post('/desk/next', { _csrf: csrfOf((await page.get('/today')).text) });
    const desk = (await page.get('/desk')).text;
    const action = /id="attempt" method="post" action="([^"]+)"/.exec(desk)?.[1] ?? '';
    const part = { _csrf: csrfOf(desk), outcome: 'converted', orderProduct: '云盘', orderTariff: 'on', note: '下午送货' };
    const refused = await page.post(action, part);
    expect(refused.status).toBe(422);
    for (const words of ['有3处要改', '成交须核身', '须读出生效日', '须读出合约期', '下午送货', 'value="云盘"'])
      expect(refused.text).toContain(words);
    expect(refused.text).toMatch(/name="orderTariff" id="or-orderTariff" checked/);
    expect(await test.db.rows(sql`select 1 from calls.attempt`)).toEqual([]);
    const whole = { ...part, orderIdentity: 'id_digits', orderStart: 'on', orderContract: 'on', then: 'stay' };
    expect((await page.post(action, whole)).status).toBe(303);
    expect(await test.db.rows(sql`select identity_check, identity_by is not null as by, contract_read, confirmation from calls.sales_order`)).toEqual(
      [{ identity_check: 'id_digits', by: true, contract_read: true, confirmation: 'waiting' }],
    );
  });

  it('SYS-1 what a program left out is found by filter and added on the page, by whom and when; what is there stays', async () => {
    await sold(1);
    expect(await said('lacks=evidence')).toEqual(['D1 open']);
    const page = await logIn(test, 'm01');
    expect((await page.get('/orders')).text).toMatch(/href="\/orders\?lacks=evidence"[^]*?1单缺凭证/);
    const id = await idOf('D1');
    expect((await page.post(`/orders/${id}/evidence`, {})).text).toContain('没有填要补的凭证');
    expect((await page.post(`/orders/${id}/evidence`, { identity: 'sms_code', recordingRef: 'R77' })).status).toBe(303);
    expect((await page.post(`/orders/${id}/evidence`, { identity: 'answers' })).status).toBe(303);
    expect(await one('D1')).toMatchObject({ complete: true, identityCheck: 'sms_code', identityBy: '林晓雯', recordingRef: 'R77' });
    const shown = (await page.get(`/orders/${id}`)).text;
    for (const words of ['短信验证码', 'R77', '补了凭证', '齐全']) expect(shown).toContain(words);
    expect([await said('lacks=evidence'), await said('lacks=recording')]).toEqual([[], []]);
    expect((await (await logIn(test, 'm02')).get(`/orders/${id}`)).status).toBe(404);
    expect((await page.get('/orders')).text).not.toContain('缺凭证</a>');
  });

  it('a sale handed in by the API without evidence is taken and flagged; nobody closes it as a success by hand, what the order system tells of it counts', async () => {
    await sold(2);
    const supervisor = await centre.house('supervisor-e');
    const close = async (no: string) => supervisor.post(`/orders/${await idOf(no)}/close`, { state: 'succeeded', reason: '已开通' });
    expect(await one('D1')).toMatchObject({ complete: false, state: 'open' });
    expect(await refusal(close('D1'))).toBe('409 order_incomplete');
    expect((await (await logIn(test, 'supervisor-e')).get(`/orders/${await idOf('D1')}`)).text).not.toContain('<option value="succeeded">');
    await must(
      supervisor.post(`/orders/${await idOf('D1')}/evidence`, { identity: 'answers', tariffRead: true, startRead: true, contractRead: true }),
      200,
      201,
    );
    await must(close('D1'), 200);
    await centre.hand('orders', ['订单号,状态', 'D2,成功']);
    expect([await said('state=succeeded'), await said('lacks=evidence&state=succeeded')]).toEqual([
      ['D2 succeeded', 'D1 succeeded'],
      ['D2 succeeded'],
    ]);
    expect((await (await logIn(test, 'supervisor-e')).get('/orders')).text).toMatch(/lacks=evidence&amp;state=succeeded"[^]*?其中1单已成功/);
  });
});
