import { GatewaySecrets } from '../../../src/messaging/gateways/gateway-secrets.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { Obstacle } from '../../support/obstacle.js';
import { createTestApp } from '../../support/test-app.js';
import { until } from '../../support/until.js';
import { logIn, unescaped } from '../../support/visitor.js';
import { type Asked, FakeKannel, reportAddress, TAKEN } from './fake-kannel.js';
import { addCustomer, addSegment, addTemplate, figures, numberOf, openPostOffice, type PostOffice } from './post-office.js';

const sealKeys = [{ id: 'test', key: Buffer.alloc(32, 7) }];
const NOT_ROUTABLE = { status: 403, body: 'Not routable. Do not try again.' };
const BUSY = { status: 503, body: 'Temporal failure, try again later.' };

let office: PostOffice;
let kannel: FakeKannel;
let next = 1;

/** A blast to fresh numbers over a gateway, handed over. @returns the numbers */
async function blast(code: string, count: number, gateway = 'kannel'): Promise<string[]> {
  const numbers = Array.from({ length: count }, () => numberOf(next++));
  for (const number of numbers) await addCustomer(office.test.db, number);
  await addSegment(office.test.db, code, numbers);
  const made = await office.planner.post('/sms/blasts', { code, template: 'note', segment: code, gateway });
  if (made.status !== 201) throw new Error(made.text);
  await office.planner.post(`/sms/blasts/${code}/start`);
  await office.drain();
  return numbers;
}

const tell = (address: string) => office.test.http.get(address);
const told = async (asked: Asked, type: number, answer = ''): Promise<number> => (await tell(reportAddress(asked.dlrUrl, type, answer))).status;
const counts = async (code: string) => (await figures(office, code)).counts;
const kept = () =>
  office.test.db.rows<{ state: string; code: string | null }>(sql`select state, network_code as code from messaging.receipt order by id`);
/** How often each number was asked for. */
const asks = (numbers: readonly string[]): number[] => numbers.map((number) => kannel.asked.filter(({ to }) => to === number).length);

beforeAll(async () => {
  office = await openPostOffice(undefined, { sealKeys });
  kannel = await FakeKannel.start();
  await addTemplate(office, 'note', '{{honorific}}您好，您的业务已办理', 'service');
  const login = { username: 'star', password: 'geheim' };
  const made = await office.planner.post('/sms/gateways', {
    code: 'kannel',
    kind: 'http',
    url: kannel.url,
    ...login,
    from: '10659',
    ratePerSecond: 1000,
    connections: 4,
  });
  if (made.status !== 201) throw new Error(made.text);
  expect(made.text).not.toContain('geheim');
});
afterAll(async () => {
  await office.test.close();
  await kannel.stop();
});
beforeEach(async () => {
  kannel.forget();
  office.test.clock.set('2026-11-24T10:00:00+08:00');
  await office.test.db.run(
    sql`update messaging.gateway set down_until = null, down_since = null, down_code = null, failures = 0, free_at = '-infinity'`,
  );
  await office.test.db.run(sql`delete from messaging.receipt`);
});

describe('SMS-4 over Kannel', () => {
  it('hands each message over once, in Chinese, over few connections that stay open', async () => {
    const numbers = await blast('over', 30);
    expect(asks(numbers)).toEqual(numbers.map(() => 1));
    expect(kannel.connections).toBeLessThanOrEqual(4);
    expect(Object.fromEntries(kannel.asked[0]?.query ?? [])).toMatchObject({
      username: 'star',
      password: 'geheim',
      from: '10659',
      text: '【中国电信】陈先生您好，您的业务已办理',
      coding: '2',
      charset: 'UTF-8',
      'dlr-mask': '31',
    });
    expect(await counts('over')).toMatchObject({ submitted: 30, queued: 0, failed: 0 });
  });

  it('takes “queued for later delivery” for accepted', async () => {
    kannel.manner = () => ({ status: 202, body: '3: Queued for later delivery' });
    await blast('later', 1);
    expect(await counts('later')).toMatchObject({ submitted: 1, failed: 0 });
  });

  it('R6 one number it refuses fails alone, in its words', async () => {
    const poison = numberOf(next + 2);
    kannel.manner = ({ to }) => (to === poison ? NOT_ROUTABLE : TAKEN);
    await blast('poison', 6);
    expect(await counts('poison')).toMatchObject({ submitted: 5, failed: 1 });
    expect(await office.test.db.rows(sql`select network_code as code from messaging.message where number = ${poison}`)).toEqual([
      { code: '403 Not routable' },
    ]);
  });

  it('slows down when it is busy, and nobody fails by it', async () => {
    kannel.manner = (_, nth) => (nth < 3 ? BUSY : TAKEN);
    const numbers = await blast('busy', 8);
    await office.pass(1);
    expect(await counts('busy')).toMatchObject({ submitted: 8, queued: 0, failed: 0 });
    expect(numbers.map((number) => kannel.taken.filter(({ to }) => to === number).length)).toEqual(numbers.map(() => 1));
  });

  it('a refused login fails nobody: the gateway rests, and its fault is told', async () => {
    kannel.manner = () => ({ status: 403, body: 'Authorization failed for sendsms' });
    const numbers = await blast('login', 5);
    expect(kannel.asked.length).toBeLessThan(5);
    expect(await counts('login')).toMatchObject({ queued: 5, failed: 0 });
    const page = await (await logIn(office.test, 'admin')).get('/sms/gateways');
    expect(page.text).toContain('403 Authorization failed for sendsms');
    kannel.forget();
    await office.pass(2);
    expect(asks(numbers)).toEqual(numbers.map(() => 1));
  });

  it('SMS-4 what broke off after the request was written is in doubt, is never sent again, and its report settles it', async () => {
    const from = next;
    kannel.manner = ({ to }) => (to === numberOf(from) ? 'after' : to === numberOf(from + 1) ? 'before' : TAKEN);
    const numbers = await blast('broken', 3);
    expect(await counts('broken')).toMatchObject({ inDoubt: 2, submitted: 1 });
    for (let i = 0; i < 5; i += 1) await office.pass(1);
    expect(asks(numbers)).toEqual([1, 1, 1]);
    const [asked] = kannel.taken.filter(({ to }) => to === numbers[0]);
    expect(await told(asked as Asked, 1)).toBe(200);
    await office.drain();
    expect(await counts('broken')).toMatchObject({ inDoubt: 1, delivered: 1, submitted: 1 });
  });

  it('an answer that does not come in time leaves a message in doubt', async () => {
    const silent = { code: 'slow', kind: 'http', url: kannel.url, timeoutSeconds: 1 };
    expect((await office.planner.post('/sms/gateways', silent)).status).toBe(201);
    kannel.manner = () => 'silent';
    await blast('slow', 1, 'slow');
    expect(await counts('slow')).toMatchObject({ inDoubt: 1 });
  });

  it('where nobody listens nothing was sent: the blast waits and goes on by itself', async () => {
    const gone = await FakeKannel.start();
    const { url } = gone;
    await gone.stop();
    await office.planner.post('/sms/gateways', { code: 'gone', kind: 'http', url });
    await blast('gone', 3, 'gone');
    expect(await counts('gone')).toMatchObject({ queued: 3, inDoubt: 0, failed: 0 });
    expect(await office.test.db.rows(sql`select down_code from messaging.gateway where code = 'gone'`)).toEqual([{ down_code: 'ECONNREFUSED' }]);
    await office.test.db.run(
      sql`update messaging.gateway set settings = settings || ${JSON.stringify({ url: kannel.url })}::jsonb where code = 'gone'`,
    );
    await office.pass(1);
    expect(await counts('gone')).toMatchObject({ submitted: 3, queued: 0 });
  });
});

describe('SMS-5 reports of Kannel', () => {
  it('in any order and doubled, the strongest word stands', async () => {
    await blast('words', 4);
    const [a, b, c, d] = kannel.taken as [Asked, Asked, Asked, Asked];
    const undelivered = 'id:9 sub:001 dlvrd:000 stat:UNDELIV err:027 text:';
    for (const [asked, type, answer] of [
      [a, 1],
      [a, 8],
      [a, 8],
      [a, 1],
      [b, 8],
      [b, 2, undelivered],
      [b, 2, undelivered],
      [c, 16, 'NACK/0x0000000b/Invalid'],
      [d, 2, 'id:9 stat:EXPIRED err:000'],
    ] as const)
      expect(await told(asked, type, answer)).toBe(200);
    await office.drain();
    expect(await counts('words')).toMatchObject({ delivered: 1, failed: 2, expired: 1 });
    const codes = await office.test.db.rows(
      sql`select network_code as code from messaging.message where number = any(${[b.to, c.to]}::text[]) order by code`,
    );
    expect(codes).toEqual([{ code: 'NACK 0x0000000b' }, { code: 'UNDELIV 027' }]);
    expect(await told(d, 1)).toBe(200); // delivered after all
    await office.drain();
    expect(await counts('words')).toMatchObject({ delivered: 2, expired: 0 });
  });

  it('R42 one that is quicker than the answer to the message is not lost', async () => {
    kannel.manner = async (asked) => {
      await told(asked, 1);
      return TAKEN;
    };
    await blast('early', 2);
    await office.drain();
    expect(await counts('early')).toMatchObject({ delivered: 2, submitted: 0 });
  });

  it('a burst is kept together before it is answered', async () => {
    await blast('burst', 30);
    const told = await Promise.all(kannel.taken.flatMap(({ dlrUrl }) => [4, 8, 1].map((type) => tell(reportAddress(dlrUrl, type)))));
    expect(new Set(told.map(({ status, text }) => `${status}${text}`))).toEqual(new Set(['200']));
    const { receipts, inserts } = await office.test.db.one<{ receipts: number; inserts: number }>(
      sql`select coalesce(sum(words), 0)::int as receipts, count(*)::int as inserts from messaging.said where not taken`,
    );
    expect(receipts).toBe(90);
    expect(inserts).toBeLessThan(45);
    await office.drain();
    expect(await counts('burst')).toMatchObject({ delivered: 30 });
  });

  it('forged ones are refused and leave nothing', async () => {
    await blast('forged', 2);
    const [first, second] = kannel.taken.map(({ dlrUrl }) => new URL(reportAddress(dlrUrl, 1), 'http://x')) as [URL, URL];
    const sigOf = (url: URL): string => url.searchParams.get('sig') ?? '';
    const id = second.searchParams.get('message') ?? '';
    const path = (gateway: string, query: string): string => `/api/v1/sms/gateways/${gateway}/receipts?type=1&${query}`;
    const forged = [
      path('kannel', `message=${id}&sig=${sigOf(first)}`),
      path('kannel', `message=${id}`),
      path('kannel', `message=${id}&sig=`),
      path('kannel', `message=${id}&sig=${sigOf(second)}&sig=x`),
      path('kannel', `message=nothing&sig=${sigOf(second)}`),
      path('simulator', `message=${id}&sig=${sigOf(second)}`),
      path('nowhere', `message=${id}&sig=${sigOf(second)}`),
      path('slow', `message=${id}&sig=${sigOf(second)}`),
    ];
    for (const address of forged) expect({ address, status: (await tell(address)).status }).toEqual({ address, status: 401 });
    expect(await kept()).toEqual([]);
  });

  it('no limit of requests holds them up, as it does others', async () => {
    await blast('limit', 1);
    const { dlrUrl } = kannel.taken[0] as Asked;
    const narrow = await createTestApp({ beside: office.test, config: { sealKeys, apiRateLimit: 1 } });
    const ask = async (path: string): Promise<number> => (await narrow.http.get(path)).status;
    const limited = [await ask('/api/v1/sms/blasts'), await ask('/api/v1/sms/blasts')];
    const reports = [await ask(reportAddress(dlrUrl, 4)), await ask(reportAddress(dlrUrl, 8)), await ask(reportAddress(dlrUrl, 1))];
    await narrow.close();
    expect([limited, reports]).toEqual([
      [401, 429],
      [200, 200, 200],
    ]);
  });
});

describe('SMS-5 what customers write through Kannel', () => {
  const replies = async (): Promise<string> => {
    const { text } = await (await logIn(office.test, 'admin')).get('/sms/gateways/kannel');
    return /get-url = "http:\/\/[^/]+(\/[^"]+?)&from=/.exec(unescaped(text))?.[1] ?? '';
  };

  it('an opt-out takes effect, is kept once, and gets an empty answer', async () => {
    const number = numberOf(next++);
    await addCustomer(office.test.db, number);
    const address = `${await replies()}&from=${encodeURIComponent(number)}&to=10659&text=%90%00%8B%A2&charset=UTF-16BE&coding=2&id=mo-1`;
    for (let i = 0; i < 2; i += 1) expect(await tell(address)).toMatchObject({ status: 200, text: '' });
    const rows = await office.test.db.rows(sql`select body, meaning, gateway_ref as ref from messaging.reply where number = ${number}`);
    expect(rows).toEqual([{ body: '退订', meaning: 'opt_out', ref: 'mo-1' }]);
    expect(await office.test.db.rows(sql`select channel from contact.block where number = ${number}`)).toEqual([{ channel: 'sms' }]);
  });

  it('one that Kannel no longer waits for is kept all the same', async () => {
    const number = numberOf(next++);
    await addCustomer(office.test.db, number);
    const obstacle = await Obstacle.on(office.test, 'messaging.reply', 'share');
    await obstacle.leave(office.test.http.get(`${await replies()}&from=${encodeURIComponent(number)}&to=10659&text=TD&id=mo-left`));
    await obstacle.away();
    await until('it is kept', async () => (await office.test.db.maybe(sql`select 1 from messaging.reply where number = ${number}`)) !== undefined);
  });

  it('one without an id of Kannel’s is known again by number, text and time', async () => {
    const number = numberOf(next++);
    const address = `${await replies()}&from=${encodeURIComponent(number)}&text=Y`;
    for (const at of ['100', '100', '200']) expect((await tell(`${address}&at=${at}`)).status).toBe(200);
    expect(await office.test.db.rows(sql`select 1 from messaging.reply where number = ${number}`)).toHaveLength(2);
  });

  it('a forged one is refused', async () => {
    const address = await replies();
    const number = numberOf(next++);
    const query = `&from=${encodeURIComponent(number)}&text=TD&id=mo-2`;
    expect((await tell(`${address}x${query}`)).status).toBe(401);
    expect((await tell(`/api/v1/sms/gateways/kannel/replies?${query.slice(1)}`)).status).toBe(401);
    expect(await office.test.db.rows(sql`select 1 from messaging.reply where number = ${number}`)).toEqual([]);
  });
});

describe('SMS-4 the pages of gateways', () => {
  it('SYS-1 are the administrator’s', async () => {
    for (const who of ['planner-e', 'm01']) expect((await (await logIn(office.test, who)).get('/sms/gateways')).status).toBe(403);
  });

  it('come back with what was typed and the sentence at the field; the password is neither shown nor lost', async () => {
    const admin = await logIn(office.test, 'admin');
    await admin.get('/sms/gateways/new?kind=http');
    const typed = { code: 'typed', kind: 'http', username: 'u', from: '10659', url: 'ftp://nowhere' };
    const refused = await admin.post('/sms/gateways', typed);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('value="ftp://nowhere"');
    expect(refused.text).toContain('id="url-error"');
    expect(refused.text).toContain('id="password-error"');
    const made = await admin.post('/sms/gateways', { ...typed, url: kannel.url, password: 'pw-1' });
    expect(made.headers.location).toBe('/sms/gateways/typed');
    const page = await admin.get('/sms/gateways/typed');
    expect(page.text).toContain('已保存并启用');
    expect(page.text).not.toContain('pw-1');
    expect((await admin.post('/sms/gateways/typed', { url: kannel.url, username: 'u', ratePerSecond: '7' })).status).toBe(303);
    await admin.post('/sms/gateways/typed/test', { phone: '13900000001' });
    expect(kannel.asked.map(({ query }) => [query.get('username'), query.get('password'), query.get('from')])).toEqual([['u', 'pw-1', null]]);
    const stored = await office.test.db.one<{ row: string }>(sql`select row_to_json(g)::text as row from messaging.gateway g where code = 'typed'`);
    expect(stored.row).not.toContain('pw-1');
    expect(stored.row).toContain('"rate_per_second":7');
    expect((await admin.post('/sms/gateways', { ...typed, url: kannel.url, password: 'x' })).text).toContain('id="code-error"');
  });

  it('a test message says what the gateway said, and goes to no customer, to nobody who wants none, and not at night', async () => {
    const admin = await logIn(office.test, 'admin');
    await admin.get('/sms/gateways/kannel');
    const test = (phone: string) => admin.post('/sms/gateways/kannel/test', { phone });
    expect((await test('13900000002')).status).toBe(303);
    expect((await admin.get('/sms/gateways/kannel')).text).toContain('收下了测试短信');
    kannel.manner = () => NOT_ROUTABLE;
    expect((await test('13900000002')).text).toContain('403 Not routable');
    kannel.manner = () => BUSY;
    expect((await test('13900000002')).text).toContain('太忙');
    kannel.manner = () => 'after';
    expect((await test('13900000002')).text).toContain('没有回答');
    const mistyped = await test('12');
    expect(mistyped.status).toBe(422);
    expect(mistyped.text).toContain('不是手机号码');
    expect(mistyped.text).toMatch(/name="phone"[^>]* value="12"/);
    kannel.forget();
    await (await office.house('planner-e')).post('/contact/blocks', { phone: '13900000003', channel: 'all', reason: 'test' });
    expect((await test('13900000003')).text).toContain('禁止联系名单');
    await addCustomer(office.test.db, '+8613900000004');
    expect((await test('13900000004')).text).toContain('这是客户的号码');
    const before = office.test.clock.now();
    office.test.clock.set('2026-11-24T22:00:00+08:00');
    expect((await test('13900000002')).text).toContain('短信静默时段');
    office.test.clock.set(before.toISOString());
    expect(kannel.asked).toEqual([]);
  });

  it('switch a gateway off and on: what is off takes no blast', async () => {
    const admin = await logIn(office.test, 'admin');
    await admin.get('/sms/gateways/kannel');
    for (let i = 0; i < 2; i += 1) expect((await admin.post('/sms/gateways/kannel/deactivate')).status).toBe(303);
    const numbers = [numberOf(next++)];
    await addCustomer(office.test.db, numbers[0] as string);
    await addSegment(office.test.db, 'off', numbers);
    await office.planner.post('/sms/blasts', { code: 'off', template: 'note', segment: 'off', gateway: 'kannel' });
    expect((await office.planner.post('/sms/blasts/off/start')).body.error).toMatchObject({
      code: 'gateway_inactive',
      message: expect.stringContaining('（HTTP（Kannel））已停用'),
    });
    await admin.post('/sms/gateways/kannel/activate');
    expect((await office.planner.post('/sms/blasts/off/start')).status).toBe(200);
  });

  it('change the manners of the pretended network', async () => {
    const admin = await logIn(office.test, 'admin');
    await admin.get('/sms/gateways/simulator');
    expect((await admin.post('/sms/gateways/simulator', { rejected: '2.5', latencyFrom: '100', latencyTo: '200' })).status).toBe(303);
    const { settings } = await office.test.db.one<{ settings: object }>(sql`select settings from messaging.gateway where code = 'simulator'`);
    expect(settings).toMatchObject({ rejected: 0.025, latencyMs: [100, 200] });
    expect((await admin.get('/sms/gateways/simulator')).text).toContain('value="2.5"');
    await admin.post('/sms/gateways/simulator', { rejected: '', latencyFrom: '100', latencyTo: '200' }); // emptied is nothing, not what was there
    expect((await admin.get('/sms/gateways/simulator')).text).not.toContain('value="2.5"');
    const refused = await admin.post('/sms/gateways/simulator', { rejected: '60', undelivered: '50' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('加起来超过了100%');
    expect(refused.text).toContain('value="60"');
  });

  it('after a new sealing key what older ones sealed is sealed anew, and still opens', async () => {
    const anew = { id: 'next', key: Buffer.alloc(32, 9) };
    const second = await createTestApp({ beside: office.test, config: { sealKeys: [anew, ...sealKeys] } });
    await drainJobs(second.app);
    const seals = await second.db.rows(sql`select distinct seal_key_id as seal from messaging.gateway where sealed is not null`);
    const opened = await second.app.get(GatewaySecrets, { strict: false }).open('typed');
    await second.close();
    const third = await createTestApp({ beside: office.test, config: { sealKeys: [...sealKeys, anew] } }); // and back
    await drainJobs(third.app);
    await third.close();
    expect([seals, opened?.password]).toEqual([[{ seal: 'next' }], 'pw-1']);
  });

  it('without a sealing key a password is not kept, and the way out is said', async () => {
    const keyless = await createTestApp({ beside: office.test, config: { sealKeys: [] } });
    const { token } = (await (await office.house('admin')).post('/tokens', { name: 'k', role: 'planner', orgUnit: 'east' })).body as {
      token: string;
    };
    const form = { code: 'keyless', kind: 'http', url: kannel.url };
    const answer = await keyless.http
      .post('/api/v1/sms/gateways')
      .set({ authorization: `Bearer ${token}` })
      .send(form);
    await keyless.close();
    expect(answer.status).toBe(503);
    expect(answer.body.error).toMatchObject({ code: 'gateway_seal_key_missing', message: expect.stringContaining('PERSONAL_DATA_KEY') });
    expect(await office.test.db.rows(sql`select 1 from messaging.gateway where code = 'keyless'`)).toEqual([]);
  });
});
