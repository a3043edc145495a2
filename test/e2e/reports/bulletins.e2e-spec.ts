import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allowedOf } from '../../../src/platform/outgoing/address.js';
import { Outgoing } from '../../../src/platform/outgoing/outgoing.js';
import { sql } from '../../../src/platform/database/sql.js';
import type { Delivery } from '../../../src/reports/bulletins/bulletins.types.js';
import { BulletinSchedule } from '../../../src/reports/bulletins/bulletin-schedule.commands.js';
import { BulletinSending } from '../../../src/reports/bulletins/bulletin-sending.commands.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { CallCentre, must } from '../calls/call-centre.js';

const SECRET = 'a secret of sixteen and more';
let test: TestApp;
let centre: CallCentre;
let page: PageVisitor;
let receiver: Server;
let origin: string;

/** What reached the other side, and what it answers next; 200 when nothing is said. */
const got: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
let answers: { status: number; body?: string; headers?: Record<string, string> }[] = [];

const api = (who = 'supervisor-e') => centre.house(who);
const form = (more: object = {}) => ({
  orgUnit: 'east-1',
  kind: 'json',
  url: `${origin}/hook`,
  secret: SECRET,
  times: ['12:00', '18:00'],
  active: true,
  ...more,
});
const create = async (more: object = {}): Promise<string> => {
  const { status, body } = await (await api()).post('/bulletins', form(more));
  if (status !== 201) throw new Error(JSON.stringify(body));
  return (body as { id: string }).id;
};
const robot = () => create({ kind: 'wecom', url: `${origin}/cgi-bin/webhook/send?key=robot-key`, secret: undefined });
const log = async (id: string): Promise<Delivery[]> => ((await (await api()).get(`/bulletins/${id}/deliveries`)).body as { items: Delivery[] }).items;
const states = async (id: string) => (await log(id)).map(({ state, reason, tries }) => [state, reason, tries]);
/** The schedule's minute, also where this clock has been before. */
const look = async (): Promise<void> => {
  await test.app.get(BulletinSchedule, { strict: false }).makeDue();
  await drainJobs(test.app);
};
const moveTo = (at: string) => centre.moveTo(at.includes('T') ? at : `2026-11-24T${at}`);

beforeAll(async () => {
  test = await createTestApp({ config: { sealKeys: [{ id: 'test', key: Buffer.alloc(32, 7) }], outgoingAllow: ['127.0.0.1'] } });
  centre = await CallCentre.open(test);
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const answer = answers.shift() ?? { status: 200, body: '{"errcode":0,"errmsg":"ok"}' };
      if (answer.status === 0) return request.socket.destroy();
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  await centre.clear();
  await centre.customers('m01', [7, 6, 5]);
  await centre.customers('m02', [7]);
  await centre.campaign('c1');
  await centre.call('m01', { outcome: 'converted', talkSeconds: 120, order: { product: '宽带' } });
  await centre.call('m01', { outcome: 'callback', talkSeconds: 20, callbackAt: '2026-11-24T10:30:00+08:00' });
  await centre.call('m02', { outcome: 'no_answer' });
  page = await logIn(test, 'supervisor-e');
});
afterAll(async () => {
  await new Promise((done) => receiver.close(done));
  await test.close();
});
beforeEach(async () => {
  got.length = 0;
  answers = [];
  await test.db.run(sql`delete from reports.bulletin_delivery`);
  await test.db.run(sql`delete from reports.bulletin`);
  await moveTo('11:00');
});

describe('REP-5 a bulletin is refused', () => {
  it.each([
    ['http to the public', { url: 'http://example.com/hook' }, 'url'],
    ['this server', { url: 'https://localhost/hook' }, 'url'],
    ['a private network', { url: 'https://192.168.1.10/hook' }, 'url'],
    ['the metadata of a cloud', { url: 'http://169.254.169.254/latest' }, 'url'],
    ['a password in the address', { url: 'https://a:b@example.com/' }, 'url'],
    ['no address', { url: undefined }, 'url'],
    ['a robot that is none', { kind: 'wecom', url: 'https://qyapi.weixin.qq.com/other' }, 'url'],
    ['JSON without a secret', { secret: undefined }, 'secret'],
    ['a short secret', { secret: 'short' }, 'secret'],
    ['no times', { times: [] }, 'times'],
    ['a time that is none', { times: ['25:00'] }, 'times'],
    ['the same time twice', { times: ['12:00', '12:00'] }, 'times'],
    ['a kind that is none', { kind: 'fax' }, 'kind'],
    ['a unit out of scope', { orgUnit: 'west-1' }, 'orgUnit'],
  ])('%s, naming the field', async (_what, more, param) => {
    const { status, body } = await (await api()).post('/bulletins', form(more));
    expect([status, body.error.param]).toEqual([422, param]);
    expect(await test.db.rows(sql`select 1 as one from reports.bulletin`)).toEqual([]);
  });

  it('on a server without a key to seal with, in a sentence', async () => {
    const bare = await createTestApp({ beside: test });
    const answer = await bare.http
      .post('/api/v1/bulletins')
      .set('authorization', `Bearer ${(await api()).token}`)
      .send(form({ url: 'https://example.com/x' }));
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([503, 'bulletin_seal_key_missing']);
    await bare.close();
  });

  it('SYS-1 to planners and managers, and to supervisors of elsewhere', async () => {
    const id = await create();
    expect((await (await api('m01')).get('/bulletins')).status).toBe(403);
    expect((await (await api('planner-e')).post('/bulletins', form())).status).toBe(403);
    await (
      await api('admin')
    ).post('/users', { username: 'supervisor-w', role: 'supervisor', orgUnit: 'west', name: '西', password: 'starcare-test' });
    expect((await (await api('supervisor-w')).get('/bulletins')).body).toEqual({ items: [] });
    expect((await (await api('supervisor-w')).post(`/bulletins/${id}/test`)).status).toBe(404);
    await drainJobs(test.app);
    expect(got).toEqual([]);
  });
});

describe('REP-5 a bulletin goes out', () => {
  it('at noon, with the figures of the API, signed and with a number', async () => {
    const id = await create();
    await moveTo('12:00');
    await tickSchedules(test.app);
    expect(got).toHaveLength(1);
    const { headers, body } = got[0] as (typeof got)[number];
    const said = JSON.parse(body) as { total: object; callbacks: object; table: { rows: unknown[][] }; text: string };
    const { body: funnel } = await (await api()).get('/reports/funnel?by=manager&from=2026-11-24&to=2026-11-24');
    const { attempts, connected, connectRate, converted, conversionRate } = funnel.total;
    expect(said.total).toEqual({ attempts, connected, connectRate, converted, conversionRate });
    expect(said.total).toMatchObject({ attempts: 3, connected: 2, converted: 1 });
    expect(said.table.rows.map((row) => row.slice(0, 3))).toEqual([
      ['林晓雯', 2, 2],
      ['周可欣', 1, 0],
    ]);
    expect(said.callbacks).toEqual({ promised: 1, kept: 0, open: 1 });
    expect(said.text).toContain('东一组 2026-11-24 12:00战报');
    const [delivery] = await log(id);
    expect(headers['x-starcare-delivery']).toBe(delivery?.id);
    const stamp = String(headers['x-starcare-timestamp']);
    expect(headers['x-starcare-signature']).toBe(createHmac('sha256', SECRET).update(`${stamp}.${body}`).digest('hex'));
    expect(await states(id)).toEqual([['sent', null, 1]]);
  });

  it('to a group robot as markdown, within its team alone', async () => {
    const id = await robot();
    await moveTo('12:00');
    await look();
    expect(got.map(({ path }) => path)).toEqual(['/cgi-bin/webhook/send?key=robot-key']);
    const { msgtype, markdown } = JSON.parse(got[0]?.body ?? '{}') as { msgtype: string; markdown: { content: string } };
    expect(msgtype).toBe('markdown');
    expect(markdown.content).toMatch(/^\*\*东一组 2026-11-24 12:00战报\*\*\n外呼3，接通2，接通率66\.7%，样本太少\n/);
    expect(await states(id)).toEqual([['sent', null, 1]]);
  });

  it('exactly once a time, however often and from however many sides the schedule runs', async () => {
    const id = await create();
    await moveTo('12:00');
    const schedule = test.app.get(BulletinSchedule, { strict: false });
    await Promise.all([1, 2, 3, 4].map(() => schedule.makeDue()));
    await drainJobs(test.app);
    await look();
    await moveTo('12:01');
    await look();
    const [delivery] = await log(id);
    const sending = test.app.get(BulletinSending, { strict: false });
    await Promise.all([1, 2].map(() => sending.send(delivery?.id ?? '')));
    expect(got).toHaveLength(1);
    await moveTo('18:00');
    await look();
    expect(got).toHaveLength(2);
    expect((await log(id)).map(({ state }) => state)).toEqual(['sent', 'sent']);
  });

  it('late with its mark within two hours of down-time, and not at all after that', async () => {
    const id = await create();
    await moveTo('13:30');
    await look();
    expect((JSON.parse(got[0]?.body ?? '{}') as { text: string }).text).toContain('补发：系统当时没有运行，数据截至13:30');
    expect((await log(id))[0]).toMatchObject({ state: 'sent', late: true });
    await moveTo('20:30');
    await look();
    expect(got).toHaveLength(1);
    expect((await states(id))[0]).toEqual(['skipped', 'too_late', 0]);
  });

  it('not for times before it was switched on, not while it is off, and on a day off only when somebody called', async () => {
    await moveTo('12:30');
    const id = await create();
    const off = await create({ active: false });
    await look();
    await moveTo('2026-11-28T12:00'); // a Saturday
    await look();
    expect(got).toHaveLength(0);
    expect(await states(id)).toEqual([['skipped', 'day_off', 0]]);
    expect(await log(off)).toEqual([]);
  });

  it('again after 30 s, 1, 2 and 4 minutes while the receiver is down, then it has failed, with the same words each time', async () => {
    const id = await create();
    await moveTo('12:00');
    answers = [{ status: 503 }, { status: 0 }, { status: 429 }, { status: 500 }, { status: 502 }];
    await look();
    for (const seconds of [30, 60, 120, 240]) {
      await drainJobs(test.app);
      const before = got.length;
      test.clock.advance((seconds - 1) * 1000);
      await drainJobs(test.app);
      expect(got).toHaveLength(before);
      test.clock.advance(1000);
      await drainJobs(test.app);
      expect(got).toHaveLength(before + 1);
    }
    expect(new Set(got.map(({ body, headers }) => `${String(headers['x-starcare-delivery'])} ${body}`)).size).toBe(1);
    expect(await states(id)).toEqual([['failed', 'refused_for_now', 5]]);
    const audit = await test.db.one(
      sql`select actor, action, detail ->> 'reason' as reason from staff.audit_entry where object_id = ${id} order by id desc limit 1`,
    );
    expect(audit).toEqual({ actor: 'system', action: 'bulletin.failed', reason: 'refused_for_now' });
  });

  it('once more when the first try found nobody', async () => {
    const id = await create();
    await moveTo('12:00');
    answers = [{ status: 503 }];
    await look();
    test.clock.advance(30_000);
    await drainJobs(test.app);
    expect(await states(id)).toEqual([['sent', null, 2]]);
  });

  it('not again once it was switched off while it waited; a test goes out all the same', async () => {
    const id = await create();
    await moveTo('12:00');
    answers = [{ status: 503 }];
    await look();
    expect((await (await api()).put(`/bulletins/${id}`, { times: ['12:00'], active: false })).status).toBe(200);
    test.clock.advance(30_000);
    await drainJobs(test.app);
    expect([got.length, await states(id)]).toEqual([1, [['failed', 'switched_off', 2]]]);
    await (await api()).post(`/bulletins/${id}/test`);
    await drainJobs(test.app);
    expect([got.length, (await states(id))[0]]).toEqual([2, ['sent', null, 1]]);
  });

  it.each([
    ['redirects are not followed', { status: 302, headers: { location: 'http://169.254.169.254/' } }, 'redirected', 302],
    ['refusals are final', { status: 404 }, 'refused', 404],
    ['an answer without end is cut', { status: 200, body: 'x'.repeat(200_000) }, 'answer_too_long', null],
  ])('%s', async (_what, answer, reason, status) => {
    const id = await create();
    answers = [answer];
    await (await api()).post(`/bulletins/${id}/test`);
    await drainJobs(test.app);
    expect((await log(id))[0]).toMatchObject({ state: 'failed', reason, status, tries: 1 });
    expect(got).toHaveLength(1);
  });

  it('never twice into a group that may have it: no answer after sending, or a crash while sending', async () => {
    const id = await robot();
    answers = [{ status: 0 }];
    await (await api()).post(`/bulletins/${id}/test`);
    await drainJobs(test.app);
    expect(await states(id)).toEqual([['doubtful', 'answer_lost', 1]]);
    await moveTo('12:00');
    await test.app.get(BulletinSchedule, { strict: false }).makeDue();
    await test.db.run(sql`update reports.bulletin_delivery set state = 'sending', tries = 1, body = '{}' where slot is not null`); // a process that died there
    await drainJobs(test.app);
    expect((await states(id))[0]).toEqual(['doubtful', 'interrupted', 2]);
    expect(got).toHaveLength(1);
  });

  it('twice to a system that may have it, under the same number, which it takes once', async () => {
    const id = await create();
    await moveTo('12:00');
    answers = [{ status: 0 }];
    await look();
    test.clock.advance(30_000);
    await drainJobs(test.app);
    expect(got.map(({ headers }) => headers['x-starcare-delivery'])).toEqual(
      [...new Array<string | undefined>(2)].map(() => String(got[0]?.headers['x-starcare-delivery'])),
    );
    expect(await states(id)).toEqual([['sent', null, 2]]);
  });

  it('to nobody whose name leads to a private address, and gives up in time on who never answers', async () => {
    const nobody = new Outgoing(allowedOf([]));
    expect(await nobody.post({ url: `${origin}/hook`, body: '{}', headers: {} })).toMatchObject({ fault: 'url_not_https', sent: false });
    const silent = createServer(() => undefined);
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    expect(await new Outgoing(allowedOf(['127.0.0.1']), 50).post({ url, body: '{}', headers: {} })).toEqual({ fault: 'timed_out', sent: true });
    silent.closeAllConnections();
    silent.close();
    expect(await new Outgoing(allowedOf(['127.0.0.1'])).post({ url, body: '{}', headers: {} })).toEqual({ fault: 'connection_failed', sent: false });
  });
});

describe('REP-5 the page of bulletins', () => {
  it('sets one up, tests it, shows what became of it, changes and removes it; address and secret are never shown', async () => {
    expect((await page.get('/reports/bulletins')).text).toContain('还没有推送');
    const made = await page.post('/reports/bulletins', {
      orgUnit: 'east-1',
      kind: 'json',
      url: `${origin}/hidden-path`,
      secret: SECRET,
      times: '18:00，12:00',
      active: 'on',
    });
    expect(made.status).toBe(303);
    const address = made.headers.location ?? '';
    expect((await page.get(address)).text).toContain('12:00 18:00');
    expect((await page.post(`${address}/test`)).status).toBe(303);
    await drainJobs(test.app);
    const { text } = await page.get(address);
    expect(text).toContain('已送达');
    expect(text).toContain('东一组战报（测试）');
    expect(text).not.toMatch(/hidden-path|secret of sixteen/);
    expect((await page.post(address, { times: '09:30', url: '', secret: '' })).status).toBe(303);
    const [{ times, active } = { times: [], active: true }] = (
      (await (await api()).get('/bulletins')).body as { items: { times: string[]; active: boolean }[] }
    ).items;
    expect([times, active]).toEqual([['09:30'], false]);
    expect((await page.post(`${address}/remove`)).status).toBe(303);
    expect((await page.get(address)).status).toBe(404);
    expect(await test.db.one(sql`select count(sealed)::int as kept from reports.bulletin`)).toEqual({ kept: 0 });
    const actions = await test.db.rows<{ action: string }>(sql`
      select action from staff.audit_entry where object_type = 'bulletin' and object_id = ${address.split('/').at(-1)} order by id`);
    expect(actions.map(({ action }) => action)).toEqual([
      'bulletin.created',
      'bulletin.tested',
      'bulletin.sent',
      'bulletin.changed',
      'bulletin.removed',
    ]);
  });

  it('keeps what was typed when it is refused, with the sentence at the field', async () => {
    const { status, text } = await page.post('/reports/bulletins', {
      orgUnit: 'east-1',
      kind: 'json',
      url: 'https://10.0.0.1/x',
      secret: SECRET,
      times: '12:00',
    });
    expect(status).toBe(422);
    expect(text).toContain('不能推送到本机或内网地址');
    expect(text).toContain('https://10.0.0.1/x');
    expect(text).not.toContain(SECRET);
  });

  it('asks for the secret anew with another address: nobody sends it elsewhere', async () => {
    const id = await create();
    const moved = await (await api()).put(`/bulletins/${id}`, { url: `${origin}/else`, times: ['12:00'], active: true });
    expect([moved.status, moved.body.error.param]).toEqual([422, 'secret']);
    expect(
      (await (await api()).put(`/bulletins/${id}`, { url: `${origin}/else`, secret: `${SECRET}2`, times: ['12:00'], active: true })).status,
    ).toBe(200);
    expect(await test.db.rows(sql`select host from reports.bulletin`)).toEqual([{ host: '127.0.0.1' }]);
  });

  it('keeps address and secret sealed, each for its own bulletin', async () => {
    await robot();
    const [row] = await test.db.rows<{ sealed: Buffer }>(sql`select sealed from reports.bulletin`);
    expect(row?.sealed.toString('latin1')).not.toContain('robot-key');
  });

  it('SYS-2 a new sealing key seals them anew at the next start and they still go out; those of a key that is lost stay untouched', async () => {
    const id = await create();
    await robot();
    const key = (name: string, fill: number) => ({ id: name, key: Buffer.alloc(32, fill) });
    const sealedWith = async (): Promise<string[]> =>
      (await test.db.rows<{ k: string }>(sql`select distinct seal_key_id as k from reports.bulletin`)).map(({ k }) => k);
    const startWith = async (...sealKeys: ReturnType<typeof key>[]): Promise<string[]> => {
      const second = await createTestApp({ beside: test, config: { sealKeys, outgoingAllow: ['127.0.0.1'] } });
      await drainJobs(second.app);
      await second.close();
      return sealedWith();
    };
    const [next, old] = [key('next', 8), key('test', 7)];
    expect(await startWith(key('lost', 9))).toEqual(['test']);
    expect(await startWith(next, old)).toEqual(['next']);
    // the old one may go now
    expect(await startWith(next)).toEqual(['next']);
    expect(await startWith(old, next)).toEqual(['test']);
    await must((await api()).post(`/bulletins/${id}/test`), 200, 201, 202);
    await drainJobs(test.app);
    expect(got.map(({ path }) => path)).toEqual(['/hook']);
  });
});
