import type { Arrival, LineFault, Outcome, Patience, SessionState } from '../../src/messaging/gateways/session/dialect.types.js';
import { Session } from '../../src/messaging/gateways/session/session.js';
import { authenticatorOf } from '../../src/messaging/gateways/smgp/login-proof.js';
import { type Deliver, REQUEST, type Submit } from '../../src/messaging/gateways/smgp/packet.types.js';
import { type SmgpAnswer, SmgpDialect } from '../../src/messaging/gateways/smgp/smgp.dialect.js';
import { idOf, Ismg, type IsmgOptions } from '../support/ismg.js';
import { until } from '../support/until.js';

const QUICK: Patience = {
  connectMs: 2_000,
  answerMs: 5_000,
  queueMs: 5_000,
  idleMs: 5_000,
  leaveMs: 1_000,
  backOff: { firstMs: 5, mostMs: 20, refusedMs: 20 },
};
const WINDOW = 10;
const NOW = new Date('2026-11-24T02:00:00Z');

const open: { end: () => Promise<unknown> }[] = [];
afterEach(async () => {
  for (const { end } of open.splice(0).reverse()) await end();
});

interface Heard {
  states: SessionState[];
  faults: (LineFault | null)[];
  arrivals: Arrival<Deliver>[];
}

async function talkTo(
  options: IsmgOptions = {},
  patience: Partial<Patience> = {},
): Promise<{ ismg: Ismg; talk: Session<Submit, SmgpAnswer, Deliver>; heard: Heard }> {
  const ismg = await Ismg.start(options);
  open.push({ end: () => ismg.stop() });
  const heard: Heard = { states: [], faults: [], arrivals: [] };
  const talk = new Session(
    new SmgpDialect({ clientId: '10659001', secret: 'secret', mode: 2 }, () => NOW),
    { host: '127.0.0.1', port: ismg.port, window: WINDOW },
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
  return { ismg, talk, heard };
}

const message = (n: number): Submit => ({
  type: 6,
  needReport: 1,
  priority: 1,
  serviceId: '',
  feeType: '00',
  feeCode: '000000',
  fixedFee: '000000',
  format: 0,
  validTime: '',
  atTime: '',
  source: '10659',
  charged: '',
  destinations: [`138${String(n).padStart(8, '0')}`],
  content: Buffer.from('hello'),
  tlvs: new Map(),
});
const sendAll = (talk: Session<Submit, SmgpAnswer, Deliver>, count: number): Promise<Outcome<SmgpAnswer>[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => talk.ask(message(n))));
const statuses = (outcomes: readonly Outcome<SmgpAnswer>[]): (number | string | null)[] =>
  outcomes.map((outcome) => (outcome.kind === 'answered' ? outcome.answer.status : outcome.kind));

describe('SMS-4 a session with a gateway of China Telecom', () => {
  it('proves its secret, answers each message with its own id, keeps to its window and says goodbye', async () => {
    let most = 0;
    const { ismg, talk, heard } = await talkTo({ submit: ({ destinations }) => ({ id: idOf(Number(destinations[0]?.slice(-6))) }) });
    const ids = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const outcome = await talk.ask(message(n));
        most = Math.max(most, talk.waiting);
        return outcome.kind === 'answered' ? outcome.answer.id : null;
      }),
    );
    expect(ids).toEqual(Array.from({ length: 200 }, (_, n) => idOf(n)));
    expect(most).toBeLessThanOrEqual(WINDOW);
    expect(ismg.logins).toEqual([
      { clientId: '10659001', authenticator: authenticatorOf('10659001', 'secret', 1124100000), mode: 2, timestamp: 1124100000, version: 0x30 },
    ]);
    await talk.stop();
    expect([ismg.exits, heard.states, heard.faults]).toEqual([1, ['connecting', 'bound', 'ended'], []]);
  });

  it('a refused login says why in words, and is tried again', async () => {
    let logins = 0;
    const { talk, heard } = await talkTo({ login: () => (logins++ === 0 ? 21 : 0) });
    expect(await talk.bound(5_000)).toBe(true);
    expect(heard.faults).toEqual([{ reason: 'refused', detail: '21 认证错' }]);
  });

  it('SMS-4 what comes too quickly for the gateway waits and goes again; none fails, none goes twice', async () => {
    const seen = new Set<string>();
    const { ismg, talk } = await talkTo({
      submit: ({ destinations: [number = ''] }) => {
        if (seen.has(number) || !number.endsWith('7')) return {};
        seen.add(number);
        return { status: number.endsWith('17') ? 1 : 103 };
      },
    });
    expect(statuses(await sendAll(talk, 40))).toEqual(Array.from({ length: 40 }, () => 0));
    expect([seen.size, ismg.taken.length]).toEqual([4, 40]);
  });

  it('R1 a line that falls leaves in doubt what was on it, and nothing goes twice', async () => {
    const { ismg, talk } = await talkTo({ submit: (_, nth) => (nth === 20 ? 'hang_up' : {}) });
    const outcomes = statuses(await sendAll(talk, 60));
    const doubts = outcomes.filter((outcome) => outcome === 'unknown').length;
    expect(doubts).toBeGreaterThan(0);
    expect(doubts).toBeLessThanOrEqual(WINDOW);
    expect(outcomes.filter((outcome) => outcome === 0)).toHaveLength(60 - doubts);
    expect(new Set(ismg.taken.map(({ destinations }) => destinations[0])).size).toBe(ismg.taken.length);
  });

  it('what the gateway sends is answered under its own id once it is kept, and asked for again when not', async () => {
    const { ismg, talk, heard } = await talkTo();
    await talk.bound(5_000);
    const [first, second] = [ismg.deliver({ id: idOf(1), content: Buffer.from('one') }), ismg.deliver({ id: idOf(2), content: Buffer.from('two') })];
    await until('both came', () => heard.arrivals.length === 2);
    heard.arrivals[1]?.acknowledge(false);
    heard.arrivals[0]?.acknowledge(true);
    expect([await first, await second]).toEqual([
      { id: idOf(1).toString('hex'), status: 0 },
      { id: idOf(2).toString('hex'), status: 1 },
    ]);
  });

  it('answers a sign of life and a goodbye, overhears what is not for it, and leaves a silent gateway', async () => {
    let alive = true;
    const { ismg, talk, heard } = await talkTo({ alive: () => alive }, { idleMs: 20, answerMs: 60 });
    await talk.bound(5_000);
    const [peer] = ismg.peers;
    const said: string[] = [];
    peer?.socket.prependListener('data', (chunk: Buffer) => said.push(chunk.toString('hex')));
    const bare = (request: number): Buffer => Buffer.from(`0000000c${request.toString(16).padStart(8, '0')}00000063`, 'hex');
    peer?.socket.write(Buffer.concat([bare(0x0a), bare(REQUEST.activeTest)]));
    await until('the sign of life', () => said.some((each) => each.includes('0000000c8000000400000063')));
    expect(said.join('')).not.toContain('8000000a');
    alive = false;
    await until('the line is left', () => heard.faults.some((fault) => fault?.reason === 'silent'));
    alive = true;
    await until('it is back', () => talk.state === 'bound');
    for (const { socket } of ismg.peers) socket.write(bare(REQUEST.exit));
    await until('the goodbye', () => heard.faults.some((fault) => fault?.reason === 'closed'));
  });

  it.each([
    ['a Deliver cut short is answered as badly built, and the line goes on', '0000000e00000003000000050000', false],
    ['an absurd length ends the line', 'ffffffff0000000300000005', true],
  ])('bad bytes: %s', async (_, bytes, ends) => {
    const { ismg, talk, heard } = await talkTo();
    await talk.bound(5_000);
    const [peer] = ismg.peers;
    const said = new Promise<string>((resolve) => {
      peer?.socket.prependOnceListener('data', (chunk: Buffer) => resolve(chunk.toString('hex')));
      peer?.socket.once('close', () => resolve('closed'));
    });
    peer?.socket.write(Buffer.from(bytes, 'hex'));
    expect(await said).toBe(ends ? 'closed' : `0000001a8000000300000005${'00'.repeat(10)}0000000a`);
    if (ends) await until('the line is left', () => heard.faults.length > 0);
    expect(await talk.bound(5_000)).toBe(true);
    expect(statuses(await sendAll(talk, 3))).toEqual([0, 0, 0]);
    expect(heard.faults.map((fault) => fault?.reason)).toEqual(ends ? ['garbled'] : []);
  });

  it('an answer cut short leaves its message in doubt, alone', async () => {
    const { ismg, talk } = await talkTo({ submit: (_, nth) => (nth === 0 ? 'silence' : {}) });
    const asked = sendAll(talk, 2);
    await until('the silence', () => ismg.taken.length === 2);
    for (const { socket } of ismg.peers) socket.write(Buffer.from('0000000e80000002000000020000', 'hex'));
    expect(statuses(await asked)).toEqual([null, 0]);
  });
});
