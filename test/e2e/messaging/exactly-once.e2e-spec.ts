import { ContactCommands } from '../../../src/contact/contact.commands.js';
import { BlastsCommands } from '../../../src/messaging/blasts/blasts.commands.js';
import { DoubtsCommands } from '../../../src/messaging/doubts/doubts.commands.js';
import { GatewaysCommands } from '../../../src/messaging/gateways/gateways.commands.js';
import { CuttingCommands } from '../../../src/messaging/sending/cutting.commands.js';
import { PacingCommands } from '../../../src/messaging/sending/pacing.commands.js';
import { ReadingLine } from '../../../src/messaging/wording/reading-line.js';
import { ReceiptLog } from '../../../src/messaging/receipts/receipt-log.commands.js';
import { ReceiptsCommands } from '../../../src/messaging/receipts/receipts.commands.js';
import { RepliesCommands } from '../../../src/messaging/replies/replies.commands.js';
import { SendingCommands } from '../../../src/messaging/sending/sending.commands.js';
import { SubmissionCommands } from '../../../src/messaging/sending/submission.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { callAs } from '../../support/house.js';
import { tickSchedules } from '../../support/drain-jobs.js';
import {
  addCrowd,
  addSegment,
  addTemplate,
  atTheGateway,
  type Figures,
  figures,
  numberOf,
  openPostOffice,
  type PostOffice,
  sumOf,
} from './post-office.js';

let office: PostOffice;
let from = 1;

const part = <T>(type: new (...args: never[]) => T): T => office.test.app.get<T>(type, { strict: false });

async function blastOf(code: string, count: number): Promise<string> {
  const numbers = Array.from({ length: count }, () => numberOf(from++));
  await addSegment(office.test.db, code, numbers);
  await office.planner.post('/sms/blasts', { code, template: 'note', segment: code, gateway: 'simulator' });
  const started = await office.planner.post(`/sms/blasts/${code}/start`);
  if (started.status !== 200) throw new Error(started.text);
  return (await office.test.db.one<{ id: string }>(sql`select id from messaging.blast where code = ${code}`)).id;
}

async function expectOnce(code: string): Promise<Figures> {
  const sent = await office.test.db.rows<{ number: string; n: number }>(sql`
    select r.number, (select count(*)::int from messaging.simulator_inbox i where i.number = r.number) as n
    from messaging.recipient r join messaging.blast b on b.id = r.blast_id where b.code = ${code}`);
  expect(sent.filter(({ n }) => n !== 1)).toEqual([]);
  const now = await figures(office, code);
  expect(sumOf(now.counts)).toBe(now.audience);
  return now;
}

beforeAll(async () => {
  office = await openPostOffice();
  await addCrowd(office.test.db, 3000);
  await addTemplate(office, 'note', '{{honorific}}您好，您的业务已办理', 'service');
  await addTemplate(office, 'offer', '{{honorific}}您好，有新优惠');
});
afterAll(() => office.test.close());
beforeEach(async () => {
  office.test.clock.set('2026-11-24T10:00:00+08:00');
  await part(GatewaysCommands).configureSimulator('simulator', {});
  await office.test.db.run(sql`update messaging.gateway set down_until = null, failures = 0`); // its rest would last longer than the clock has gone
});

describe('exactly one message (SMS-3, R1)', () => {
  it('R2 four workers on one blast send each message once', async () => {
    const id = await blastOf('workers', 1200);
    const sending = part(SendingCommands);
    await Promise.all([1, 2, 3, 4].map(() => sending.sendBatch(id)));
    await office.drain();
    await office.pass(1);
    expect(await expectOnce('workers')).toMatchObject({ state: 'done', counts: { delivered: 1200 } });
  });

  it('R7 leaves the wake-up of the next batch with the lock of this one: nobody can find it and the lock still taken', async () => {
    const id = await blastOf('woken', 700);
    await office.test.db.run(sql`
      create function lock_held() returns trigger language plpgsql as $$ begin
        if not exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) then raise exception 'the wake-up leaves before the lock'; end if;
        return new;
      end $$`);
    await office.test.db.run(sql`
      create trigger lock_held before insert on platform.outbox for each row when (new.job = 'messaging.send-batch') execute function lock_held()`);
    try {
      await part(SendingCommands).sendBatch(id);
    } finally {
      await office.test.db.run(sql`drop function lock_held cascade`);
    }
    const woken = await office.test.db.rows(sql`select from platform.outbox where job = 'messaging.send-batch' and payload->>'blastId' = ${id}`);
    expect(woken.length).toBeGreaterThan(0);
    await office.drain();
    await office.pass(1);
    expect(await expectOnce('woken')).toMatchObject({ state: 'done', counts: { delivered: 700 } });
  });

  it('a cut beside others reads to the last line only: who comes back meanwhile may need another gateway, which the next run chooses', async () => {
    const id = await blastOf('came-back', 30);
    const line = new ReadingLine();
    const first = await part(CuttingCommands).cut(id, { line });
    if (first.kind !== 'batch') throw new Error('no batch');
    await part(SubmissionCommands).giveBack(first.intents);
    expect(await part(CuttingCommands).cut(id, { line })).toMatchObject({ kind: 'idle' });
    await office.drain(); // the run that the start has woken
    await office.pass(1);
    expect(await expectOnce('came-back')).toMatchObject({ state: 'done', counts: { delivered: 30 } });
  });

  it('GOV-4 a batch whose pace carries it beyond the window goes no further, and goes on when it opens', async () => {
    const id = await blastOf('slow-evening', 30);
    office.test.clock.set('2026-11-24T20:59:59+08:00');
    const cut = await part(CuttingCommands).cut(id);
    if (cut.kind !== 'batch') throw new Error('no batch');
    office.test.clock.set('2026-11-24T21:00:00+08:00');
    await part(SubmissionCommands).send(cut, () => Promise.resolve(cut.account));
    await office.drain();
    expect((await figures(office, 'slow-evening')).counts).toMatchObject({ queued: 30, submitted: 0, inDoubt: 0 });
    office.test.clock.set('2026-11-25T08:00:00+08:00');
    await office.drain();
    await office.pass(1);
    expect(await expectOnce('slow-evening')).toMatchObject({ state: 'done', counts: { delivered: 30 } });
  });

  it('R1 a run that ended well leaves nothing to look for, one that died leaves from when on', async () => {
    const id = await blastOf('left-open', 30);
    const open = async (): Promise<boolean> =>
      (await office.test.db.one<{ open: boolean }>(sql`select open_since is not null as open from messaging.blast where id = ${id}`)).open;
    expect(await open()).toBe(false);
    await part(CuttingCommands).cut(id);
    expect(await open()).toBe(true);
    await part(SendingCommands).sendBatch(id);
    expect((await figures(office, 'left-open')).counts).toMatchObject({ inDoubt: 30, queued: 0 });
    await office.pass(1);
    await office.pass(1);
    expect(await expectOnce('left-open')).toMatchObject({ state: 'done', counts: { delivered: 30 } });
    expect(await open()).toBe(false);
  });

  it('R1 of several batches that died the oldest is looked for too, in whatever order they were cut', async () => {
    const id = await blastOf('left-open-twice', 40);
    const how = { line: new ReadingLine(), most: 20 };
    await part(CuttingCommands).cut(id, how);
    office.test.clock.advance(1000);
    await part(CuttingCommands).cut(id, how);
    expect((await office.test.db.rows(sql`select from messaging.message where blast_id = ${id}`)).length).toBe(40);
    await part(SendingCommands).sendBatch(id);
    expect((await figures(office, 'left-open-twice')).counts).toMatchObject({ inDoubt: 40, queued: 0 });
    await office.pass(1);
    await office.pass(1);
    expect(await expectOnce('left-open-twice')).toMatchObject({ state: 'done', counts: { delivered: 40 } });
  });

  it('a batch that died before the gateway heard of it is asked about, and sent when the gateway never got it', async () => {
    const id = await blastOf('died-before', 30);
    const cut = await part(CuttingCommands).cut(id); // intents are committed, then the process dies
    expect(cut.kind).toBe('batch');
    expect((await figures(office, 'died-before')).counts.queued).toBe(30);
    await part(DoubtsCommands).holdBlast(id);
    expect((await figures(office, 'died-before')).counts).toMatchObject({ inDoubt: 30, queued: 0 });
    await office.pass(1);
    await office.pass(1);
    expect(await expectOnce('died-before')).toMatchObject({ state: 'done', counts: { delivered: 30 } });
    const { kept } = await office.test.db.one<{ kept: number }>(sql`
      select count(*)::int as kept from contact.v_touch where source = 'blast:died-before' and state in ('reserved', 'confirmed')`);
    expect(kept).toBe(30); // what never went out counts against no cap
  });

  it('a batch that died after the gateway took it is never sent again', async () => {
    const id = await blastOf('died-after', 30);
    const cut = await part(CuttingCommands).cut(id);
    if (cut.kind !== 'batch') throw new Error('no batch');
    // the gateway takes the messages, the process dies before it can write that down
    const rows = cut.intents.map(({ id: message, number, body, parts }) => ({ message, number, body, parts }));
    await office.test.db.run(sql`
      insert into messaging.simulator_inbox (gateway_code, message_id, number, body, parts, accepted_at, fate, receipt_at)
      select 'simulator', message, number, body, parts, ${office.test.clock.now()}, 'delivered', ${office.test.clock.now()}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(message uuid, number text, body text, parts smallint)`);
    await office.drain(); // the next batch finds the traces
    expect((await figures(office, 'died-after')).counts).toMatchObject({ inDoubt: 30 });
    await office.pass(1);
    expect((await expectOnce('died-after')).counts).toMatchObject({ queued: 0, inDoubt: 0, submitted: 30 });
  });

  it('a line that breaks before or after the hand-over leaves no doubt for long and no second message', async () => {
    await part(GatewaysCommands).configureSimulator('simulator', { lostBefore: 0.2, lostAfter: 0.2 });
    await blastOf('broken-line', 200);
    await office.drain();
    expect((await figures(office, 'broken-line')).counts.inDoubt).toBeGreaterThan(40);
    for (let i = 0; i < 8; i += 1) await office.pass(1);
    expect(await expectOnce('broken-line')).toMatchObject({ state: 'done', counts: { delivered: 200, inDoubt: 0 } });
  });

  it('SMS-5 failures keep the network’s code, and the seven figures add up', async () => {
    await part(GatewaysCommands).configureSimulator('simulator', { rejected: 0.1, undelivered: 0.1, expired: 0.1, silent: 0.1 });
    await blastOf('failures', 200);
    await office.drain();
    await office.pass(1);
    const now = await figures(office, 'failures');
    expect(sumOf(now.counts)).toBe(200);
    expect(now.state).toBe('running'); // some receipts may still come
    for (const key of ['failed', 'expired', 'submitted', 'delivered']) expect(now.counts[key]).toBeGreaterThan(0);
    const list = await office.planner.get('/sms/blasts/failures/messages?state=failed&limit=500');
    expect(new Set((list.body.items as { networkCode: string }[]).map((item) => item.networkCode))).toEqual(new Set(['REJECTD 008', 'UNDELIV 027']));
    office.test.clock.advance(73 * 3_600_000);
    await tickSchedules(office.test.app);
    const late = await figures(office, 'failures');
    expect(late).toMatchObject({ state: 'done', counts: { submitted: 0 } });
    expect(sumOf(late.counts)).toBe(200);
  });

  it('R42 a receipt that beats the submit mark is kept, a late or doubled one changes nothing', async () => {
    const id = await blastOf('early', 10);
    const cut = await part(CuttingCommands).cut(id);
    if (cut.kind !== 'batch') throw new Error('no batch');
    const receipts = part(ReceiptsCommands);
    const say = (state: 'delivered' | 'undelivered' | 'accepted') =>
      office.test.db.tx((tx) =>
        receipts.append(
          tx,
          'simulator',
          cut.intents.map(({ id: messageId }) => ({ messageId, ref: null, state, networkCode: null })),
        ),
      );
    await say('delivered');
    await receipts.apply();
    expect((await figures(office, 'early')).counts.delivered).toBe(10);
    await part(SubmissionCommands).handOver(cut.account, cut.intents); // its mark comes last
    await say('accepted');
    await say('undelivered');
    await say('delivered');
    await office.drain();
    expect(await expectOnce('early')).toMatchObject({ state: 'done', counts: { delivered: 10, failed: 0 } });
  });

  it('R42 a receipt under the gateway’s own id waits for the mark that names it', async () => {
    const id = await blastOf('by-ref', 1);
    const cut = await part(CuttingCommands).cut(id);
    if (cut.kind !== 'batch') throw new Error('no batch');
    const { db } = office.test;
    const receipts = part(ReceiptsCommands);
    const { last } = await db.one<{ last: string }>(sql`select (coalesce(max(id), 0) + 1)::text as last from messaging.simulator_inbox`);
    await db.tx((tx) => receipts.append(tx, 'simulator', [{ messageId: null, ref: last, state: 'delivered', networkCode: null }]));
    await receipts.apply();
    expect((await figures(office, 'by-ref')).counts.queued).toBe(1);
    await part(SubmissionCommands).handOver(cut.account, cut.intents);
    await receipts.apply();
    expect((await figures(office, 'by-ref')).counts.delivered).toBe(1);
  });

  it('R42 a centre that begins its ids anew speaks of the newer message', async () => {
    const { db, clock } = office.test;
    const receipts = part(ReceiptsCommands);
    for (const code of ['ids-old', 'ids-anew']) {
      const cut = await part(CuttingCommands).cut(await blastOf(code, 1));
      const taken = cut.kind === 'batch' ? cut.intents.map(({ id }) => ({ id, ref: 'anew' })) : [];
      await db.tx((tx) => part(ReceiptLog).accepted(tx, 'simulator', taken));
      await receipts.apply();
      clock.advance(1000);
    }
    await db.tx((tx) => receipts.append(tx, 'simulator', [{ messageId: null, ref: 'anew', state: 'delivered', networkCode: null }]));
    await receipts.apply();
    expect([(await figures(office, 'ids-old')).counts, (await figures(office, 'ids-anew')).counts]).toMatchObject([
      { submitted: 1 },
      { delivered: 1 },
    ]);
  });

  it('GOV-2 an opt-out after the gate has said yes is seen right before the hand-over', async () => {
    const number = numberOf(from++);
    await addSegment(office.test.db, 'last-look', [number]);
    await office.planner.post('/sms/blasts', { code: 'last-look', template: 'offer', segment: 'last-look', gateway: 'simulator' });
    await office.planner.post('/sms/blasts/last-look/start');
    const { id } = await office.test.db.one<{ id: string }>(sql`select id from messaging.blast where code = 'last-look'`);
    const cut = await part(CuttingCommands).cut(id);
    if (cut.kind !== 'batch') throw new Error('no batch');
    expect(cut.intents).toHaveLength(1);
    await office.test.db.tx((tx) =>
      part(ContactCommands).block(tx, { number, channel: 'sms', scope: 'marketing', reason: 'reply', source: 'test', actorId: null }),
    );
    await part(SubmissionCommands).send(cut, () => Promise.resolve(cut.account));
    expect(await figures(office, 'last-look')).toMatchObject({ counts: { refused: 1 }, refusedBy: { opted_out: 1 }, parts: 0 });
    expect((await atTheGateway(office.test.db)).has(number)).toBe(false);
  });

  it.each([
    [{ scope: 'all' }, 'blocked'],
    [{ scope: 'product', productFamily: 'cloud' }, 'opted_out'],
    [{ scope: 'campaign', campaignId: '' }, 'opted_out'],
    [{ scope: 'product', productFamily: 'tv' }, null],
  ] as const)('R18 the last look knows how far it reaches: %o', async (reach, reason) => {
    const { db } = office.test;
    const number = numberOf(from++);
    const code = `look-${number.slice(-4)}`;
    await addSegment(db, code, [number]);
    await office.planner.post('/campaigns', { code, name: code, kind: 'marketing', startsOn: '2026-11-01', productFamily: 'cloud' });
    await office.planner.post('/sms/blasts', { code, template: 'offer', segment: code, gateway: 'simulator' });
    const { campaignId } = await db.one<{ campaignId: string }>(sql`
      update messaging.blast set campaign_id = (select id from campaigns.campaign where code = ${code}) where code = ${code} returning campaign_id as "campaignId"`);
    await office.planner.post(`/sms/blasts/${code}/start`);
    const { id } = await db.one<{ id: string }>(sql`select id from messaging.blast where code = ${code}`);
    const cut = await part(CuttingCommands).cut(id);
    if (cut.kind !== 'batch') throw new Error('no batch');
    const block = { number, channel: 'sms', reason: 'x', source: 'test', actorId: null, ...reach } as const;
    await db.tx((tx) => part(ContactCommands).block(tx, 'campaignId' in reach ? { ...block, campaignId } : block));
    await part(SubmissionCommands).send(cut, () => Promise.resolve(cut.account));
    expect((await figures(office, code)).refusedBy).toEqual(reason ? { [reason]: 1 } : {});
  });

  it('R7 a blast whose wake-up was lost goes on within a minute, and a restart wakes what was running', async () => {
    const { db } = office.test;
    await blastOf('stalled', 3);
    await db.run(sql`delete from platform.outbox where job = 'messaging.send-batch'`);
    await office.pass(1);
    expect((await figures(office, 'stalled')).counts.queued).toBe(3);
    await tickSchedules(office.test.app);
    await office.pass(1);
    expect(await expectOnce('stalled')).toMatchObject({ state: 'done' });
    await blastOf('restarted', 3);
    await db.run(sql`delete from platform.outbox where job = 'messaging.send-batch'`);
    await part(SendingCommands).wakeRunning();
    await office.drain();
    await office.pass(1);
    expect(await expectOnce('restarted')).toMatchObject({ state: 'done' });
  });

  it('R39 the database refuses a message without an allowed touch', async () => {
    const write = (touch: string) =>
      office.test.db.run(sql`
        insert into messaging.message (id, customer_id, line_id, number, touch_id, purpose, body, parts, encoding, gateway_code, state, created_at)
        select platform.uuid_v7(now()), customer_id, id, number, ${touch}::uuid, 'service', 'x', 1, 'gsm7', 'simulator', 'queued', now() from customers.line limit 1`);
    await expect(write('0190a000-0000-7000-8000-000000000000')).rejects.toThrow(/foreign key/);
  });
});

describe('GOV-2 answers a message asked for', () => {
  const template = { code: 'poll', name: '调查', purpose: 'care', signature: '中国电信', body: '{{honorific}}，您还满意吗？满意回Y，不满意回N' };
  const send = async (code: string): Promise<string> => {
    const number = numberOf(from++);
    await addSegment(office.test.db, `seg-${code}`, [number]);
    await office.planner.post('/sms/blasts', { code, template: 'poll', segment: `seg-${code}`, gateway: 'simulator' });
    await office.planner.post(`/sms/blasts/${code}/start`);
    await office.drain();
    await office.pass(1);
    return number;
  };
  const answer = (number: string, body: string): Promise<void> =>
    office.test.db.tx((tx) => part(RepliesCommands).receive(tx, 'simulator', { ref: `${number} ${body}`, number, body }));
  const meanings = (number: string): Promise<object[]> =>
    office.test.db.rows(sql`select body, meaning, expected from messaging.reply where number = ${number} order by id`);
  const blocks = (number: string): Promise<object[]> => office.test.db.rows(sql`select 1 from contact.v_block where number = ${number}`);

  it.each([['TD'], ['退订'], ['t d'], ['ＳＴＯＰ']])('refuses %s as an answer, whatever the message', async (reply) => {
    const refused = await office.planner.post('/sms/templates', { ...template, code: 'wrong', expectedReplies: ['Y', reply] });
    expect(refused.body).toMatchObject({ error: { code: 'expected_reply_stops', param: 'expectedReplies' } });
  });

  it('refuses R in a marketing message, which offers it for opting out itself', async () => {
    const wrong = { ...template, code: 'wrong', purpose: 'marketing', expectedReplies: ['Ｒ'] };
    expect((await office.planner.post('/sms/templates', wrong)).body).toMatchObject({ error: { code: 'expected_reply_stops' } });
  });

  beforeAll(() => part(GatewaysCommands).configureSimulator('simulator', {}));

  it('win over a single letter, in any width, case and spacing; the words stop all the same', async () => {
    const made = await office.planner.post('/sms/templates', { ...template, expectedReplies: ['Y', 'N'] });
    expect(made.body).toMatchObject({ expectedReplies: ['Y', 'N'] });
    expect((await (await callAs(office.test, 'admin')).post('/sms/templates/poll/approve')).status).toBe(200);
    const number = await send('asked');
    for (const body of ['ｎ', ' N 。', '5']) await answer(number, body);
    expect(await blocks(number)).toEqual([]);
    await answer(number, 'ＴＤ');
    expect(await blocks(number)).toHaveLength(1);
    expect(await meanings(number)).toEqual([
      { body: 'ｎ', meaning: 'expected', expected: 'N' },
      { body: ' N 。', meaning: 'expected', expected: 'N' },
      { body: '5', meaning: 'unclear', expected: null },
      { body: 'ＴＤ', meaning: 'opt_out', expected: null },
    ]);
  });

  it('yield to the letter that the message itself offers for opting out, given to the opt-out text after the approval', async () => {
    const admin = await callAs(office.test, 'admin');
    expect((await admin.put('/sms/wording-rules/opt-out', { purpose: 'care', text: '退订回N' })).status).toBe(200);
    const number = await send('offered');
    await answer(number, 'Y');
    expect(await blocks(number)).toEqual([]);
    await answer(number, 'n');
    expect(await blocks(number)).toHaveLength(1);
    await admin.put('/sms/wording-rules/opt-out', { purpose: 'care', text: '' });
    await answer(number, 'N。'); // what was sent is what counts
    expect(await meanings(number)).toMatchObject([{ meaning: 'expected' }, { meaning: 'opt_out' }, { meaning: 'opt_out' }]);
  });

  it('R21 the words that stop are data; a word of consent ends the opt-out that a reply began, and nothing else does', async () => {
    const admin = await callAs(office.test, 'admin');
    const { version, items } = (await admin.get('/contact/rules')).body as { version: string; items: { reason: string; settings: object }[] };
    const set = items.find((rule) => rule.reason === 'opted_out')?.settings as Record<string, string[]>;
    const settings = { 'replyWords.stop': [...(set['replyWords.stop'] ?? []), '不需要'] };
    const number = await send('words');
    await answer(number, '我不需要');
    expect(await blocks(number)).toEqual([]);
    expect((await admin.put('/contact/rules/opted_out', { version, settings })).status).toBe(200);
    await answer(number, '真的不需要了');
    expect(await blocks(number)).toHaveLength(1);
    await answer(number, '好的');
    expect(await blocks(number)).toHaveLength(1);
    await answer(number, '恢复');
    expect(await blocks(number)).toEqual([]);
  });

  it('what was sent without them takes a single letter as an opt-out, also after a new wording', async () => {
    await office.planner.patch('/sms/templates/poll', { signature: '中国电信', body: '{{honorific}}，谢谢您', expectedReplies: [] });
    expect((await (await callAs(office.test, 'admin')).post('/sms/templates/poll/approve')).status).toBe(200);
    const number = await send('thanked');
    await answer(number, 'N');
    expect(await blocks(number)).toHaveLength(1);
  });
});

describe('what customers answer (SMS-5, GOV-2)', () => {
  it('a reply of TD stops the next marketing message, not a service message', async () => {
    await part(GatewaysCommands).configureSimulator('simulator', { optOut: 1 });
    const number = numberOf(from++);
    await addSegment(office.test.db, 'repliers', [number]);
    for (const [code, template] of [
      ['first', 'offer'],
      ['second', 'offer'],
      ['third', 'note'],
    ] as const) {
      await office.planner.post('/sms/blasts', { code, template, segment: 'repliers', gateway: 'simulator' });
      await office.planner.post(`/sms/blasts/${code}/start`);
      await office.drain();
      await office.pass(1);
    }
    expect((await figures(office, 'first')).counts.delivered).toBe(1);
    expect((await figures(office, 'second')).refusedBy).toEqual({ opted_out: 1 });
    expect((await figures(office, 'third')).counts.delivered).toBe(1);
    const replies = await office.test.db.rows(sql`select body, meaning from messaging.reply where number = ${number}`);
    expect(replies).toEqual([
      { body: 'TD', meaning: 'opt_out' },
      { body: 'TD', meaning: 'opt_out' },
    ]);
  });
});

describe('pacing (SMS-4)', () => {
  it('two processes share the rate of one gateway: stretches follow one another', async () => {
    const pacing = part(PacingCommands);
    await office.test.db.run(
      sql`insert into messaging.gateway (code, kind, rate_per_second, created_at) values ('slow', 'simulator', 50, '2027-01-01')`,
    );
    const pace = { gateway: 'slow', gatewayRate: 50, blastId: null, blastRate: null };
    const stretches = await Promise.all([pacing.take(pace, 100), pacing.take(pace, 100), pacing.take(pace, 100)]);
    const waits = stretches.map(({ waitMs }) => waitMs).sort((a, b) => a - b);
    expect(stretches.every(({ gapMs }) => gapMs === 20)).toBe(true);
    const [first = NaN, ...later] = waits;
    expect(first).toBeLessThanOrEqual(0); // at once
    [2000, 4000].forEach((expected, i) => expect(Math.abs((later[i] ?? NaN) - first - expected)).toBeLessThan(250));
  });
});

describe('care’s messages', () => {
  it('R44 planned by eight at once, each customer is in the blast of the rule and day once', async () => {
    const { db } = office.test;
    const numbers = Array.from({ length: 30 }, () => numberOf(from++));
    const recipients = sql`select customer_id, id as line_id, number from customers.line where number = any(${numbers}::text[])`;
    const care = { ruleCode: 'birthday', day: '2026-11-26', templateCode: 'birthday', purpose: 'care', recipients } as const;
    const added = await Promise.all(Array.from({ length: 8 }, () => db.tx((tx) => part(BlastsCommands).planForCare(tx, care))));
    expect(added.reduce((sum, n) => sum + n, 0)).toBe(30);
    expect(await figures(office, 'birthday-2026-11-26')).toMatchObject({ audience: 30, counts: { queued: 30 } });
  });

  it('CAR-4 fill a blast of the rule and day, twice the same customers once, sent from 09:00 to 20:30', async () => {
    const { db, clock } = office.test;
    const numbers = [numberOf(from++), numberOf(from++)];
    const recipients = sql`select customer_id, id as line_id, number from customers.line where number = any(${numbers}::text[])`;
    const plan = () =>
      db.tx((tx) =>
        part(BlastsCommands).planForCare(tx, { ruleCode: 'birthday', day: '2026-11-25', templateCode: 'birthday', purpose: 'care', recipients }),
      );
    expect(await plan()).toBe(2);
    expect(await plan()).toBe(0);
    await office.drain();
    expect((await db.rows(sql`select state, planned_by_care from messaging.blast where code = 'birthday-2026-11-25'`))[0]).toEqual({
      state: 'running',
      planned_by_care: true,
    });
    clock.set('2026-11-25T09:00:00+08:00');
    await office.drain();
    clock.advance(60_000);
    await office.drain();
    const rows = await db.rows<{ state: string; body: string }>(sql`
      select r.state, m.body from messaging.recipient r join messaging.blast b on b.id = r.blast_id join messaging.message m on m.id = r.message_id
      where b.code = 'birthday-2026-11-25'`);
    expect(rows.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
    expect(rows[0]?.body).toMatch(/^【中国电信】客女士，今天是您的生日|^【中国电信】客户\d+女士/);
  });
});
