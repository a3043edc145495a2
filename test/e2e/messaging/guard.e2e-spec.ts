import { RepliesCommands } from '../../../src/messaging/replies/replies.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { type ApiClient } from '../../support/house.js';
import { logIn } from '../../support/visitor.js';
import { addCrowd, addSegment, addTemplate, figures, numberOf, openPostOffice, type PostOffice } from './post-office.js';

const RULE = {
  orderDays: 7,
  optOutDays: 7,
  complaintDays: 7,
  optOutsMost: 100,
  complaintsMost: 50,
  guardFrom: 50,
  approveAbove: null,
  clientApproves: false,
  clientAbove: null,
  stallMinutes: 10,
};
let office: PostOffice;
let admin: ApiClient;

const delivered = async (): Promise<string[]> =>
  (await office.test.db.rows<{ number: string }>(sql`select number from messaging.recipient where state = 'delivered' order by line_id`)).map(
    ({ number }) => number,
  );
async function optOut(number: string): Promise<void> {
  const replies = office.test.app.get(RepliesCommands, { strict: false });
  await office.test.db.tx((tx) => replies.receive(tx, 'simulator', { ref: `out-${number}`, number, body: '退订' }));
}
const handedOver = async (): Promise<number> =>
  (await office.test.db.one<{ n: number }>(sql`select count(*)::int as n from messaging.simulator_inbox`)).n;
const paused = async (): Promise<unknown> => (await office.planner.get('/sms/blasts/burst')).body as unknown;

beforeAll(async () => {
  office = await openPostOffice('2026-11-24T10:00:00+08:00');
  admin = await office.house('admin');
  await addTemplate(office, 'offer', '{{honorific}}您好，新套餐每月19元');
  await addCrowd(office.test.db, 600);
  await office.test.db.run(sql`analyze`);
  await addSegment(
    office.test.db,
    'burst',
    Array.from({ length: 600 }, (_, i) => numberOf(i + 1)),
  );
  // batches of a hundred: two seconds at fifty a second
  await office.planner.post('/sms/blasts', { code: 'burst', template: 'offer', segment: 'burst', gateway: 'simulator', ratePerSecond: 50 });
});
afterAll(() => office.test.close());

describe('SMS-6 a blast that brings opt-outs or complaints stops by itself', () => {
  it('only an administrator sets the limits, and a limit that is no number is refused', async () => {
    expect((await office.house('planner-e').then((planner) => planner.put('/sms/blast-rule', RULE))).status).toBe(403);
    expect((await admin.put('/sms/blast-rule', { ...RULE, guardFrom: 0 })).status).toBe(422);
    expect((await admin.put('/sms/blast-rule', RULE)).body).toEqual(RULE);
  });

  it('a planted burst of opt-outs pauses it within one batch, and the page says why (idea 18)', async () => {
    await office.planner.post('/sms/blasts/burst/start');
    // the first batch, and what the network says of it
    const { SendingCommands } = await import('../../../src/messaging/sending/sending.commands.js');
    const { SimulatorVoiceCommands } = await import('../../../src/messaging/gateways/simulator-voice.commands.js');
    const { ReceiptsCommands } = await import('../../../src/messaging/receipts/receipts.commands.js');
    const { GuardCommands } = await import('../../../src/messaging/guard/guard.commands.js');
    const the = <T>(what: new (...args: never[]) => T): T => office.test.app.get(what as never, { strict: false });
    const { id } = await office.test.db.one<{ id: string }>(sql`select id from messaging.blast where code = 'burst'`);
    await the(SendingCommands).sendBatch(id);
    office.test.clock.advance(10_000);
    await the(SimulatorVoiceCommands).speak('simulator');
    await the(ReceiptsCommands).apply();
    const reached = await delivered();
    expect(reached).toHaveLength(100);
    await optOut(reached[0] ?? '');
    await the(GuardCommands).lookAt(id);
    expect(await paused()).toMatchObject({ state: 'running', pausedBy: null });
    await optOut(reached[1] ?? '');
    await office.drain();
    expect(await handedOver()).toBeLessThanOrEqual(200);
    expect(await paused()).toMatchObject({ state: 'paused', pausedBy: { kind: 'optOuts', count: 2, limit: 100 } });
    const planner = await logIn(office.test, 'planner-e');
    const page = (await planner.get('/sms/blasts/burst')).text;
    expect(page).toContain('自动暂停');
    expect(page).toMatch(/已送达\d+，退订2，超过每万100的上限/);
  });

  it('a person with the right lets it go on; then only what is new counts', async () => {
    expect((await (await office.house('m01')).post('/sms/blasts/burst/resume')).status).toBe(403);
    const sent = await handedOver();
    expect((await office.planner.post('/sms/blasts/burst/resume')).body).toMatchObject({ state: 'running', pausedBy: null });
    await office.drain();
    await office.pass(1);
    expect(await handedOver()).toBeGreaterThan(sent);
    expect((await figures(office, 'burst')).state).toBe('done');
  });

  it('complaints of the desk stop it with the next minute', async () => {
    const { db } = office.test;
    await addSegment(
      db,
      'angry',
      Array.from({ length: 80 }, (_, i) => numberOf(i + 1)),
    );
    await addTemplate(office, 'notice', '{{honorific}}您好，您的业务已办理', 'service');
    await db.run(sql`update messaging.gateway set settings = '{"silent": 0.3}' where code = 'simulator'`);
    await office.planner.post('/sms/blasts', { code: 'angry', template: 'notice', segment: 'angry', gateway: 'simulator' });
    await office.planner.post('/sms/blasts/angry/start');
    await office.drain();
    await office.pass(1);
    const [first] = await db.rows<{ number: string }>(sql`
      select r.number from messaging.recipient r join messaging.blast b on b.id = r.blast_id where b.code = 'angry' and r.state = 'delivered' limit 1`);
    expect((await admin.post('/tickets', { kind: 'complaint', phone: first?.number, scope: 'inside', text: '又发短信' })).status).toBe(201);
    const { GuardCommands } = await import('../../../src/messaging/guard/guard.commands.js');
    await office.test.app.get(GuardCommands, { strict: false }).watch();
    expect((await office.planner.get('/sms/blasts/angry')).body).toMatchObject({ state: 'paused', pausedBy: { kind: 'complaints', count: 1 } });
  });
});
