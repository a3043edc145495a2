import smpp, { type Pdu } from 'smpp';
import { DoubtsCommands } from '../../../src/messaging/doubts/doubts.commands.js';
import type { OutgoingMessage } from '../../../src/messaging/gateways/gateway.types.js';
import { GatewaysQueries } from '../../../src/messaging/gateways/gateways.queries.js';
import { CuttingCommands } from '../../../src/messaging/sending/cutting.commands.js';
import { SessionKeeper } from '../../../src/messaging/gateways/session/session-keeper.js';
import { textOf } from '../../../src/messaging/gateways/smpp/alphabets.policy.js';
import { SmppGateway } from '../../../src/messaging/gateways/smpp/smpp.gateway.js';
import { sql } from '../../../src/platform/database/sql.js';
import { tickSchedules } from '../../support/drain-jobs.js';
import { Smsc } from '../../support/smsc.js';
import { until } from '../../support/until.js';
import { logIn } from '../../support/visitor.js';
import { addCrowd, addSegment, addTemplate, type Figures, figures, numberOf, openPostOffice, type PostOffice, sumOf } from './post-office.js';
import { SmppPeer, type TakenMessage } from './smpp-peer.js';

let office: PostOffice;
let peer: SmppPeer;
let from = 1;

const part = <T>(type: new (...args: never[]) => T): T => office.test.app.get<T>(type, { strict: false });
const SHORT = '您好，您的业务已办理';
const LONG = `${'尊敬的客户您好，'.repeat(10)}{{today}}`;

async function open(code: string, more: Record<string, unknown> = {}): Promise<void> {
  const account = { code, kind: 'smpp', host: '127.0.0.1', port: peer.port, systemId: 'care', password: 'secret', ratePerSecond: 5000, window: 20 };
  const made = await (await office.house('admin')).post('/sms/gateways', { ...account, ...more });
  if (made.status !== 201) throw new Error(made.text);
}

async function startBlast(code: string, gateway: string, count: number, template = 'short', more: object = {}): Promise<string[]> {
  const numbers = Array.from({ length: count }, () => numberOf(from++));
  await addSegment(office.test.db, code, numbers);
  await office.planner.post('/sms/blasts', { code, template, segment: code, gateway, ...more });
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

const timesTaken = (numbers: readonly string[]): number[] => numbers.map((number) => peer.taken.filter((each) => each.number === number).length);
const of = (numbers: readonly string[]): TakenMessage[] => peer.taken.filter(({ number }) => numbers.includes(number));
const receipts = (messages: readonly TakenMessage[], stat?: string): Promise<number[]> =>
  Promise.all(messages.map((message) => peer.receipt(message, stat)));

beforeAll(async () => {
  peer = await SmppPeer.start();
  office = await openPostOffice(undefined, { sealKeys: [{ id: 'test', key: Buffer.alloc(32, 7) }] });
  part(SmppGateway).patience = { answerMs: 2_000, queueMs: 3000, backOff: { firstMs: 5, mostMs: 20, refusedMs: 20 } };
  await addCrowd(office.test.db, 900);
  await addTemplate(office, 'short', SHORT, 'service');
  await addTemplate(office, 'long', LONG, 'service');
  await open('line');
});
afterAll(async () => {
  await office.test.close();
  await peer.stop();
});
beforeEach(() => {
  peer.manner = () => 0;
  office.test.clock.set('2026-11-24T10:00:00+08:00');
});

describe('SMS-4 a blast over SMPP to a centre of other make', () => {
  it('is accepted whole, each message once, and delivered by receipts late, doubled and in another spelling', async () => {
    const numbers = await startBlast('plain', 'line', 300);
    await office.drain();
    expect((await whole('plain')).counts).toMatchObject({ submitted: 300 });
    expect(new Set(timesTaken(numbers))).toEqual(new Set([1]));
    expect(peer.binds[0]).toEqual({ kind: 'bind_transceiver', systemId: 'care', password: 'secret' });
    const sent = of(numbers);
    expect(sent[0]?.text).toBe(`【中国电信】${SHORT}`);
    expect(new Set(await receipts(sent.slice(0, 290)))).toEqual(new Set([0]));
    await receipts(sent.slice(290), 'UNDELIV');
    await Promise.all(sent.slice(0, 50).map(({ id, number }) => peer.receipt({ id: id.toLowerCase().replace(/^0+/, ''), number }, 'UNDELIV')));
    await office.drain();
    expect(await whole('plain')).toMatchObject({ state: 'done', counts: { delivered: 290, failed: 10 } });
  });

  it('R9 tells the centre until when a text is good, and nothing where it has no end', async () => {
    const numbers = await startBlast('stale', 'line', 2, 'long', { notAfter: '2026-11-24T18:30:00+08:00' });
    await office.drain();
    const ends = of(numbers).map(({ validUntil }) => validUntil?.toISOString());
    expect(ends).toEqual(Array(4).fill('2026-11-24T10:30:00.000Z'));
    const endless = await startBlast('endless', 'line', 1);
    await office.drain();
    expect(of(endless).map(({ validUntil }) => validUntil)).toEqual([undefined]);
  });

  it('R42 keeps receipts that beat the answer', async () => {
    const early: Promise<number>[] = [];
    peer.manner = (_, number) => {
      early.push(peer.receipt({ id: `00A${peer.taken.length + 1}F`, number }));
      return 0;
    };
    await startBlast('early', 'line', 40);
    await office.drain();
    await Promise.all(early);
    await minute();
    expect(await whole('early')).toMatchObject({ state: 'done', counts: { delivered: 40 } });
  });

  it('SMS-4 slows down when throttled, and nobody fails by it', async () => {
    let refused = 0;
    peer.manner = (nth) => (nth % 3 === 0 && refused++ < 30 ? (nth % 2 ? 0x58 : 0x14) : 0);
    const numbers = await startBlast('throttled', 'line', 60);
    await office.drain();
    expect((await whole('throttled')).counts).toMatchObject({ submitted: 60, failed: 0, inDoubt: 0 });
    expect(refused).toBeGreaterThan(5);
    expect(new Set(timesTaken(numbers))).toEqual(new Set([1]));
  });

  it('rejects with the centre’s code, and only that one', async () => {
    peer.manner = (_, number) => (number.endsWith('5') ? 0x0b : 0);
    await startBlast('refused', 'line', 20);
    await office.drain();
    expect((await whole('refused')).counts).toMatchObject({ submitted: 18, failed: 2 });
    const list = await office.planner.get('/sms/blasts/refused/messages?state=failed');
    expect((list.body.items as { networkCode: string }[]).map(({ networkCode }) => networkCode)).toEqual(['0x0000000B', '0x0000000B']);
  });

  it('R1 a line that falls in mid-window leaves doubts, sends nothing twice, and receipts settle them by number and own reference', async () => {
    let dropped = false;
    const start = peer.taken.length;
    peer.manner = () => {
      if (dropped || peer.taken.length - start < 25) return 0;
      dropped = true;
      return 'hang_up';
    };
    const numbers = await startBlast('broken', 'line', 80);
    await office.drain();
    const { inDoubt = 0, submitted = 0 } = (await whole('broken')).counts;
    expect(inDoubt).toBeGreaterThan(0);
    expect(inDoubt).toBeLessThanOrEqual(20);
    expect(submitted).toBe(80 - inDoubt);
    for (let i = 0; i < 3; i += 1) await minute();
    expect(Math.max(...timesTaken(numbers))).toBe(1); // never again by itself
    expect((await whole('broken')).counts).toMatchObject({ inDoubt });
    const sent = of(numbers);
    await Promise.all(sent.map((message) => peer.receipt(message, 'DELIVRD', { user_message_reference: message.reference })));
    await minute();
    await minute();
    expect((await whole('broken')).counts).toMatchObject({ delivered: sent.length, inDoubt: 80 - sent.length });
  });

  it('R1 a message without an answer is in doubt after its time, and the line goes on', async () => {
    peer.manner = (_, number) => (number.endsWith('3') ? 'silence' : 0);
    const numbers = await startBlast('silent', 'line', 10);
    await office.drain();
    expect((await whole('silent')).counts).toMatchObject({ submitted: 9, inDoubt: 1 });
    expect(new Set(timesTaken(numbers))).toEqual(new Set([1]));
  });

  it('R42 long messages go in parts, and are delivered only when all parts are', async () => {
    const numbers = await startBlast('long', 'line', 3, 'long');
    await office.drain();
    const sent = of(numbers);
    expect(sent).toHaveLength(6);
    expect(sent.map(({ udh }) => udh?.subarray(-2).toString('hex')).sort()).toEqual(['0201', '0201', '0201', '0202', '0202', '0202']);
    const partsOf = (n: number): TakenMessage[] => sent.filter(({ number }) => number === numbers[n]);
    expect(
      partsOf(0)
        .map(({ text }) => text)
        .join(''),
    ).toMatch(/^【中国电信】(尊敬的客户您好，){10}.*24日?$/);
    await receipts([...partsOf(0), ...partsOf(1).slice(0, 1), ...partsOf(2).slice(0, 1)]);
    await office.drain();
    expect((await whole('long')).counts).toMatchObject({ delivered: 1, submitted: 2 });
    await receipts(partsOf(1).slice(1));
    await receipts(partsOf(2).slice(1), 'UNDELIV');
    await office.drain();
    expect(await whole('long')).toMatchObject({ state: 'done', counts: { delivered: 2, failed: 1 }, parts: 6 });
  });

  it('R8 one of which a part came is not sent again, though what failed of it might pass; one of which none did, is', async () => {
    const numbers = await startBlast('half-read', 'line', 2, 'long');
    await office.drain();
    const [first = [], second = []] = numbers.map((one) => of(numbers).filter(({ number }) => number === one));
    await receipts([...first.slice(1), ...second.slice(1)], 'UNDELIV');
    await office.drain();
    // the other halves are still on their way
    expect((await whole('half-read')).counts).toMatchObject({ submitted: 2, failed: 0 });
    await receipts(first.slice(0, 1));
    await receipts(second.slice(0, 1), 'UNDELIV');
    await office.drain();
    expect(await whole('half-read')).toMatchObject({ state: 'done', counts: { failed: 2 } });
    const list = (await office.planner.get('/sms/blasts/half-read/messages?state=failed')).body as {
      items: Record<'phone' | 'reason' | 'networkCode', string | null>[];
    };
    expect(new Map(list.items.map(({ phone, reason, networkCode }) => [phone, [reason, networkCode]]))).toEqual(
      new Map([
        [numbers[0], ['partly', 'UNDELIV 027']],
        [numbers[1], [null, 'UNDELIV 027']],
      ]),
    );
    const page = await logIn(office.test, 'planner-e');
    const blast = (await page.get('/sms/blasts/half-read')).text;
    expect([blast.includes('只到了一部分 <code>UNDELIV 027</code>'), blast.includes('重发失败的（1人）')]).toEqual([true, true]);
    expect((await page.get('/sms/blasts/half-read/messages?state=failed')).text).toMatch(/<code>UNDELIV 027<\/code> <span[^>]*>技术原因</);
    expect((await page.get('/sms/blasts/half-read/messages?code=partly+UNDELIV+027')).text).toContain('只到了一部分 <code>UNDELIV 027</code>');
  });

  it('over two connections, with message_payload, and with ids hexadecimal here and decimal there', async () => {
    const smsc = await Smsc.start({ submit: () => ({ id: '1A2B' }) });
    await open('two', { port: smsc.port, bindMode: 'transmitter-receiver', longMessages: 'payload', idFormat: 'hex-decimal', from: '10659' });
    const [number = ''] = await startBlast('two', 'two', 1, 'long');
    await office.drain();
    await until('the receiver is bound', () => smsc.binds.length === 2);
    expect(smsc.taken).toHaveLength(1);
    expect([smsc.taken[0]?.content.length, smsc.taken[0]?.source.digits, smsc.taken[0]?.tlvs.has(0x0424)]).toEqual([0, '10659', true]);
    expect(await smsc.receipt(String(0x1a2b), number.slice(1))).toBe(0);
    await office.drain();
    expect(await whole('two')).toMatchObject({ state: 'done', counts: { delivered: 1 } });
    await office.test.db.run(sql`update messaging.gateway set active = false where code = 'two'`);
    await part(SessionKeeper).look();
    await until('it has said goodbye on both', () => smsc.unbinds === 2);
    await smsc.stop();
  });
});

describe('R1 what is in doubt, asked of the centre', () => {
  const held = async (code: string, gateway: string): Promise<{ id: string; message: OutgoingMessage }> => {
    await startBlast(code, gateway, 1, 'long');
    const { id } = await office.test.db.one<{ id: string }>(sql`select id from messaging.blast where code = ${code}`);
    const cut = await part(CuttingCommands).cut(id);
    const [message] = cut.kind === 'batch' ? cut.intents : [];
    if (!message) throw new Error('nothing was cut');
    return { id, message };
  };

  it('a message whose parts all have ids is asked about by query_sm; of others the centre cannot speak, and they stay', async () => {
    const asked: string[] = [];
    const smsc = await Smsc.start({
      submit: (_, nth) => ({ id: `00AB${nth}` }),
      query: (messageId) => (asked.push(messageId), { messageId, finalDate: '', state: 1, errorCode: 0 }),
    });
    await open('asking', { port: smsc.port });
    const [known, lost] = [await held('asked', 'asking'), await held('not-asked', 'asking')];
    const account = await part(GatewaysQueries).account('asking');
    await part(SmppGateway).submit(account, [known.message]); // the process dies before it can mark the answer
    for (const { id } of [known, lost]) await part(DoubtsCommands).holdBlast(id);
    expect([(await whole('asked')).counts, (await whole('not-asked')).counts]).toMatchObject([{ inDoubt: 1 }, { inDoubt: 1 }]);
    await office.pass(1);
    expect(asked.sort()).toEqual(['00AB0', '00AB1']);
    expect([(await whole('asked')).counts, (await whole('not-asked')).counts]).toMatchObject([{ submitted: 1 }, { inDoubt: 1 }]);
    await Promise.all(['AB0', 'ab1'].map((id) => smsc.receipt(id, known.message.number.slice(1))));
    await office.drain();
    expect((await whole('asked')).counts).toMatchObject({ delivered: 1 });
    expect(smsc.taken).toHaveLength(2);
    await office.test.db.run(sql`update messaging.gateway set active = false where code = 'asking'`);
    await part(SessionKeeper).look();
    await smsc.stop();
  });
});

describe('SMS-5 what customers write, over SMPP', () => {
  const replies = (number: string): Promise<object[]> =>
    office.test.db.rows(sql`select body, meaning from messaging.reply where number = ${number} order by id`);

  it('is kept before it is acknowledged, and an opt-out takes effect', async () => {
    const number = numberOf(from++);
    expect(await peer.deliver({ source_addr: number.slice(1), short_message: 'TD' })).toBe(0);
    expect(await replies(number)).toEqual([{ body: 'TD', meaning: 'opt_out' }]);
    const blocks = await office.test.db.rows(sql`select scope from contact.v_block where number = ${number}`);
    expect(blocks).toHaveLength(1);
  });

  it('GOV-2 a second opt-out is heard, whatever a centre gives as its reference', async () => {
    const number = numberOf(from++);
    for (const short_message of ['TD', 'TD', 'KT', 'TD'])
      expect(await peer.deliver({ source_addr: number.slice(1), short_message, user_message_reference: 0 })).toBe(0);
    expect(await replies(number)).toMatchObject([{ body: 'TD' }, { body: 'KT' }, { body: 'TD' }]);
    expect(await office.test.db.rows(sql`select scope from contact.v_block where number = ${number}`)).toHaveLength(1);
  });

  it('by data_sm, as are receipts', async () => {
    const [number = ''] = await startBlast('by-data', 'line', 1);
    await office.drain();
    const [sent] = of([number]);
    const told = (more: Record<string, unknown>): Promise<number> => peer.deliver({ source_addr: number.slice(1), ...more }, 'data_sm');
    expect(await told({ message_payload: 'TD' })).toBe(0);
    expect(await replies(number)).toEqual([{ body: 'TD', meaning: 'opt_out' }]);
    expect(await told({ esm_class: 4, receipted_message_id: sent?.id, message_state: 2 })).toBe(0);
    await office.drain();
    expect((await whole('by-data')).counts).toMatchObject({ delivered: 1 });
  });

  it('in parts, in any order, is one answer; a rest that never comes is taken for the whole', async () => {
    const number = numberOf(from++);
    const say = (nth: number, total: number, message: string, reference = 9): Promise<number> =>
      peer.deliver({
        source_addr: number.slice(1),
        esm_class: 0x40,
        data_coding: 8,
        short_message: { udh: Buffer.from([5, 0, 3, reference, total, nth]), message },
      });
    await say(2, 2, '不要了');
    expect(await replies(number)).toEqual([]);
    await say(1, 2, '谢谢，');
    expect(await replies(number)).toEqual([{ body: '谢谢，不要了', meaning: 'unclear' }]);
    await say(1, 3, '退订', 10);
    office.test.clock.advance(11 * 60_000);
    await tickSchedules(office.test.app);
    expect((await replies(number)).at(-1)).toEqual({ body: '退订', meaning: 'opt_out' });
  });

  it('by optional parameters, and what cannot be stored is asked for again', async () => {
    const number = numberOf(from++);
    const sar = { sar_msg_ref_num: 77, sar_total_segments: 2 };
    for (const [sar_segment_seqnum, short_message] of ['YE', 'S'].entries())
      await peer.deliver({ source_addr: number.slice(1), ...sar, sar_segment_seqnum: sar_segment_seqnum + 1, short_message });
    expect(await replies(number)).toMatchObject([{ body: 'YES' }]);
    await office.test.db.run(sql`alter table messaging.reply rename to reply_away`);
    try {
      expect(await peer.deliver({ source_addr: number.slice(1), short_message: 'N' })).toBe(0x64);
    } finally {
      await office.test.db.run(sql`alter table messaging.reply_away rename to reply`);
    }
    expect(await replies(number)).toHaveLength(1);
  });
});

describe('SMS-4 accounts', () => {
  it.each([
    [{ host: undefined }, 'host'],
    [{ host: 'http://10.0.0.8' }, 'host'],
    [{ port: 70_000 }, 'port'],
    [{ systemId: undefined }, 'systemId'],
    [{ systemId: 'x'.repeat(16) }, 'systemId'],
    [{ password: undefined }, 'password'],
    [{ bindMode: 'both' }, 'bindMode'],
    [{ idFormat: 'octal' }, 'idFormat'],
    [{ from: '中国电信' }, 'from'],
  ])('refuses %j and names the field', async (more, param) => {
    const account = { code: 'wrong', kind: 'smpp', host: '10.0.0.8', systemId: 'care', password: 'secret', ...more };
    const refused = await (await office.house('admin')).post('/sms/gateways', account);
    expect([refused.status, refused.body.error.param]).toEqual([422, param]);
    expect(String(refused.body.error.message)).not.toBe('');
  });

  it('keeps the password sealed and shows it to nobody', async () => {
    const { settings, sealed } = await office.test.db.one<{ settings: object; sealed: Buffer }>(sql`
      select settings, sealed from messaging.gateway where code = 'line'`);
    expect(JSON.stringify(settings)).not.toContain('secret');
    expect(sealed.includes('secret')).toBe(false);
    expect((await office.planner.get('/sms/gateways')).text).not.toContain('secret');
  });

  it('binds a new one without waiting for a message, shows how the line stands, and why it does not', async () => {
    const other = await SmppPeer.start();
    other.welcome = 0x0e;
    await open('fresh', { port: other.port });
    await part(SessionKeeper).look();
    const line = async (): Promise<Record<string, unknown>> => {
      const { items } = (await office.planner.get('/sms/gateways')).body as { items: { code: string; lines: Record<string, unknown>[] }[] };
      return items.find(({ code }) => code === 'fresh')?.lines[0] ?? {};
    };
    await until('the refusal is shown', async () => (await line()).fault === 'refused 0x0000000E');
    other.welcome = 0;
    await until('it is bound', async () => (await line()).state === 'bound');
    await office.test.db.run(sql`update messaging.gateway set active = false where code = 'fresh'`);
    await part(SessionKeeper).look();
    await until('it has said goodbye', () => other.unbinds === 1);
    await until('its line is gone', async () => Object.keys(await line()).length === 0);
    await other.stop();
  });

  it('gives back what cannot be sent, certainly unsent: nobody is in doubt', async () => {
    const gone = await SmppPeer.start();
    const { port } = gone;
    await gone.stop();
    await open('dead', { port });
    const account = {
      code: 'dead',
      kind: 'smpp',
      settings: { host: '127.0.0.1', port, systemId: 'care' },
      ratePerSecond: 100,
      window: 10,
      active: true,
    } as const;
    const message = { id: '0193a4d2-0000-7000-8000-00000000beef', number: '+8613800138000', body: 'hi', parts: 1, encoding: 'gsm7' } as const;
    const [answer] = await part(SmppGateway).submit({ ...account, downUntil: null, failures: 0, fallbackGateways: [] }, [message]);
    expect(answer).toEqual({ id: message.id, outcome: 'not_sent', code: 'connect ECONNREFUSED' });
    await office.test.db.run(sql`update messaging.gateway set active = false where code = 'dead'`);
    await part(SessionKeeper).look();
  });
});

describe('our SMSC for tests, and the package as a client', () => {
  it('understand each other', async () => {
    const smsc = await Smsc.start({ query: () => ({ messageId: '7', finalDate: '', state: 2, errorCode: 0 }) });
    const session = smpp.connect({ host: '127.0.0.1', port: smsc.port });
    const ask = (command: 'bind_transceiver' | 'submit_sm' | 'query_sm', options: Record<string, unknown>): Promise<Pdu> =>
      new Promise((resolve) => session[command](options, resolve));
    await new Promise((resolve) => session.once('connect', resolve));
    expect((await ask('bind_transceiver', { system_id: 'care', password: 'secret' })).command_status).toBe(0);
    expect((await ask('submit_sm', { destination_addr: '8613800138000', short_message: '退订回复R' })).message_id).toBe('1');
    await ask('submit_sm', { destination_addr: '8613800138000', data_coding: 0, short_message: 'a{€}@£_^' });
    expect(smsc.taken.map(({ content, dataCoding }) => textOf(content, dataCoding))).toEqual(['退订回复R', 'a{€}@£_^']);
    expect((await ask('query_sm', { message_id: '7' })).message_state).toBe(2);
    const heard = new Promise<Pdu>((resolve) =>
      session.once('deliver_sm', (pdu: Pdu) => {
        session.send(pdu.response());
        resolve(pdu);
      }),
    );
    expect(await smsc.receipt('1', '8613800138000')).toBe(0);
    expect(((await heard).short_message as { message: string }).message).toContain('stat:DELIVRD');
    session.close();
    await smsc.stop();
  });
});

// the last one: days go by in it, and sessions end
describe('SMS-3 half a message', () => {
  it('GOV-5 one of which the centre took half is never sent again, and counts as a contact', async () => {
    let asked = 0;
    peer.manner = () => (asked++ === 0 ? 0 : 0x45);
    const numbers = await startBlast('half', 'line', 1, 'long');
    await office.drain();
    const touch = (): Promise<object> => office.test.db.one(sql`select state from contact.v_touch where source = 'blast:half'`);
    const retry = async (): Promise<unknown> => (await office.planner.post('/sms/blasts/half/retry')).body.error;
    expect([of(numbers).length, (await whole('half')).counts]).toMatchObject([1, { inDoubt: 1, failed: 0 }]);
    expect([await touch(), await retry()]).toMatchObject([{ state: 'reserved' }, { code: 'retry_nobody' }]);
    await receipts(of(numbers));
    await office.drain();
    expect([(await whole('half')).counts, await touch()]).toMatchObject([{ submitted: 1 }, { state: 'confirmed' }]);
    office.test.clock.advance(73 * 3_600_000);
    await tickSchedules(office.test.app);
    await office.drain();
    expect([await whole('half'), await retry()]).toMatchObject([{ state: 'done', counts: { expired: 1 } }, { code: 'retry_nobody' }]);
    expect(timesTaken(numbers)).toEqual([1]);
  });
});

describe('R42 the end of a message of several parts', () => {
  it('R8 one of which a part failed and nothing is ever heard of the other has failed when its time is over, and is not sent again', async () => {
    const numbers = await startBlast('half-heard', 'line', 2, 'long');
    await office.drain();
    const [first = [], second = []] = numbers.map((one) => of(numbers).filter(({ number }) => number === one));
    await receipts(first.slice(1), 'UNDELIV');
    await receipts(second.slice(1));
    office.test.clock.advance(71 * 3_600_000);
    await minute();
    expect((await whole('half-heard')).counts).toMatchObject({ submitted: 2 });
    office.test.clock.advance(2 * 3_600_000);
    await minute();
    expect(await whole('half-heard')).toMatchObject({ state: 'done', counts: { failed: 1, expired: 1 } });
    // what is heard after all changes nothing
    await receipts(first.slice(0, 1));
    await minute();
    const { items } = (await office.planner.get('/sms/blasts/half-heard/messages?state=failed')).body as { items: object[] };
    expect(items).toMatchObject([{ phone: numbers[0], reason: 'partly', networkCode: 'UNDELIV 027' }]);
    expect((await office.planner.post('/sms/blasts/half-heard/retry')).body).toMatchObject({ error: { code: 'retry_nobody' } });
  });
});
