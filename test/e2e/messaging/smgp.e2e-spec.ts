import { SessionKeeper } from '../../../src/messaging/gateways/session/session-keeper.js';
import { type Submit } from '../../../src/messaging/gateways/smgp/packet.types.js';
import { SmgpGateway } from '../../../src/messaging/gateways/smgp/smgp.gateway.js';
import { readInbound } from '../../../src/messaging/gateways/smgp/texts.policy.js';
import { ucs2Octets } from '../../../src/messaging/gateways/smpp/alphabets.policy.js';
import { sql } from '../../../src/platform/database/sql.js';
import { tickSchedules } from '../../support/drain-jobs.js';
import { idOf, Ismg, NOTHING } from '../../support/ismg.js';
import { until } from '../../support/until.js';
import { addCrowd, addSegment, addTemplate, type Figures, figures, numberOf, openPostOffice, type PostOffice, sumOf } from './post-office.js';

let office: PostOffice;
let ismg: Ismg;
let from = 1;

const part = <T>(type: new (...args: never[]) => T): T => office.test.app.get<T>(type, { strict: false });
const SHORT = '您好，您的业务已办理';
const LONG = `${'尊敬的客户您好，'.repeat(10)}{{today}}`;
const ACCOUNT = { kind: 'smgp', host: '127.0.0.1', systemId: '10659001', password: 'secret', from: '10659001', serviceId: 'care' };

async function open(code: string, more: Record<string, unknown> = {}): Promise<void> {
  const made = await (await office.house('admin')).post('/sms/gateways', { ...ACCOUNT, code, port: ismg.port, ratePerSecond: 5000, ...more });
  if (made.status !== 201) throw new Error(made.text);
}

async function startBlast(code: string, count: number, template = 'short', gateway = 'line'): Promise<string[]> {
  const numbers = Array.from({ length: count }, () => numberOf(from++));
  await addSegment(office.test.db, code, numbers);
  await office.planner.post('/sms/blasts', { code, template, segment: code, gateway });
  const started = await office.planner.post(`/sms/blasts/${code}/start`);
  if (started.status !== 200) throw new Error(started.text);
  return numbers;
}

/** Lets the minute of the schedules pass. */
async function minute(): Promise<void> {
  office.test.clock.advance(61_000);
  await tickSchedules(office.test.app);
  await office.drain();
}

async function whole(code: string): Promise<Figures> {
  const now = await figures(office, code);
  expect(sumOf(now.counts)).toBe(now.audience);
  return now;
}

/** As the gateway took them, with the ids it gave them, in that order. */
const taken = (numbers: readonly string[]): { submit: Submit; id: Buffer; number: string }[] =>
  ismg.taken
    .map((submit, i) => ({ submit, id: idOf(i + 1), number: `+86${submit.destinations[0] ?? ''}` }))
    .filter(({ number }) => numbers.includes(number));
const receipts = (messages: readonly { id: Buffer; number: string }[], said: { stat?: string; err?: string } = {}): Promise<{ status: number }[]> =>
  Promise.all(messages.map(({ id, number }) => ismg.receipt(id, number.slice(3), said)));
const lineOf = async (code: string): Promise<Record<string, unknown>> => {
  const { items } = (await office.planner.get('/sms/gateways')).body as { items: { code: string; lines: Record<string, unknown>[] }[] };
  return items.find((each) => each.code === code)?.lines[0] ?? {};
};

beforeAll(async () => {
  office = await openPostOffice(undefined, { sealKeys: [{ id: 'test', key: Buffer.alloc(32, 7) }] });
  // ids run with what was taken, so that a test knows them before the answer does
  ismg = await Ismg.start();
  part(SmgpGateway).patience = { answerMs: 2_000, queueMs: 3000, backOff: { firstMs: 5, mostMs: 20, refusedMs: 20 } };
  await addCrowd(office.test.db, 400);
  await addTemplate(office, 'short', SHORT, 'service');
  await addTemplate(office, 'long', LONG, 'service');
  await open('line');
});
afterAll(async () => {
  await office.test.close();
  await ismg.stop();
});
beforeEach(() => {
  ismg.options = { submit: () => ({ id: idOf(ismg.taken.length + 1) }) };
  office.test.clock.set('2026-11-24T10:00:00+08:00');
});

describe('SMS-4 a blast over SMGP', () => {
  it('is accepted whole, each message once, and delivered by receipts late and doubled', async () => {
    const numbers = await startBlast('plain', 120);
    await office.drain();
    expect((await whole('plain')).counts).toMatchObject({ submitted: 120 });
    const sent = taken(numbers);
    expect(sent.map(({ number }) => number).sort()).toEqual([...numbers].sort());
    expect(sent[0]?.submit).toMatchObject({ source: '10659001', serviceId: 'care', needReport: 1, format: 8 });
    expect(sent[0]?.submit.content).toEqual(ucs2Octets(`【中国电信】${SHORT}`));
    expect(ismg.logins[0]).toMatchObject({ clientId: '10659001', mode: 2, version: 0x30 });
    expect(new Set((await receipts(sent.slice(0, 110))).map(({ status }) => status))).toEqual(new Set([0]));
    await receipts(sent.slice(110), { stat: 'UNDELIV', err: '004' });
    await receipts(sent.slice(0, 20), { stat: 'UNDELIV', err: '004' });
    await office.drain();
    expect(await whole('plain')).toMatchObject({ state: 'done', counts: { delivered: 110, failed: 10 } });
  });

  it('R42 keeps receipts that beat the answer', async () => {
    const early: Promise<unknown>[] = [];
    ismg.options = {
      submit: ({ destinations: [number = ''] }) => {
        const id = idOf(ismg.taken.length + 1);
        early.push(ismg.receipt(id, number));
        return { id };
      },
    };
    await startBlast('early', 30);
    await office.drain();
    await Promise.all(early);
    await minute();
    expect(await whole('early')).toMatchObject({ state: 'done', counts: { delivered: 30 } });
  });

  it('SMS-4 slows down when the gateway asks for it, and nobody fails by it', async () => {
    let refused = 0;
    ismg.options = {
      submit: () => (ismg.taken.length % 3 === 0 && refused++ % 2 === 0 ? { status: refused % 3 ? 103 : 1 } : { id: idOf(ismg.taken.length + 1) }),
    };
    const numbers = await startBlast('throttled', 40);
    await office.drain();
    expect((await whole('throttled')).counts).toMatchObject({ submitted: 40, failed: 0, inDoubt: 0 });
    expect(refused).toBeGreaterThan(5);
    expect(taken(numbers)).toHaveLength(40);
  });

  it('R6 a message that is refused fails alone, with the standard’s words', async () => {
    ismg.options = {
      submit: ({ destinations }) => (destinations[0]?.endsWith('5') ? { status: 47 } : { id: idOf(ismg.taken.length + 1) }),
    };
    await startBlast('refused', 10);
    await office.drain();
    expect((await whole('refused')).counts).toMatchObject({ submitted: 9, failed: 1 });
    const list = await office.planner.get('/sms/blasts/refused/messages?state=failed');
    expect(list.body.items).toMatchObject([{ networkCode: '47 非法接收号码' }]);
  });

  it('R1 a line that falls leaves doubts, sends nothing twice, and receipts settle them by the number', async () => {
    const start = ismg.taken.length;
    let dropped = false;
    ismg.options = {
      submit: () => {
        if (dropped || ismg.taken.length - start < 15) return { id: idOf(ismg.taken.length + 1) };
        dropped = true;
        return 'hang_up';
      },
    };
    const numbers = await startBlast('broken', 50);
    await office.drain();
    const { inDoubt = 0, submitted = 0 } = (await whole('broken')).counts;
    expect(inDoubt).toBeGreaterThan(0);
    expect(inDoubt).toBeLessThanOrEqual(16);
    expect(submitted).toBe(50 - inDoubt);
    for (let i = 0; i < 3; i += 1) await minute();
    const sent = taken(numbers);
    expect(new Set(sent.map(({ number }) => number)).size).toBe(sent.length); // never again by itself
    expect((await whole('broken')).counts).toMatchObject({ inDoubt });
    await receipts(sent);
    await minute();
    await minute();
    expect((await whole('broken')).counts).toMatchObject({ delivered: sent.length, inDoubt: 50 - sent.length });
  });

  it('R42 long messages go in parts, and are delivered only when all parts are', async () => {
    const numbers = await startBlast('long', 3, 'long');
    await office.drain();
    const sent = taken(numbers);
    const partsOf = (n: number): typeof sent => sent.filter(({ number }) => number === numbers[n]);
    const texts = partsOf(0).map(({ submit }) => readInbound({ ...NOTHING, ...submit, source: '', isReport: false }));
    expect(texts.map(({ of }) => [of?.total, of?.part])).toEqual([
      [2, 1],
      [2, 2],
    ]);
    expect(texts.map(({ body }) => body).join('')).toMatch(/^【中国电信】(尊敬的客户您好，){10}.*24日?$/);
    await receipts([...partsOf(0), ...partsOf(1).slice(0, 1), ...partsOf(2).slice(0, 1)]);
    await office.drain();
    expect((await whole('long')).counts).toMatchObject({ delivered: 1, submitted: 2 });
    await receipts(partsOf(1).slice(1));
    await receipts(partsOf(2).slice(1), { stat: 'UNDELIV', err: '001' });
    await office.drain();
    expect(await whole('long')).toMatchObject({ state: 'done', counts: { delivered: 2, failed: 1 }, parts: 6 });
  });
});

describe('SMS-5 what customers write, over SMGP', () => {
  const replies = (number: string): Promise<object[]> =>
    office.test.db.rows(sql`select body, meaning from messaging.reply where number = ${number} order by id`);
  const write = (number: string, more: Parameters<Ismg['deliver']>[0]): Promise<{ status: number }> =>
    ismg.deliver({ source: number.slice(3), destination: '10659001', ...more });

  it('TD opts out, once however often the gateway says it; other words under the same id are another answer', async () => {
    const number = numberOf(from++);
    const id = idOf(800_001);
    for (let i = 0; i < 2; i += 1) expect((await write(number, { id, content: Buffer.from('TD') })).status).toBe(0);
    await write(number, { id, format: 15, content: Buffer.from('d0bbd0bb', 'hex') });
    expect(await replies(number)).toMatchObject([{ body: 'TD', meaning: 'opt_out' }, { body: '谢谢' }]);
    expect(await office.test.db.rows(sql`select scope from contact.v_block where number = ${number}`)).toHaveLength(1);
  });

  it('in parts is one answer, and what cannot be stored is asked for again', async () => {
    const number = numberOf(from++);
    const tlvs = new Map([[0x0002, Buffer.from([1])]]);
    const say = (nth: number, text: string): Promise<{ status: number }> =>
      write(number, { id: idOf(800_010 + nth), format: 8, tlvs, content: Buffer.concat([Buffer.from([5, 0, 3, 9, 2, nth]), ucs2Octets(text)]) });
    await say(2, '不要了');
    await say(1, '谢谢，');
    expect(await replies(number)).toMatchObject([{ body: '谢谢，不要了' }]);
    await office.test.db.run(sql`alter table messaging.reply rename to reply_away`);
    try {
      expect((await write(number, { content: Buffer.from('N') })).status).toBe(1);
    } finally {
      await office.test.db.run(sql`alter table messaging.reply_away rename to reply`);
    }
  });
});

describe('SMS-4 accounts of SMGP', () => {
  it.each([
    [{ host: undefined }, 'host'],
    [{ systemId: undefined }, 'systemId'],
    [{ systemId: '106590011' }, 'systemId'],
    [{ password: undefined }, 'password'],
    [{ from: undefined }, 'from'],
    [{ from: 'CTCC' }, 'from'],
    [{ serviceId: '业务' }, 'serviceId'],
    [{ msgSrc: '123456789' }, 'msgSrc'],
    [{ bindMode: 'both' }, 'bindMode'],
  ])('refuses %j and names the field', async (more, param) => {
    const refused = await (await office.house('admin')).post('/sms/gateways', { ...ACCOUNT, code: 'wrong', ...more });
    expect([refused.status, refused.body.error.param]).toEqual([422, param]);
    expect(String(refused.body.error.message)).not.toBe('');
  });

  it('keeps port, window and secret: the usual ones, and sealed', async () => {
    const made = await (await office.house('admin')).post('/sms/gateways', { ...ACCOUNT, code: 'usual', host: '127.0.0.1', port: undefined });
    expect(made.status).toBe(201);
    const kept = await office.test.db.one<{ settings: Record<string, unknown>; sealed: Buffer; window: number }>(sql`
      select settings, sealed, send_window as window from messaging.gateway where code = 'usual'`);
    expect([kept.settings.port, kept.settings.numbers, kept.window]).toEqual([8890, 'national', 16]);
    expect(JSON.stringify(kept.settings)).not.toContain('secret');
    expect(kept.sealed.includes('secret')).toBe(false);
    await office.test.db.run(sql`update messaging.gateway set active = false where code = 'usual'`);
  });

  it('says in words why a login is refused, connects both ways, and says goodbye when switched off', async () => {
    const other = await Ismg.start({ login: () => 21 });
    await open('fresh', { port: other.port, bindMode: 'transmitter-receiver' });
    await part(SessionKeeper).look();
    await until('the refusal is shown', async () => (await lineOf('fresh')).fault === 'refused 21 认证错');
    other.options = {};
    await until('it is bound', async () => (await lineOf('fresh')).state === 'bound');
    await until('both are', () => new Set([...other.peers].map(({ mode }) => mode)).size === 2 && other.peers.size === 2);
    await office.test.db.run(sql`update messaging.gateway set active = false where code = 'fresh'`);
    await part(SessionKeeper).look();
    await until('it has said goodbye', () => other.exits === 2);
    await other.stop();
  });
});
