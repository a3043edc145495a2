import { connect } from 'node:net';
import type { Arrival, LineFault, Outcome, Patience, SessionState } from '../../src/messaging/gateways/session/dialect.types.js';
import { Session } from '../../src/messaging/gateways/session/session.js';
import { type ShortMessage, STATUS } from '../../src/messaging/gateways/smpp/pdu.types.js';
import { type SmppAnswer, SmppDialect, type SmppRequest } from '../../src/messaging/gateways/smpp/smpp.dialect.js';
import { EMPTY, Smsc, type SmscOptions } from '../support/smsc.js';
import { until } from '../support/until.js';

const QUICK: Patience = {
  connectMs: 2_000,
  answerMs: 5_000,
  queueMs: 5_000,
  idleMs: 5_000,
  leaveMs: 1_000,
  backOff: { firstMs: 5, mostMs: 20, refusedMs: 20 },
};
const LOGIN = { systemId: 'care', password: 'secret', systemType: '', interfaceVersion: 0x34, address: { ton: 0, npi: 0, digits: '' } };
const WINDOW = 10;

type Talk = Session<SmppRequest, SmppAnswer, ShortMessage>;
const open: { end: () => Promise<unknown> }[] = [];
afterEach(async () => {
  for (const { end } of open.splice(0).reverse()) await end();
});

async function startSmsc(options: SmscOptions = {}): Promise<Smsc> {
  const smsc = await Smsc.start(options);
  open.push({ end: () => smsc.stop() });
  return smsc;
}

interface Heard {
  states: SessionState[];
  faults: (LineFault | null)[];
  arrivals: Arrival<ShortMessage>[];
}

function talkTo(port: number, patience: Partial<Patience> = {}): { talk: Talk; heard: Heard } {
  const heard: Heard = { states: [], faults: [], arrivals: [] };
  const talk: Talk = new Session(
    new SmppDialect({ ...LOGIN, mode: 'transceiver' }),
    { host: '127.0.0.1', port, window: WINDOW },
    { ...QUICK, ...patience },
    {
      onArrival: (arrival) => void heard.arrivals.push(arrival),
      onState: (state, fault) => {
        heard.states.push(state);
        if (fault) heard.faults.push(fault);
      },
    },
  );
  open.push({ end: () => talk.stop() });
  return { talk, heard };
}

const message = (n: number): SmppRequest => ({
  kind: 'submit',
  message: { ...EMPTY, destination: { ton: 1, npi: 1, digits: `86138${String(n).padStart(8, '0')}` }, content: Buffer.from('hello') },
});
const sendAll = (talk: Talk, count: number): Promise<Outcome<SmppAnswer>[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => talk.ask(message(n))));
const kinds = (outcomes: readonly Outcome<SmppAnswer>[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const { kind: plain } = outcome;
    const kind =
      outcome.kind === 'answered' ? `answered ${outcome.answer.status}` : outcome.kind === 'unsent' && outcome.throttled ? 'throttled' : plain;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
};

describe('SMS-4 a session with a gateway', () => {
  it('logs in, keeps to its window, answers each request with its own answer, and says goodbye', async () => {
    let most = 0;
    const smsc = await startSmsc({ submit: ({ destination }) => ({ id: `id-${destination.digits}` }) });
    const { talk, heard } = talkTo(smsc.port);
    const outcomes = Promise.all(
      Array.from({ length: 500 }, async (_, n) => {
        const outcome = await talk.ask(message(n));
        most = Math.max(most, talk.waiting);
        return outcome.kind === 'answered' ? outcome.answer.messageId : outcome.kind;
      }),
    );
    expect(await outcomes).toEqual(Array.from({ length: 500 }, (_, n) => `id-86138${String(n).padStart(8, '0')}`));
    expect(most).toBeLessThanOrEqual(WINDOW);
    expect(smsc.binds).toEqual([LOGIN]);
    await talk.stop();
    expect([smsc.unbinds, heard.states, heard.faults]).toEqual([1, ['connecting', 'bound', 'ended'], []]);
    expect(await talk.ask(message(1))).toEqual({ kind: 'unsent', throttled: false });
  });

  it('SMS-4 throttled messages wait and go again; none fails, none goes twice', async () => {
    const tries = new Map<string, number>();
    const smsc = await startSmsc({
      submit: ({ destination: { digits } }) => {
        const nth = (tries.get(digits) ?? 0) + 1;
        tries.set(digits, nth);
        return nth === 1 && digits.endsWith('7') ? { status: digits.endsWith('17') ? STATUS.queueFull : STATUS.throttled } : {};
      },
    });
    const { talk } = talkTo(smsc.port);
    expect(kinds(await sendAll(talk, 60))).toEqual({ 'answered 0': 60 });
    expect(smsc.taken).toHaveLength(60);
    expect([...tries.values()].filter((n) => n === 2)).toHaveLength(6);
  });

  it('SMS-4 what is throttled for too long is given back as certainly unsent', async () => {
    const smsc = await startSmsc({ submit: () => ({ status: STATUS.throttled }) });
    const { talk } = talkTo(smsc.port, { queueMs: 150 });
    expect(kinds(await sendAll(talk, 20))).toEqual({ throttled: 20 });
    expect(smsc.taken).toHaveLength(0);
  });

  it('a refusal is an answer with its code', async () => {
    const smsc = await startSmsc({ submit: (_, nth) => (nth >= 0 ? { status: 0x0b } : {}) });
    expect(kinds(await sendAll(talkTo(smsc.port).talk, 3))).toEqual({ 'answered 11': 3 });
  });

  it('R1 a line that falls leaves its window in doubt and nothing else: the rest goes over the next line, once', async () => {
    let dropped = false;
    const smsc: Smsc = await startSmsc({
      submit: (_, nth) => {
        if (nth < 30 || dropped) return {};
        dropped = true;
        return 'hang_up';
      },
    });
    const { talk, heard } = talkTo(smsc.port);
    const outcomes = await sendAll(talk, 100);
    const unknown = kinds(outcomes).unknown ?? 0;
    expect(unknown).toBeGreaterThan(0);
    expect(unknown).toBeLessThanOrEqual(WINDOW);
    expect(kinds(outcomes)).toEqual({ 'answered 0': 100 - unknown, unknown });
    const times = new Map<string, number>();
    for (const { destination } of smsc.taken) times.set(destination.digits, (times.get(destination.digits) ?? 0) + 1);
    expect([...times.values()].every((n) => n === 1)).toBe(true);
    expect(heard.states).toEqual(['connecting', 'bound', 'waiting', 'connecting', 'bound']);
    expect(heard.faults).toMatchObject([{ reason: 'closed' }]);
  });

  it('R1 a request without an answer is unknown after its patience; the line goes on', async () => {
    const smsc = await startSmsc({ submit: (_, nth) => (nth === 0 ? 'silence' : {}) });
    const { talk } = talkTo(smsc.port, { answerMs: 60 });
    expect(kinds(await sendAll(talk, 5))).toEqual({ unknown: 1, 'answered 0': 4 });
    expect(smsc.binds).toHaveLength(1);
  });

  it('without a line what waits is given back, certainly unsent', async () => {
    const smsc = await startSmsc();
    const { port } = smsc;
    await smsc.stop();
    const { talk, heard } = talkTo(port, { queueMs: 60 });
    expect(kinds(await sendAll(talk, 5))).toEqual({ unsent: 5 });
    expect(heard.faults[0]).toMatchObject({ reason: 'connect', detail: 'ECONNREFUSED' });
  });

  it('a refused login says the code, and is tried again', async () => {
    const smsc: Smsc = await startSmsc({ bind: () => (smsc.binds.length === 0 ? STATUS.invalidPassword : STATUS.ok) });
    const { talk, heard } = talkTo(smsc.port);
    expect(await talk.bound(5_000)).toBe(true);
    expect(heard.faults).toEqual([{ reason: 'refused', detail: '0x0000000E' }]);
  });

  it('a silent line is asked for a sign of life, and left when none comes', async () => {
    let alive = true;
    const smsc = await startSmsc({ alive: () => alive });
    const { talk, heard } = talkTo(smsc.port, { idleMs: 20, answerMs: 60 });
    await talk.bound(5_000);
    alive = false;
    await until('the line is left', () => heard.faults.length > 0);
    expect(heard.faults[0]).toMatchObject({ reason: 'silent' });
  });

  it('what the other side sends is acknowledged when it is kept, and asked for again when not', async () => {
    const smsc = await startSmsc();
    const { talk, heard } = talkTo(smsc.port);
    await talk.bound(5_000);
    const [first, second] = [smsc.deliver({ content: Buffer.from('one') }), smsc.deliver({ content: Buffer.from('two') })];
    await until('both came', () => heard.arrivals.length === 2);
    expect(heard.arrivals.map(({ event }) => event.content.toString())).toEqual(['one', 'two']);
    heard.arrivals[1]?.acknowledge(false);
    heard.arrivals[0]?.acknowledge(true);
    expect([await first, await second]).toEqual([STATUS.ok, STATUS.tryAgain]);
  });

  it.each([
    ['an unknown command', '00000010000000ee0000000000000009', '80000000' + '00000003' + '00000009', false],
    ['a deliver_sm cut short', '0000001200000005000000000000000a0000', '80000000' + '00000002' + '0000000a', false],
    ['an absurd length', 'ffffffff000000050000000000000001', '80000000' + '00000002' + '00000001', true],
    ['a length below the header', '00000004000000050000000000000001', '80000000' + '00000002' + '00000001', true],
  ])('bad bytes: %s is answered by generic_nack', async (_, bytes, nack, closes) => {
    const smsc = await startSmsc();
    const { talk, heard } = talkTo(smsc.port);
    await talk.bound(5_000);
    const [peer] = smsc.peers;
    const said = new Promise<string>((resolve) => peer?.socket.prependOnceListener('data', (chunk) => resolve(chunk.toString('hex'))));
    peer?.socket.write(Buffer.from(bytes, 'hex'));
    expect((await said).slice(8)).toBe(nack);
    if (closes) await until('the line is left', () => heard.faults.length > 0);
    expect(heard.faults.map((fault) => fault?.reason)).toEqual(closes ? ['garbled'] : []);
    expect(await talk.bound(5_000)).toBe(true);
    expect(kinds(await sendAll(talk, 3))).toEqual({ 'answered 0': 3 });
  });

  it('our own SMSC for tests survives rubbish too', async () => {
    const smsc = await startSmsc();
    const socket = connect(smsc.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined);
    socket.write(Buffer.alloc(100, 0xff));
    socket.resume();
    await closed;
  });
});
