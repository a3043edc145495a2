import { ContactCommands } from '../../../src/contact/contact.commands.js';
import { NothingSent, type SubmitResult } from '../../../src/messaging/gateways/gateway.types.js';
import { MessageValues, OptionalValue } from '../../../src/messaging/wording/optional-values.types.js';
import { ReceiptsCommands } from '../../../src/messaging/receipts/receipts.commands.js';
import { StallCommands } from '../../../src/messaging/stalls/stall.commands.js';
import { rawSql, sql } from '../../../src/platform/database/sql.js';
import { logIn, unescaped } from '../../support/visitor.js';
import { type FakeGateway, installFake, taken } from './fake-gateway.js';
import { addCrowd, addSegment, addTemplate, figures, numberOf, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let fake: FakeGateway;
let from = 1;

beforeAll(async () => {
  office = await openPostOffice();
  await addCrowd(office.test.db, 4_200);
  await addTemplate(office, 'note', '{{honorific}}您好，您的业务已办理', 'service');
  fake = await installFake(office, ['first', 'second']);
});
afterAll(() => office.test.close());
beforeEach(async () => {
  fake.heard.clear();
  fake.answer = taken;
  fake.meanwhile = () => Promise.resolve();
  office.test.clock.set('2026-11-24T10:00:00+08:00');
  await office.test.db.run(sql`update messaging.gateway set down_until = null, down_since = null, down_code = null, failures = 0`);
});

async function start(code: string, count: number, fallbackGateways: string[] = [], template = 'note'): Promise<string[]> {
  const numbers = Array.from({ length: count }, () => numberOf(from++));
  await addSegment(office.test.db, code, numbers);
  const made = await office.planner.post('/sms/blasts', { code, template, segment: code, gateway: 'first', fallbackGateways });
  if (made.status !== 201) throw new Error(made.text);
  await office.planner.post(`/sms/blasts/${code}/start`);
  return numbers;
}

const once = (numbers: readonly string[]): void =>
  expect([...(fake.heard.get('first') ?? []), ...(fake.heard.get('second') ?? [])].sort()).toEqual([...numbers].sort());
const gateway = (code: string) =>
  office.test.db.one(sql`select down_code as "code", failures, down_until - down_since as rest from messaging.gateway where code = ${code}`);
const notSent: FakeGateway['answer'] = ({ id }) => ({ id, outcome: 'not_sent', code: 'bind 0x0d' });

describe('fail-over between gateways', () => {
  it('what was certainly not taken goes the other way, everybody once, and what it had reserved is given back', async () => {
    fake.answer = (message, account) => (account.code === 'first' ? notSent(message, account) : taken(message, account));
    const numbers = await start('other-way', 40, ['second']);
    await office.drain();
    expect(fake.heard.get('second')?.length).toBe(40);
    once(numbers);
    expect((await figures(office, 'other-way')).counts).toMatchObject({ submitted: 40, queued: 0, failed: 0, inDoubt: 0 });
    expect(await gateway('first')).toMatchObject({ code: 'bind 0x0d', failures: 1 });
    const touches = await office.test.db.rows(
      sql`select state, count(*)::int as n from contact.touch where source = 'blast:other-way' group by 1 order by 1`,
    );
    expect(touches).toEqual([
      { state: 'confirmed', n: 40 },
      { state: 'voided', n: 40 },
    ]);
  });

  it('a gateway that throws NothingSent is down for the whole batch, any other error leaves all of it in doubt', async () => {
    fake.answer = (message, account) => {
      if (account.code === 'first') throw new NothingSent('ECONNREFUSED');
      return taken(message, account);
    };
    once(await start('thrown', 30, ['second']).then(async (numbers) => (await office.drain(), numbers)));
    await office.test.db.run(sql`update messaging.gateway set down_until = null, failures = 0`);
    fake.answer = () => {
      throw new Error('a bug after half of it was written');
    };
    await start('bug', 10, ['second']);
    await office.drain();
    await office.pass(2);
    expect((await figures(office, 'bug')).counts).toMatchObject({ inDoubt: 10 });
  });

  it('what is unknown never goes another way', async () => {
    fake.answer = (message, account) => (account.code === 'first' ? { id: message.id, outcome: 'unknown' } : taken(message, account));
    const numbers = await start('unknown', 20, ['second']);
    await office.drain();
    await office.pass(10);
    once(numbers);
    expect(fake.heard.get('second') ?? []).toEqual([]);
    expect((await figures(office, 'unknown')).counts).toMatchObject({ inDoubt: 20 });
  });

  it('without another way it waits, longer each time, and goes on by itself when the gateway answers again', async () => {
    fake.answer = notSent;
    const numbers = await start('waits', 20);
    await office.drain();
    expect((await figures(office, 'waits')).counts.queued).toBe(20);
    expect(await gateway('first')).toMatchObject({ failures: 1 });
    await office.pass(1);
    expect(await gateway('first')).toMatchObject({ failures: 2 });
    fake.answer = taken;
    await office.pass(2);
    once(numbers);
    expect(await gateway('first')).toMatchObject({ failures: 0, code: null });
    expect((await figures(office, 'waits')).counts).toMatchObject({ submitted: 20, queued: 0 });
  });

  it('R43 throttling slows down and fails nobody', async () => {
    const seen = new Set<string>();
    fake.answer = (message, account): SubmitResult => {
      if (seen.has(message.number)) return taken(message, account);
      seen.add(message.number);
      return { id: message.id, outcome: 'throttled', retryAfterMs: 120 };
    };
    const begin = performance.now();
    const numbers = await start('throttled', 20);
    await office.drain();
    once(numbers);
    expect(performance.now() - begin).toBeGreaterThan(120);
    expect(await figures(office, 'throttled')).toMatchObject({ counts: { submitted: 20, failed: 0, queued: 0 } });
    expect(await gateway('first')).toMatchObject({ failures: 0 });
  });

  it('refuses a fallback gateway nobody knows', async () => {
    await addSegment(office.test.db, 'nowhere', [numberOf(1)]);
    const made = await office.planner.post('/sms/blasts', {
      code: 'nowhere',
      template: 'note',
      segment: 'nowhere',
      gateway: 'first',
      fallbackGateways: ['x'],
    });
    expect(made.status).toBe(404);
  });
});

/** One that cannot be read for the fourth of each batch. */
class Moody extends OptionalValue {
  readonly variable = 'partnerOffer';
  /** Once the start has looked at all texts. */
  moody = false;

  forCustomers(customerIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const said = new Map(customerIds.map((id) => [id, '']));
    said.get = (id) => {
      if (this.moody && id === customerIds[3]) throw new TypeError('no offer can be read');
      return '';
    };
    return Promise.resolve(said);
  }
}

describe('R6 a poison recipient', () => {
  const part = <T>(type: new (...args: never[]) => T): T => office.test.app.get<T>(type, { strict: false });

  it('that the gateway rejects fails alone: of 300, 299 leave', async () => {
    const numbers = await start('poison', 300);
    fake.answer = (message, account) =>
      message.number === numbers[150] ? { id: message.id, outcome: 'rejected', code: '0x0b' } : taken(message, account);
    await office.drain();
    once(numbers);
    expect((await figures(office, 'poison')).counts).toMatchObject({ submitted: 299, failed: 1 });
  });

  it('whose row no batch can be written with fails alone: of 1,000, 999 leave, and he has his reason', async () => {
    const numbers = await start('poison-row', 1_000);
    const [bad] = numbers.splice(637, 1);
    await office.test.db.run(
      rawSql(`
      create function poison() returns trigger language plpgsql as $$ begin
        if new.number = '${bad ?? ''}' then raise exception 'no message to this one'; end if; return new; end $$;
      create trigger poison before insert on messaging.message for each row execute function poison()`),
    );
    try {
      await office.drain();
    } finally {
      await office.test.db.run(rawSql('drop function poison cascade'));
    }
    once(numbers);
    expect(await figures(office, 'poison-row')).toMatchObject({ audience: 1_000, counts: { submitted: 999, failed: 1, queued: 0 } });
    const { items } = (await office.planner.get('/sms/blasts/poison-row/messages?state=failed')).body as { items: object[] };
    expect(items).toEqual([expect.objectContaining({ phone: bad, state: 'rejected', reason: 'row_fault' })]);
    expect((await office.planner.get('/sms/blasts/poison-row/figures')).body).toMatchObject({
      figures: { failed: 1 },
      failedBy: [{ code: 'row_fault', count: 1 }],
    });
  });

  it('whose text cannot be made fails alone, in the batch of the others', async () => {
    const value = new Moody();
    part(MessageValues).register(value);
    await addTemplate(office, 'moody', '{{honorific}}您好，您的业务已办理{{partnerOffer}}', 'service');
    await start('moody', 20, [], 'moody');
    value.moody = true;
    await office.drain();
    expect((await figures(office, 'moody')).counts).toMatchObject({ submitted: 19, failed: 1 });
    expect(fake.heard.get('first')).toHaveLength(19);
  });
});

describe('R6 SMS-2 a recipient whose text cannot be made when the start looks at all texts', () => {
  it('keeps the blast from starting, by name; left out, the others get theirs', async () => {
    const value = new Moody();
    office.test.app.get<MessageValues>(MessageValues, { strict: false }).register(value);
    value.moody = true;
    await addTemplate(office, 'moody-start', '{{honorific}}您好，您的业务已办理{{partnerOffer}}', 'service');
    await start('moody-start', 20, [], 'moody-start');
    expect((await figures(office, 'moody-start')).state).toBe('draft');
    const refused = await office.planner.post('/sms/blasts/moody-start/start');
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ error: { code: 'blast_text_row_fault', param: 'template' } });
    const started = await office.planner.post('/sms/blasts/moody-start/start', { leaveOut: true });
    expect(started.status).toBe(200);
    await office.drain();
    expect((await figures(office, 'moody-start')).counts).toMatchObject({ submitted: 19, failed: 1 });
  });
});

describe('R12 a pause while one batch is under way and the next is cut', () => {
  it('lets that one batch go and no other: who was cut ahead is planned again, his touch given back, and goes out once after the resume', async () => {
    const numbers = await start('paused', 2_100);
    let pauses = 0;
    fake.meanwhile = async () => {
      if (pauses++ === 0) await office.planner.post('/sms/blasts/paused/pause');
    };
    await office.drain();
    expect(fake.heard.get('first')?.length).toBe(1_000);
    expect(await figures(office, 'paused')).toMatchObject({
      state: 'paused',
      audience: 2_100,
      counts: { submitted: 1_000, queued: 1_100, inDoubt: 0 },
    });
    const { reserved } = await office.test.db.one<{ reserved: number }>(sql`
      select count(*)::int as reserved from contact.touch where source = 'blast:paused' and state = 'reserved'`);
    expect(reserved).toBe(0);
    // who waits is listed in the order of their turn, over all pages once
    const waiting: string[] = [];
    for (let cursor = '' as string | null; cursor !== null;) {
      const page = (await office.planner.get(`/sms/blasts/paused/messages?state=queued&limit=500&cursor=${cursor}`)).body as {
        items: { phone: string }[];
        nextCursor: string | null;
      };
      waiting.push(...page.items.map(({ phone }) => phone));
      cursor = page.nextCursor;
    }
    const heard = new Set(fake.heard.get('first'));
    expect(waiting.sort()).toEqual(numbers.filter((number) => !heard.has(number)).sort());
    await office.planner.post('/sms/blasts/paused/resume');
    await office.drain();
    once(numbers);
    expect((await figures(office, 'paused')).counts).toMatchObject({ submitted: 2_100, queued: 0 });
  });
});

describe('R7 a blast that stands still', () => {
  const look = (): Promise<void> => office.test.app.get(StallCommands, { strict: false }).look();
  const after = async (minutes: number): Promise<void> => {
    for (let i = 0; i < minutes; i += 1) {
      await office.pass(1);
      await look();
    }
  };
  const noted = (code = 'stands') =>
    office.test.db.rows<{ cause: string; detail: Record<string, string>; open: boolean }>(sql`
      select s.cause, s.detail, s.closed_at is null as open from messaging.blast_stall s join messaging.blast b on b.id = s.blast_id where b.code = ${code} order by s.id`);

  it('says so with the cause after the minutes set, to its planners, on page and list; and no more once it moves', async () => {
    await office.test.db.run(sql`update messaging.blast set state = 'done' where state = 'running'`);
    const planner = await logIn(office.test, 'planner-e');
    const elsewhere = await logIn(office.test, 'planner-w');
    const badge = /aria-current="page"[^>]*>[\s\S]{0,120}短信<span class="sc-rail__n"><span class="sc-sr">待处理 <\/span>1</;
    fake.answer = notSent;
    const numbers = await start('stands', 20);
    await office.drain();
    await look();
    await after(9);
    expect(await noted()).toEqual([]);
    expect((await planner.get('/sms/blasts/stands')).text).not.toContain('没有进展');
    await after(1);
    expect(await noted()).toEqual([
      { cause: 'gateway_down', detail: expect.objectContaining({ gateway: 'first', code: 'bind 0x0d' }) as object, open: true },
    ]);
    const list = (await planner.get('/sms/blasts')).text;
    expect(list).toContain('停滞');
    expect(list).toMatch(badge);
    expect((await elsewhere.get('/sms/blasts')).text).not.toContain('停滞');
    const page = (await planner.get('/sms/blasts/stands')).text;
    expect(page).toContain('网关 first（SMPP 3.4）从');
    expect(page).toContain('bind 0x0d');
    expect((await planner.get('/sms/blasts')).text).not.toMatch(badge); // looked at
    await office.test.db.run(sql`update messaging.gateway set active = false where code = 'first'`);
    await after(1);
    expect((await noted()).map(({ cause }) => cause)).toEqual(['no_gateway']);
    expect((await planner.get('/sms/blasts/stands')).text).toContain('能走的网关都停用了：first（SMPP 3.4）。');
    await office.test.db.run(sql`update messaging.gateway set active = true where code = 'first'`);
    fake.answer = taken;
    await office.pass(2);
    once(numbers);
    await look();
    expect((await noted()).map(({ open }) => open)).toEqual([false]);
    expect((await planner.get('/sms/blasts/stands')).text).not.toContain('没有进展');
  });

  it('names who works off nothing, from any page, when no process does', async () => {
    const planner = await logIn(office.test, 'planner-e');
    await start('nobody-works', 20);
    expect((await planner.get('/sms/blasts/nobody-works')).text).not.toContain('没有进程在处理任务');
    office.test.clock.advance(11 * 60_000);
    expect((await planner.get('/sms/blasts/nobody-works')).text).toContain('没有进程在处理任务');
    await look();
    await office.drain();
    expect((await planner.get('/sms/blasts/nobody-works')).text).not.toContain('没有进程在处理任务');
  });

  it('does not at night: it waits, and says until when', async () => {
    office.test.clock.set('2026-11-24T21:30:00+08:00');
    await start('night-rest', 20);
    await office.drain();
    await look();
    await after(15);
    const page = (await (await logIn(office.test, 'planner-e')).get('/sms/blasts/night-rest')).text;
    expect(page).toContain('现在不在短信时段');
    expect(page).not.toContain('没有进展');
    office.test.clock.set('2026-11-25T08:00:00+08:00');
    await look();
    expect(await noted('night-rest')).toEqual([]);
    await office.drain();
  });

  it('the minutes are a setting of administrators', async () => {
    const admin = await office.house('admin');
    const rule = (await admin.get('/sms/blast-rule')).body as object;
    expect((await admin.put('/sms/blast-rule', { ...rule, stallMinutes: 1 })).body).toMatchObject({ error: { param: 'stallMinutes' } });
    expect((await admin.put('/sms/blast-rule', { ...rule, stallMinutes: 30 })).body).toMatchObject({ stallMinutes: 30 });
    expect((await (await logIn(office.test, 'planner-e')).get('/sms/settings')).text).toContain('停滞多久提醒');
  });
});

describe('R8 a blast is finished only when everybody in it is sent, failed or skipped, and the failed can be tried again', () => {
  const say = (state: 'delivered' | 'undelivered', numbers: readonly string[], networkCode: string | null = null): Promise<void> =>
    office.test.db.tx(async (tx) => {
      const rows = await tx.rows<{ id: string }>(sql`
        select id from messaging.message where number = any(${numbers}::text[]) and state in ('queued', 'accepted', 'in_doubt')`);
      const receipts = rows.map(({ id }) => ({ messageId: id, ref: null, state, networkCode }));
      await office.test.app.get(ReceiptsCommands, { strict: false }).append(tx, 'first', receipts);
    });
  const retry = (code: string, headers: Record<string, string> = {}) =>
    office.test.http.post(`/api/v1/sms/blasts/${code}/retry`).set({ authorization: `Bearer ${office.token}`, ...headers });

  it('tries again only with technical failures, through the gate, once; never with opt-outs, wrong numbers or doubts', async () => {
    const numbers = await start('once-more', 30);
    const [off, busy, void_, barred, odd, doubtful, optedOut] = numbers as [string, string, string, string, string, string, string];
    fake.answer = (message, account) => (message.number === doubtful ? { id: message.id, outcome: 'unknown' } : taken(message, account));
    await office.drain();
    await say('undelivered', [off, optedOut], 'UNDELIV 027');
    await say('undelivered', [busy], 'UNDELIV 031');
    await say('undelivered', [void_], 'UNDELIV 001');
    await say('undelivered', [barred], 'REJECTD 008');
    await say('undelivered', [odd], 'UNDELIV 999');
    await say('delivered', numbers.slice(7));
    await office.drain();
    expect(await figures(office, 'once-more')).toMatchObject({ state: 'running', counts: { delivered: 23, failed: 6, inDoubt: 1, submitted: 0 } });
    const planner = await logIn(office.test, 'planner-e');
    expect((await planner.get('/sms/blasts/once-more')).text).toContain('重发失败的（3人）');
    const [first, second] = await Promise.all([retry('once-more', { 'idempotency-key': 'k1' }), retry('once-more', { 'idempotency-key': 'k1' })]);
    expect(first.body).toMatchObject({ code: 'once-more-again-2', state: 'draft', retryOf: 'once-more' });
    expect(second.body).toEqual(first.body);
    await planner.get('/sms/blasts/once-more');
    expect((await planner.post('/sms/blasts/once-more/retry')).headers.location).toBe('/sms/blasts/once-more-again-2');
    expect((await planner.get('/sms/blasts/once-more')).text).toMatch(/已重发：\s*<a href="\/sms\/blasts\/once-more-again-2"[^>]*>/);
    const locked = await planner.get('/sms/blasts/once-more-again-2/edit');
    expect([locked.status, locked.text.includes('重发的草稿不能修改')]).toEqual([409, true]);
    for (const way of ['once-more-again-2', 'once-more'])
      expect(locked.text).toContain(`class="btn${way === 'once-more' ? '' : ' btn-primary'}" href="/sms/blasts/${way}"`);
    expect((await planner.get('/sms/blasts/once-more/edit')).headers.location).toBe('/sms/blasts/once-more/times');
    const plan = (await planner.get('/sms/blasts/once-more-again-2/plan')).text;
    expect(plan).toContain('最多3人');
    const contact = office.test.app.get(ContactCommands, { strict: false });
    await office.test.db.tx((tx) =>
      contact.block(tx, { number: optedOut, channel: 'all', scope: 'all', reason: 'asked', source: 'test', actorId: null }),
    );
    await office.planner.post('/sms/blasts/once-more-again-2/start');
    fake.heard.clear();
    fake.answer = taken;
    await office.drain();
    expect([...(fake.heard.get('first') ?? [])].sort()).toEqual([off, busy].sort());
    expect(await figures(office, 'once-more-again-2')).toMatchObject({
      audience: 3,
      counts: { submitted: 2, refused: 1 },
      refusedBy: { blocked: 1 },
    });
    // all of them are in a round already
    expect((await retry('once-more')).body).toMatchObject({ error: { code: 'retry_nobody' } });
    await say('undelivered', [off], 'UNDELIV 027');
    await say('delivered', [busy, doubtful]);
    await office.drain();
    expect((await retry('once-more')).status).toBe(409);
    expect((await retry('once-more-again-2')).body).toMatchObject({ code: 'once-more-again-3', retryOf: 'once-more-again-2' });
    const done = await figures(office, 'once-more');
    expect(done).toMatchObject({ state: 'done', counts: { delivered: 24, failed: 6 } });
    expect(unescaped((await planner.get('/sms/blasts/once-more')).text)).toContain('已发24 + 失败6 + 未发0 + 排队0 = 名单30');
  });

  it('is not done while anybody is queued, awaited or in doubt', async () => {
    const numbers = await start('not-done', 20);
    fake.answer = (message, account) => (message.number === numbers[0] ? { id: message.id, outcome: 'unknown' } : taken(message, account));
    await office.drain();
    await say('delivered', numbers.slice(2));
    await office.drain();
    expect(await figures(office, 'not-done')).toMatchObject({ state: 'running', counts: { submitted: 1, inDoubt: 1, delivered: 18 } });
    await say('delivered', numbers.slice(1, 2));
    await office.drain();
    expect(await figures(office, 'not-done')).toMatchObject({ state: 'running', counts: { submitted: 0, inDoubt: 1 } });
    await say('delivered', numbers.slice(0, 1));
    await office.drain();
    expect(await figures(office, 'not-done')).toMatchObject({ state: 'done', counts: { delivered: 20 } });
  });

  it('is refused for a draft, past the latest time, by supervisors and in other cities', async () => {
    await addSegment(office.test.db, 'no-retry', [numberOf(1)]);
    await office.planner.post('/sms/blasts', { code: 'no-retry', template: 'note', segment: 'no-retry', gateway: 'first' });
    expect((await retry('no-retry')).body).toMatchObject({ error: { code: 'blast_state' } });
    await office.test.db.run(sql`update messaging.blast set not_after = '2026-11-24T09:00:00+08:00' where code = 'once-more'`);
    expect((await retry('once-more')).body).toMatchObject({ error: { code: 'retry_too_late' } });
    expect((await (await office.house('supervisor-e')).post('/sms/blasts/once-more/retry')).status).toBe(403);
    expect((await (await office.house('planner-w')).post('/sms/blasts/once-more/retry')).status).toBe(404);
  });
});

describe('SMS-4 a gateway that is switched on again', () => {
  it('is taken at once by what waited for it, without a look at the clock', async () => {
    const admin = await office.house('admin');
    const numbers = await start('switched', 30);
    await admin.post('/sms/gateways/first/deactivate');
    await office.drain();
    expect((await figures(office, 'switched')).counts).toMatchObject({ queued: 30, submitted: 0 });
    const planner = await logIn(office.test, 'planner-e');
    const waiting = (await planner.get('/sms/blasts/switched/progress')).text;
    expect(waiting).toContain('能走的网关都停用了：first（SMPP 3.4）。');
    expect(waiting).not.toContain('发完');
    await admin.post('/sms/gateways/first/activate');
    await office.drain();
    expect((await figures(office, 'switched')).counts).toMatchObject({ queued: 0, submitted: 30 });
    expect((await planner.get('/sms/blasts/switched/progress')).text).not.toContain('停用');
    once(numbers);
  });
});

describe('SMS-4 a gateway’s own other ways', () => {
  it('are taken by blasts that name none, and can be changed and switched by API', async () => {
    const admin = await office.house('admin');
    for (const other of ['simulator', 'nowhere']) {
      const refused = await admin.patch('/sms/gateways/simulator', { fallbackGateways: [other] });
      expect(refused.body.error).toMatchObject({ code: 'invalid_input', param: 'fallbackGateways' });
    }
    expect((await (await office.house('planner-e')).patch('/sms/gateways/first', {})).status).toBe(403);
    await admin.patch('/sms/gateways/simulator', { ratePerSecond: 77, simulator: { silent: 0.5 } });
    expect((await admin.patch('/sms/gateways/simulator', { simulator: { optOut: 0.25 } })).body).toMatchObject({ ratePerSecond: 77 });
    const { settings } = await office.test.db.one<{ settings: object }>(sql`select settings from messaging.gateway where code = 'simulator'`);
    expect(settings).toMatchObject({ silent: 0.5, optOut: 0.25 });
    expect((await admin.patch('/sms/gateways/simulator', { fallbackGateways: ['second', 'first'] })).body).toMatchObject({
      fallbackGateways: ['second', 'first'],
    });
    await office.test.db.run(sql`update messaging.gateway set fallback_codes = '{second}' where code = 'first'`);
    expect((await admin.get('/sms/gateways')).body.items).toContainEqual(expect.objectContaining({ code: 'first', fallbackGateways: ['second'] }));
    const numbers = await start('own-way', 20);
    expect((await admin.post('/sms/gateways/first/deactivate')).body).toMatchObject({ code: 'first', active: false });
    await office.drain();
    expect(fake.heard.get('second')?.length).toBe(20);
    once(numbers);
    expect((await admin.post('/sms/gateways/first/activate')).body).toMatchObject({ active: true });
    await office.test.db.run(sql`update messaging.gateway set fallback_codes = '{}'`);
  });
});
