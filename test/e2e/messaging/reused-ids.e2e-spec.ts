import { PartsCommands } from '../../../src/messaging/receipts/parts.commands.js';
import { ReceiptsCommands } from '../../../src/messaging/receipts/receipts.commands.js';
import { hintOf } from '../../../src/messaging/receipts/receipt-hints.js';
import type { Receipt } from '../../../src/messaging/gateways/gateway.types.js';
import { sql } from '../../../src/platform/database/sql.js';
import { type FakeGateway, installFake } from './fake-gateway.js';
import { addCrowd, addSegment, addTemplate, figures, numberOf, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let fake: FakeGateway;
let from = 1;

const HOUR = 3_600_000;
const part = <T>(type: new (...args: never[]) => T): T => office.test.app.get<T>(type, { strict: false });

/** A blast to one, which the gateway takes under `ref`. @returns the id of its message, and the number */
async function send(code: string, ref: string | null): Promise<{ id: string; number: string }> {
  const number = numberOf(from++);
  fake.answer = ({ id }) => (ref === null ? { id, outcome: 'unknown' } : { id, outcome: 'accepted', ref });
  await addSegment(office.test.db, code, [number]);
  await office.planner.post('/sms/blasts', { code, template: 'note', segment: code, gateway: 'line' });
  const started = await office.planner.post(`/sms/blasts/${code}/start`);
  if (started.status !== 200) throw new Error(started.text);
  await office.drain();
  const { id } = await office.test.db.one<{ id: string }>(sql`
    select m.id from messaging.message m join messaging.blast b on b.id = m.blast_id where b.code = ${code}`);
  return { id, number };
}

async function say(ref: string, more: Partial<Receipt> = {}): Promise<void> {
  await office.test.db.tx((tx) =>
    part(ReceiptsCommands).append(tx, 'line', [{ messageId: null, ref, state: 'delivered', networkCode: 'DELIVRD 000', ...more }]),
  );
  await part(ReceiptsCommands).apply({ gathering: false });
}

const delivered = async (...codes: string[]): Promise<(number | undefined)[]> =>
  Promise.all(codes.map(async (code) => (await figures(office, code)).counts.delivered));
const register = (id: string, refs: readonly string[]): Promise<void> =>
  part(PartsCommands).register(
    'line',
    refs.map((ref) => ({ ref, gatewayId: ref, messageId: id, parts: 2 })),
  );

beforeAll(async () => {
  office = await openPostOffice();
  await addCrowd(office.test.db, 40);
  await addTemplate(office, 'note', '{{honorific}}您好，您的业务已办理', 'service');
  fake = await installFake(office, ['line']);
});
afterAll(() => office.test.close());
beforeEach(() => {
  fake.meanwhile = () => Promise.resolve();
});

describe('R42 a gateway that gives its ids anew', () => {
  it('speaks of the newer message, though its receipt beats the answer that tells the id', async () => {
    await send('old', 'again-1');
    office.test.clock.advance(20 * 24 * HOUR);
    fake.meanwhile = () => say('again-1');
    await send('new', 'again-1');
    await office.pass(2);
    expect(await delivered('old', 'new')).toEqual([0, 1]);
  });

  it('does not speak of an older one that the networks gave up long ago, nor of a newer one it had not heard of', async () => {
    await send('given-up', 'again-2');
    office.test.clock.advance(74 * HOUR);
    await say('again-2');
    office.test.clock.advance(2 * HOUR);
    await send('not-heard-of', 'again-2');
    await office.pass(2);
    expect(await delivered('given-up', 'not-heard-of')).toEqual([0, 0]);
    await say('again-2');
    expect(await delivered('given-up', 'not-heard-of')).toEqual([0, 1]);
  });

  it('still speaks of one within three days', async () => {
    await send('in-time', 'again-3');
    office.test.clock.advance(71 * HOUR);
    await say('again-3');
    expect(await delivered('in-time')).toEqual([1]);
  });

  it('gives the parts of a newer long message ids that those of an older one still have', async () => {
    for (const [code, afterwards] of [
      ['parts-old', HOUR],
      ['parts-new', 0],
    ] as const) {
      const { id } = await send(code, `parts-of-${code}`);
      await register(id, ['900', '901', '901']);
      await register(id, ['900']); // told twice, it loses nothing of what was heard
      office.test.clock.advance(afterwards);
    }
    await say('900');
    await register(
      (await office.test.db.one<{ id: string }>(sql`select message_id as id from messaging.message_part where gateway_ref = '901'`)).id,
      ['900'],
    );
    await say('901');
    expect(await delivered('parts-old', 'parts-new')).toEqual([0, 1]);
  });

  it('solves a doubt under an id that an old message had', async () => {
    await send('had-it', 'again-4');
    office.test.clock.advance(20 * 24 * HOUR);
    const { number } = await send('doubtful', null);
    office.test.clock.advance(1000);
    await say('again-4', { hint: hintOf(number, null) });
    office.test.clock.advance(2 * 60_000);
    await part(ReceiptsCommands).apply({ gathering: false });
    expect(await delivered('had-it', 'doubtful')).toEqual([0, 1]);
  });
});
