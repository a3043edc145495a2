import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReceiptsCommands } from '../../../src/messaging/receipts/receipts.commands.js';
import { RepliesCommands } from '../../../src/messaging/replies/replies.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { newSealKey, readSealKey, type SealKey } from '../../../src/platform/sealing/seal-key.js';
import { EVENT_CODES } from '../../../src/webhooks/webhook-events.js';
import type { Delivery, Endpoint } from '../../../src/webhooks/webhooks.types.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must } from '../calls/call-centre.js';

interface Got {
  headers: IncomingHttpHeaders;
  body: string;
}

const key = readSealKey(newSealKey()) as SealKey;
let test: TestApp;
let centre: CallCentre;
let receiver: Server;
let url: string;
/** What reached the other side, and what it answers next; 204 when nothing is said. */
const got: Got[] = [];
let answers: number[] = [];

const api = (who = 'planner-e') => centre.house(who);
const drain = () => drainJobs(test.app, { allowFailures: true });
const told = () => got.map(({ body }) => JSON.parse(body) as { type: string; timestamp: string; data: Record<string, unknown> });
const register = async (more: object = {}, who = 'planner-e') =>
  (await must((await api(who)).post('/webhooks', { url, events: EVENT_CODES, active: true, ...more }), 201)) as Endpoint & { secret: string };
const log = async (id: string) => ((await must((await api()).get(`/webhooks/${id}/deliveries`), 200)) as { items: Delivery[] }).items;
const all = async (who = 'planner-e') => ((await must((await api(who)).get('/webhooks'), 200)) as { items: Endpoint[] }).items;
const sendTest = async (id: string) => ((await must((await api()).post(`/webhooks/${id}/test`), 202)) as { delivery: string }).delivery;
const convert = () => centre.call('m01', { outcome: 'converted', talkSeconds: 120, order: { product: '宽带' } });

/** As the receiver checks it, by the words of Standard Webhooks. */
function isSigned({ headers, body }: Got, secret: string): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(signed)
    .digest('base64');
  return headers['webhook-signature'] === `v1,${expected}`;
}

beforeAll(async () => {
  test = await createTestApp({ config: { sealKeys: [key], outgoingAllow: ['127.0.0.1'], logLevel: 'silent' } });
  centre = await CallCentre.open(test);
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(answers.shift() ?? 204, { location: 'http://127.0.0.1/else' }).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?token=concealed`;
  await centre.clear();
  await centre.customers('m01', [7, 6, 5]);
  await centre.campaign('c1');
});
afterAll(async () => {
  await new Promise((done) => receiver.close(done));
  await test.close();
});
beforeEach(async () => {
  await drain();
  await test.db.run(sql`delete from webhooks.delivery`);
  await test.db.run(sql`delete from webhooks.endpoint`);
  got.length = 0;
  answers = [];
});

describe('SYS-3 an endpoint is refused', () => {
  it.each([
    ['http to the public', { url: 'http://example.com/hook' }, 'url'],
    ['this server by its name', { url: 'https://localhost/hook' }, 'url'],
    ['a private network', { url: 'https://192.168.1.10/hook' }, 'url'],
    ['the metadata of a cloud', { url: 'http://169.254.169.254/latest' }, 'url'],
    ['a loopback of IPv6', { url: 'https://[::1]/hook' }, 'url'],
    ['a password in the address', { url: 'https://a:b@example.com/' }, 'url'],
    ['no address', { url: undefined }, 'url'],
    ['no event', { events: [] }, 'events'],
    ['an event that is none', { events: ['order.closed', 'moon.full'] }, 'events'],
  ])('%s, naming the field', async (_what, more, param) => {
    const { status, body } = await (await api()).post('/webhooks', { url, events: ['order.closed'], active: true, ...more });
    expect([status, (body as { error: { param: string } }).error.param]).toEqual([422, param]);
    expect(await all()).toEqual([]);
  });

  it('at 127.0.0.1, unless OUTGOING_ALLOW names it', async () => {
    const closed = await createTestApp({ beside: test, config: { sealKeys: [key] } });
    const { token } = await api();
    const { status, body } = await closed.http
      .post('/api/v1/webhooks')
      .set('authorization', `Bearer ${token}`)
      .send({ url, events: ['order.closed'] });
    await closed.close();
    expect([status, body]).toMatchObject([422, { error: { param: 'url' } }]);
  });

  it('on a server without a key to seal with, in a sentence', async () => {
    const bare = await createTestApp({ beside: test, config: { outgoingAllow: ['127.0.0.1'], logLevel: 'silent' } });
    const { token } = await api();
    const { status, body } = await bare.http
      .post('/api/v1/webhooks')
      .set('authorization', `Bearer ${token}`)
      .send({ url, events: ['order.closed'] });
    await bare.close();
    expect([status, body]).toMatchObject([503, { error: { message: expect.stringContaining('PERSONAL_DATA_KEY') as string } }]);
  });

  it.each(['m01', 'supervisor-e'])('to %s', async (who) => {
    expect((await (await api(who)).post('/webhooks', { url, events: ['order.closed'] })).status).toBe(403);
  });
});

describe('SYS-3 what happens is told', () => {
  it('signed, with ids and no word of people, each thing once', async () => {
    const { secret, id } = await register();
    const { attempt } = await convert();
    await drain();
    expect(told()).toMatchObject([
      { type: 'conversion.recorded', data: { attempt: attempt.id, campaign: 'c1', outcome: 'converted', manager: 'm01' } },
    ]);
    expect(got.every((one) => isSigned(one, secret))).toBe(true);
    expect(got.some((one) => isSigned(one, `whsec_${Buffer.alloc(32).toString('base64')}`))).toBe(false);
    expect(got.map(({ body }) => body).join()).not.toMatch(/客户|\+86/);
    expect(await log(id)).toMatchObject([{ event: 'conversion.recorded', state: 'delivered', tries: 1, status: 204, reason: null }]);
  });

  it('an order that is closed, an opt-out, a blast that is done, a ticket', async () => {
    await register();
    const order = await test.db.one<{ id: string }>(sql`select id::text as id from calls.sales_order order by id desc limit 1`);
    await must((await api('admin')).post(`/orders/${order.id}/close`, { state: 'failed', reason: 'no line' }), 200, 201);
    const { number } = await test.db.one<{ number: string }>(sql`select number from customers.line order by id limit 1`);
    const replies = test.app.get(RepliesCommands, { strict: false });
    await test.db.tx((tx) => replies.receive(tx, 'simulator', { ref: 'mo-1', number, body: 'TD' }));
    await must((await api('m01')).post('/tickets', { kind: 'fault', text: 'hidden', phone: number }), 201);
    await must((await api()).post('/segments', { code: 's1', name: 's1' }), 201);
    await centre.hand('segment&segment=s1', ['phone,month', `${number.slice(3)},1`]);
    await must((await api()).post('/sms/templates', { code: 't1', name: 't1', purpose: 'marketing', signature: '中国电信', body: '您好' }), 201);
    await must((await api('admin')).post('/sms/templates/t1/approve'), 200, 201);
    await must((await api()).post('/sms/blasts', { code: 'b1', template: 't1', segment: 's1', gateway: 'simulator' }), 201);
    await test.db.run(sql`update messaging.blast set state = 'running', started_at = ${test.clock.now()} where code = 'b1'`);
    await test.app.get(ReceiptsCommands, { strict: false }).finish();
    await drain();
    const byType = new Map(told().map(({ type, data }) => [type, data]));
    expect([...byType.keys()].sort()).toEqual(['blast.done', 'opt_out.received', 'order.closed', 'ticket.opened']);
    expect(byType.get('order.closed')).toMatchObject({ order: order.id, state: 'failed', campaign: 'c1' });
    expect(byType.get('opt_out.received')).toMatchObject({ gateway: 'simulator', customer: expect.stringMatching(/^\d+$/) as string });
    expect(byType.get('blast.done')).toMatchObject({ blast: 'b1' });
    expect(byType.get('ticket.opened')).toMatchObject({ kind: 'fault', ticket: expect.stringMatching(/^GZ-/) as string });
    expect(got.map(({ body }) => body).join()).not.toMatch(/客户|\+86|hidden/);
    // what a person takes for an opt-out is one like any other
    await test.db.tx((tx) => replies.receive(tx, 'simulator', { ref: 'mo-2', number, body: '你们是谁' }));
    const { id } = await test.db.one<{ id: string }>(sql`select id from messaging.reply where gateway_ref = 'mo-2'`);
    await must((await api()).post(`/sms/replies/${id}/decision`, { decision: 'opt_out' }), 200);
    await drain();
    expect(told().filter(({ type }) => type === 'opt_out.received')).toMatchObject([{ data: {} }, { data: { reply: id } }]);
  });

  it('from the beginning, and on after a change that does not speak of it; what is neither yes nor no is refused', async () => {
    const made = (await must((await api()).post('/webhooks', { url, events: ['blast.done'] }), 201)) as Endpoint;
    const changed = await must((await api()).put(`/webhooks/${made.id}`, { events: ['order.closed'] }), 200);
    expect([made.active, changed]).toMatchObject([true, { active: true, events: ['order.closed'] }]);
    expect((await (await api()).put(`/webhooks/${made.id}`, { events: ['order.closed'], active: 'yes' })).status).toBe(422);
    await (await api()).put(`/webhooks/${made.id}`, { events: ['order.closed'], active: false });
  });

  it('to its own unit and those above, never to others, and only what was ticked', async () => {
    await register({}, 'planner-w');
    await register({ events: ['ticket.opened'] });
    await register({ active: false });
    await convert();
    await drain();
    expect(got).toEqual([]);
    expect((await all('planner-w')).length).toBe(1);
    expect((await (await api('planner-w')).get(`/webhooks/${(await all())[0]?.id ?? ''}/deliveries`)).status).toBe(404);
  });
});

describe('SYS-3 a delivery that is not taken', () => {
  it('is tried again after its wait under the same id, signed anew', async () => {
    const { id, secret } = await register();
    answers = [500, 302];
    const delivery = await sendTest(id);
    await drain();
    expect([got.length, (await log(id))[0]]).toMatchObject([1, { state: 'waiting', tries: 1, status: 500, reason: 'refused' }]);
    test.clock.advance(29_000);
    await drain();
    expect(got).toHaveLength(1);
    test.clock.advance(2_000);
    await drain();
    expect((await log(id))[0]).toMatchObject({ state: 'waiting', tries: 2, status: 302, reason: 'redirected' });
    expect((await all())[0]?.failingSince).not.toBeNull();
    test.clock.advance(61_000);
    await drain();
    expect((await log(id))[0]).toMatchObject({ id: delivery, state: 'delivered', tries: 3, status: 204 });
    expect((await all())[0]?.failingSince).toBeNull();
    expect(new Set(got.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery]));
    expect(new Set(got.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
    expect(got.every((one) => isSigned(one, secret))).toBe(true);
  });

  it('is given up after twelve tries, stays in the log, and can be sent again under its id', async () => {
    const { id } = await register();
    answers = Array<number>(12).fill(503);
    const delivery = await sendTest(id);
    for (let tries = 0; tries < 14; tries++) {
      await drain();
      test.clock.advance(3_600_000);
    }
    await centre.moveTo('2026-11-24T10:00');
    expect([got.length, (await log(id))[0]]).toMatchObject([12, { state: 'dead', tries: 12, status: 503 }]);
    expect(await test.db.rows(sql`select 1 as one from platform.outbox where job = 'webhooks.deliver'`)).toEqual([]);
    await must((await api()).post(`/webhooks/${id}/deliveries/${delivery}/again`), 202);
    expect((await (await api()).post(`/webhooks/${id}/deliveries/${delivery}/again`)).body).toMatchObject({ error: { code: 'webhook_under_way' } });
    await drain();
    expect((await log(id))[0]).toMatchObject({ id: delivery, state: 'delivered' });
    expect(got.at(-1)?.headers['webhook-id']).toBe(delivery);
    expect(new Set(got.map(({ body }) => body)).size).toBe(1);
  });

  it('switches its endpoint off after three days without an arrival, until somebody switches it on', async () => {
    const { id } = await register();
    answers = [500, 500, 500];
    await sendTest(id);
    await drain();
    await test.db.run(sql`update webhooks.endpoint set failing_since = failing_since - interval '3 days'`);
    test.clock.advance(60_000);
    await drain();
    expect([(await all())[0], (await log(id))[0]]).toMatchObject([
      { active: false, disabledAt: expect.any(String) as string },
      { state: 'dead', reason: 'switched_off' },
    ]);
    expect(await test.db.rows(sql`select 1 as one from staff.audit_entry where action = 'webhook.disabled' and object_id = ${id}`)).toHaveLength(1);
    const on = (await must((await api()).put(`/webhooks/${id}`, { events: ['order.closed'], active: true }), 200)) as Endpoint;
    expect(on).toMatchObject({ active: true, disabledAt: null, failingSince: null, events: ['order.closed'] });
    await centre.moveTo('2026-11-24T10:00');
  });

  it('and ends at once where the receiver says it is gone, or the endpoint was removed', async () => {
    const { id } = await register();
    answers = [410];
    await sendTest(id);
    await drain();
    expect([(await all())[0]?.active, (await log(id))[0]]).toMatchObject([false, { state: 'dead', reason: 'gone' }]);
    const other = await register();
    await sendTest(other.id);
    await test.http
      .delete(`/api/v1/webhooks/${other.id}`)
      .set('authorization', `Bearer ${(await api()).token}`)
      .expect(204);
    await drain();
    expect(await test.db.rows(sql`select reason from webhooks.delivery where endpoint_id = ${other.id}`)).toEqual([{ reason: 'removed' }]);
    expect(got).toHaveLength(1);
  });
});

describe('SYS-2 address and secret of an endpoint', () => {
  it('stand nowhere in clear, and outlive a new sealing key', async () => {
    const { id, secret } = await register();
    const stored = await test.db.one<{ text: string }>(sql`select e::text || encode(e.sealed, 'escape') as text from webhooks.endpoint e`);
    expect(stored.text).not.toMatch(/concealed|whsec_/);
    expect(JSON.stringify(await all())).not.toMatch(/concealed|whsec_|sealed/);
    const fresh = readSealKey(newSealKey()) as SealKey;
    const rotated = await createTestApp({ beside: test, config: { sealKeys: [fresh, key], outgoingAllow: ['127.0.0.1'] } });
    await drainJobs(rotated.app);
    expect(await test.db.rows(sql`select distinct seal_key_id as seal from webhooks.endpoint where sealed is not null`)).toEqual([
      { seal: fresh.id },
    ]);
    await must((await api()).post(`/webhooks/${id}/test`), 202);
    await drainJobs(rotated.app);
    await rotated.close();
    expect([got.length, isSigned(got[0] as Got, secret)]).toEqual([1, true]);
  });

  it('the secret is shown on the page that made it, and never again', async () => {
    const page = await logIn(test, 'planner-e');
    expect((await page.get('/admin/webhooks')).text).toContain('还没有接收地址');
    const refused = await page.post('/admin/webhooks', { url: 'http://example.com/', events: ['order.closed'] });
    expect([refused.status, refused.text.includes('value="http://example.com/"')]).toEqual([422, true]);
    expect((await page.post('/admin/webhooks', { url })).text).toContain('请至少勾选一个事件');
    const made = await page.post('/admin/webhooks', { url, events: ['order.closed', 'ticket.opened'], active: 'on' });
    expect(made.text).toMatch(/whsec_[A-Za-z0-9+/&#x3D;=]{40,}/);
    const [{ id } = { id: '' }] = await all();
    const shown = (await page.get(`/admin/webhooks/${id}`)).text;
    expect(shown).not.toMatch(/whsec_|concealed/);
    expect((await page.post(`/admin/webhooks/${id}/test`)).headers.location).toBe(`/admin/webhooks/${id}`);
    await drain();
    expect((await page.get(`/admin/webhooks/${id}`)).text).toContain('已送到');
    const [{ id: delivery } = { id: '' }] = await log(id);
    await page.post(`/admin/webhooks/${id}/deliveries/${delivery}/again`);
    await drain();
    expect(got.map(({ headers }) => headers['webhook-id'])).toEqual([delivery, delivery]);
    await page.post(`/admin/webhooks/${id}`, { events: 'blast.done' });
    expect((await all())[0]).toMatchObject({ events: ['blast.done'], active: false });
    await page.post(`/admin/webhooks/${id}/remove`);
    expect(await all()).toEqual([]);
  });
});
