import { ContactCommands } from '../../../src/contact/contact.commands.js';
import { ReceiptsCommands } from '../../../src/messaging/receipts/receipts.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { logIn } from '../../support/visitor.js';
import { type FakeGateway, installFake, taken } from './fake-gateway.js';
import { addCrowd, addSegment, addTemplate, figures, numberOf, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let fake: FakeGateway;
let from = 1;
const unknown: FakeGateway['answer'] = ({ id }) => ({ id, outcome: 'unknown' });

beforeAll(async () => {
  office = await openPostOffice();
  await addCrowd(office.test.db, 3_300);
  await addTemplate(office, 'note', '{{honorific}}您好，您的业务已办理', 'service');
  fake = await installFake(office, ['silent']);
});
afterAll(() => office.test.close());
beforeEach(async () => {
  await office.test.db.run(sql`update messaging.gateway set down_until = null, failures = 0`); // its rest would last longer than the clock has gone
  fake.heard.clear();
  fake.answer = unknown;
  fake.meanwhile = () => Promise.resolve();
  office.test.clock.set('2026-11-24T10:00:00+08:00');
});

/** A blast whose every message was handed over and never answered for. */
async function lost(code: string, count: number): Promise<string[]> {
  const numbers = Array.from({ length: count }, () => numberOf(from++));
  await addSegment(office.test.db, code, numbers);
  await office.planner.post('/sms/blasts', { code, template: 'note', segment: code, gateway: 'silent' });
  await office.planner.post(`/sms/blasts/${code}/start`);
  await office.drain();
  return numbers;
}

const settle = (code: string, found: string, reason = '网关后台，王工') =>
  office.planner.post(`/sms/blasts/${code}/doubts`, { gateway: 'silent', found, reason });

const touches = (code: string) =>
  office.test.db.rows(sql`select state, count(*)::int as n from contact.touch where source = ${`blast:${code}`} group by 1 order by 1`);

async function deliver(numbers: readonly string[]): Promise<void> {
  const receipts = office.test.app.get(ReceiptsCommands, { strict: false });
  const rows = await office.test.db.rows<{ id: string }>(
    sql`select id from messaging.message where number = any(${numbers}::text[]) and state = 'accepted'`,
  );
  await office.test.db.tx((tx) =>
    receipts.append(
      tx,
      'silent',
      rows.map(({ id }) => ({ messageId: id, ref: null, state: 'delivered', networkCode: null })),
    ),
  );
  await office.drain();
}

describe('R1 what no receipt and no gateway settles, settled by a person', () => {
  it('is left alone for ten minutes, for it may settle itself', async () => {
    await lost('young', 5);
    expect((await office.planner.get('/sms/blasts/young/doubts')).body.items).toMatchObject([{ gateway: 'silent', people: 5, ripe: 0 }]);
    const early = await settle('young', 'never_came');
    expect(early.status).toBe(409);
    expect(early.body.error).toMatchObject({ code: 'doubts_none' });
    expect(early.body.error.message).toContain('silent');
    expect((await figures(office, 'young')).counts).toMatchObject({ inDoubt: 5 });
  });

  it('taken: they wait for their receipts, count as contacts and are not sent again', async () => {
    const numbers = await lost('taken', 8);
    await office.pass(11);
    expect((await settle('taken', 'taken')).body).toMatchObject({ settled: 8, blast: { counts: { inDoubt: 0, submitted: 8 } } });
    expect(await touches('taken')).toEqual([{ state: 'confirmed', n: 8 }]);
    fake.answer = taken;
    await office.pass(2);
    expect(fake.heard.get('silent')?.length).toBe(8);
    await deliver(numbers);
    expect(await figures(office, 'taken')).toMatchObject({ state: 'done', counts: { delivered: 8 } });
  });

  it('never came: their touches are given back, and they go once more, through the gate', async () => {
    const numbers = await lost('never', 6);
    const { db } = office.test;
    await db.tx((tx) =>
      office.test.app.get(ContactCommands, { strict: false }).block(tx, {
        ...{ number: numbers[0] ?? '', channel: 'all', scope: 'all', reason: 'x', source: 'test', actorId: null },
      }),
    );
    await office.pass(11);
    fake.answer = taken;
    expect((await settle('never', 'never_came')).body).toMatchObject({ settled: 6 });
    await office.drain();
    expect(fake.heard.get('silent')?.length).toBe(6 + 5);
    expect((await figures(office, 'never')).counts).toMatchObject({ inDoubt: 0, submitted: 5, refused: 1 });
    const audit = await db.one(sql`select detail from staff.audit_entry where action = 'blast.doubts-settled' and object_id = 'never'`);
    expect(audit).toEqual({ detail: { gateway: 'silent', found: 'never_came', reason: '网关后台，王工', people: 6 } });
  });

  it('leaves nobody planned in a blast that was cancelled meanwhile', async () => {
    await lost('over', 4);
    await office.planner.post('/sms/blasts/over/cancel');
    await office.pass(11);
    expect((await settle('over', 'never_came')).body).toMatchObject({ settled: 4, blast: { state: 'cancelled' } });
    await office.drain();
    expect((await figures(office, 'over')).counts).toMatchObject({ inDoubt: 0, queued: 0, refused: 4 });
    expect(fake.heard.get('silent')?.length).toBe(4);
  });

  it('what was cut ahead of a cancel is given back to nobody', async () => {
    fake.answer = taken;
    fake.meanwhile = () => office.planner.post('/sms/blasts/ahead/cancel');
    const numbers = await lost('ahead', 3_000);
    const { counts, state } = await figures(office, 'ahead');
    const heard = fake.heard.get('silent')?.length ?? 0;
    expect(heard).toBeLessThan(numbers.length);
    expect({ state, counts }).toMatchObject({ state: 'cancelled', counts: { queued: 0, submitted: heard, refused: numbers.length - heard } });
  });

  it('a receipt that comes first wins: nothing is left to settle', async () => {
    const numbers = await lost('heard', 3);
    await office.pass(11);
    const receipts = office.test.app.get(ReceiptsCommands, { strict: false });
    const rows = await office.test.db.rows<{ id: string }>(sql`select id from messaging.message where number = any(${numbers}::text[])`);
    await office.test.db.tx((tx) =>
      receipts.append(
        tx,
        'silent',
        rows.map(({ id }) => ({ messageId: id, ref: null, state: 'delivered', networkCode: null })),
      ),
    );
    expect((await settle('heard', 'never_came')).status).toBe(409);
    expect((await figures(office, 'heard')).counts).toMatchObject({ delivered: 3 });
  });

  it('asks for an answer and a reason, of planners and supervisors in their own part of the tree', async () => {
    expect((await settle('taken', 'perhaps')).body.error).toMatchObject({ param: 'found' });
    expect((await settle('taken', 'taken', ' ')).body.error).toMatchObject({ param: 'reason' });
    const form = { gateway: 'silent', found: 'taken', reason: 'x' };
    expect((await (await office.house('planner-w')).post('/sms/blasts/taken/doubts', form)).status).toBe(404);
    expect((await (await office.house('m01')).post('/sms/blasts/taken/doubts', form)).status).toBe(403);
  });

  it('by the page: what is found is noted there, and what was typed stays after a refusal', async () => {
    await lost('page', 2);
    const planner = await logIn(office.test, 'planner-e');
    expect((await planner.get('/sms/blasts/page/doubts')).text).toContain('都还不到10分钟');
    await office.pass(11);
    expect((await planner.get('/sms/blasts/page/messages?state=inDoubt')).text).toContain('/sms/blasts/page/doubts');
    expect((await planner.get('/sms/blasts/page/doubts')).text).toMatch(
      /<th scope="row">silent（[^<]+）<\/th>[^]*<option value="silent">silent（[^<]+） · 2<\/option>/,
    );
    const refused = await planner.post('/sms/blasts/page/doubts', { gateway: 'silent', reason: '问过王工' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('问过王工');
    const done = await planner.post('/sms/blasts/page/doubts', { gateway: 'silent', found: 'taken', reason: '问过王工' });
    expect(done.status).toBe(303);
    expect((await planner.get('/sms/blasts/page')).text).toContain('2条已登记为网关收到');
    expect((await planner.get('/sms/blasts/page/doubts')).text).toContain('没有存疑的短信');
  });
});
