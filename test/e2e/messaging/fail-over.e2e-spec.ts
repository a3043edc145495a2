import { NothingSent, type SubmitResult } from '../../../src/messaging/gateway.types.js';
import { sql } from '../../../src/platform/database/sql.js';
import { type FakeGateway, installFake, taken } from './fake-gateway.js';
import { addCrowd, addSegment, addTemplate, figures, numberOf, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let fake: FakeGateway;
let from = 1;

beforeAll(async () => {
  office = await openPostOffice();
  await addCrowd(office.test.db, 2_800);
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

async function start(code: string, count: number, fallbackGateways: string[] = []): Promise<string[]> {
  const numbers = Array.from({ length: count }, () => numberOf(from++));
  await addSegment(office.test.db, code, numbers);
  const made = await office.planner.post('/sms/blasts', { code, template: 'note', segment: code, gateway: 'first', fallbackGateways });
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

describe('R6 a poison recipient', () => {
  it('fails alone: of 300, 299 leave and one is rejected', async () => {
    const numbers = await start('poison', 300);
    fake.answer = (message, account) =>
      message.number === numbers[150] ? { id: message.id, outcome: 'rejected', code: '0x0b' } : taken(message, account);
    await office.drain();
    once(numbers);
    expect((await figures(office, 'poison')).counts).toMatchObject({ submitted: 299, failed: 1 });
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
    await office.planner.post('/sms/blasts/paused/resume');
    await office.drain();
    once(numbers);
    expect((await figures(office, 'paused')).counts).toMatchObject({ submitted: 2_100, queued: 0 });
  });
});
