import { ContactCommands } from '../../../src/contact/contact.commands.js';
import { TestHandOver } from '../../../src/messaging/test-sends/test-hand-over.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { figure } from '../../support/figure.js';
import { goodByeAt } from '../../support/good-bye.js';
import { logIn } from '../../support/visitor.js';
import {
  addCustomer,
  addSegment,
  addTemplate,
  atTheGateway,
  blastMaker,
  figures,
  numberOf,
  openPostOffice,
  type PostOffice,
  sumOf,
} from './post-office.js';

let office: PostOffice;
const { numbers, crowd, createBlast } = blastMaker(() => office);

const start = (code: string) => office.planner.post(`/sms/blasts/${code}/start`);

beforeAll(async () => {
  office = await openPostOffice();
  await addTemplate(office, 'hello', '{{honorific}}您好');
  await addTemplate(office, 'service', '{{honorific}}您好，您的业务已办理', 'service');
  await addTemplate(office, 'saving', '{{honorific}}，每月可省{{save}}元');
});
afterAll(() => office.test.close());
beforeEach(() => office.test.clock.set('2026-11-24T10:00:00+08:00'));

describe('a blast: what is refused at the start', () => {
  it('SMS-1 refuses a template that nobody has approved', async () => {
    await office.planner.post('/sms/templates', { code: 'draft', name: '草稿', purpose: 'marketing', signature: '中国电信', body: '您好' });
    await addSegment(office.test.db, 'for-draft', await crowd(1));
    await createBlast('for-draft', 'draft');
    const answer = await start('for-draft');
    expect(answer.status).toBe(422);
    expect(answer.body.error).toMatchObject({ code: 'template_not_approved', param: 'template' });
    expect(await figures(office, 'for-draft')).toMatchObject({ state: 'draft', audience: 0 });
  });

  it('SMS-1 refuses a variable that is no column of the segment', async () => {
    await addSegment(office.test.db, 'no-column', await crowd(1));
    await createBlast('no-column', 'saving');
    expect((await start('no-column')).body.error).toMatchObject({ code: 'template_variable_unknown', message: expect.stringContaining('save') });
  });

  it('refuses an empty audience, a reversed window, a missing audience, an unknown gateway, and another kind of network', async () => {
    await addSegment(office.test.db, 'empty', []);
    await createBlast('empty', 'hello');
    expect((await start('empty')).body.error.code).toBe('audience_empty');
    const create = (more: object) => office.planner.post('/sms/blasts', { code: 'wrong', template: 'hello', gateway: 'simulator', ...more });
    const reversed = { segment: 'empty', notBefore: '2026-11-24T12:00:00+08:00', notAfter: '2026-11-24T11:00:00+08:00' };
    expect((await create(reversed)).body.error).toMatchObject({ code: 'window_reversed', param: 'notAfter' });
    expect((await create({})).body.error.code).toBe('audience_missing');
    for (const more of [{ gateway: 'nowhere' }, { template: 'nowhere' }, { segment: 'nowhere' }, { fallbackGateways: ['nowhere'] }]) {
      const unknown = await create({ segment: 'empty', ...more });
      expect([unknown.status, unknown.body.error]).toEqual([404, expect.objectContaining({ code: 'not_found', param: Object.keys(more)[0] })]);
    }
    const wish = { code: 'main', host: '10.0.0.1', port: 7890, ratePerSecond: 10, window: 10 };
    const cmpp = await office.planner.post('/sms/gateways', { ...wish, kind: 'cmpp' });
    expect([cmpp.status, cmpp.body.error]).toEqual([422, expect.objectContaining({ code: 'invalid_input', param: 'kind' })]);
  });

  it('CAM-10 says so when a hold-out leaves everybody alone', async () => {
    const { db } = office.test;
    await addSegment(db, 'held', await crowd(12));
    await createBlast('held', 'hello', { holdoutPercent: 50 });
    await db.run(sql`
      delete from segments.member m using segments.segment s, messaging.blast b
      where s.id = m.segment_id and s.code = 'held' and b.code = 'held' and campaigns.bucket('blast/' || b.id, m.customer_id) >= 5000`);
    const refused = await start('held');
    expect(refused.body.error).toMatchObject({ code: 'audience_held_out', param: 'holdoutPercent', message: expect.stringContaining('50%') });
    expect(await figures(office, 'held')).toMatchObject({ state: 'draft', audience: 0 });
  });

  it('SYS-1 refuses other roles and other cities', async () => {
    await addSegment(office.test.db, 'roles', await crowd(1));
    await createBlast('roles', 'hello');
    expect((await (await office.house('m01')).post('/sms/blasts/roles/start')).status).toBe(403);
    expect((await (await office.house('supervisor-e')).post('/sms/blasts/roles/start')).status).toBe(403);
    expect((await (await office.house('planner-w')).post('/sms/blasts/roles/start')).status).toBe(404);
  });

  it('R4 a second start is the running blast, not a second sending', async () => {
    await addSegment(office.test.db, 'again', await crowd(3));
    await createBlast('again', 'service');
    expect((await start('again')).body).toMatchObject({ state: 'running', audience: 3 });
    expect((await start('again')).body).toMatchObject({ state: 'running', audience: 3 });
    await office.drain();
    await office.pass(1);
    const sent = await atTheGateway(office.test.db);
    expect([...sent.values()].every((n) => n === 1)).toBe(true);
    expect((await start('again')).body.error.code).toBe('blast_state');
  });
});

describe('a blast: who gets nothing, and why', () => {
  it('GOV-1, R18, R20 every recipient ends in one state with a reason, and the sum is the audience', async () => {
    const { db } = office.test;
    const [good, noConsent, optedOut, blocked, void_, missing] = numbers(6) as [string, string, string, string, string, string];
    const [main, second] = numbers(2) as [string, string];
    await addCustomer(db, good);
    await addCustomer(db, noConsent, { consent: null });
    await addCustomer(db, optedOut);
    await addCustomer(db, blocked);
    await addCustomer(db, void_);
    await addCustomer(db, missing);
    await addCustomer(db, main, { more: [second] });
    await db.run(sql`update customers.line set health = 'invalid' where number = ${void_}`);
    await addTemplate(office, 'with-package', '{{honorific}}，您的{{package}}');
    await addSegment(db, 'reasons', [good, noConsent, optedOut, blocked, void_, missing, main, second]);
    await createBlast('reasons', 'with-package');
    const answered = (): Promise<number> => figure(office.test, 'starcare_messages_answered_total', 'gateway="simulator",outcome="accepted"');
    const before = await answered();
    await start('reasons');
    // between planning and hand-over
    await db.run(sql`update customers.line set package = null where number = ${missing}`);
    const contact = office.test.app.get(ContactCommands, { strict: false });
    await db.tx((tx) => contact.block(tx, { number: optedOut, channel: 'sms', scope: 'marketing', reason: 'reply', source: 'test', actorId: null }));
    await db.tx((tx) => contact.block(tx, { number: blocked, channel: 'all', scope: 'all', reason: 'asked', source: 'test', actorId: null }));
    await office.drain();
    expect(await figures(office, 'reasons')).toMatchObject({
      audience: 8,
      counts: { submitted: 2, refused: 6, queued: 0 },
      refusedBy: { no_consent: 1, opted_out: 1, blocked: 1, invalid_number: 1, template_variable_missing: 1, duplicate: 1 },
    });
    await office.pass(1);
    const done = await figures(office, 'reasons');
    expect(done).toMatchObject({ state: 'done', counts: { delivered: 2, refused: 6 } });
    expect(sumOf(done.counts)).toBe(done.audience);
    const sent = await atTheGateway(db);
    expect([good, main].map((n) => sent.get(n))).toEqual([1, 1]);
    expect([noConsent, optedOut, blocked, void_, missing, second].some((n) => sent.has(n))).toBe(false);
    expect((await answered()) - before).toBe(2); // SYS-5: how fast messages go out
    const list = await office.planner.get('/sms/blasts/reasons/messages?state=refused');
    expect(list.body.items).toHaveLength(6);
    expect((await office.planner.get('/sms/blasts/reasons/messages?state=delivered')).body.items).toHaveLength(2);
  });

  it('R20 a household number under several names gets one message, to its holder by name; import and blast count what was merged', async () => {
    const { db } = office.test;
    const [shared, second] = numbers(2) as [string, string];
    await addCustomer(db, shared, { name: '王建国', gender: 'male', more: [second] });
    await addTemplate(office, 'by-name', '{{name}}，您好');
    await office.planner.post('/segments', { code: 'household', name: '家庭' });
    const file = `phone,姓名\n${shared},王小明\n${shared},李秀英\n${second},王小明\n`;
    const { id } = (await (await office.house('planner-e')).upload('/imports?feed=segment&segment=household', file)).body as { id: string };
    await office.drain();
    expect((await office.planner.get(`/imports/${id}`)).body).toMatchObject({ read: 3, created: 2, duplicate: 1, rejected: 0 });
    await createBlast('household', 'by-name');
    await start('household');
    await office.drain();
    expect(await figures(office, 'household')).toMatchObject({ audience: 2, refusedBy: { duplicate: 1 } });
    const sent = await db.rows<{ number: string; body: string }>(
      sql`select m.number, m.body from messaging.message m join messaging.blast b on b.id = m.blast_id where b.code = 'household'`,
    );
    expect(sent).toEqual([{ number: shared, body: expect.stringContaining('王建国，您好') as string }]);
  });

  it('GOV-7, R18, R22 the product line of its campaign counts: who refused it, or wants none of it, gets nothing, others do', async () => {
    const { db } = office.test;
    const [good, resting, optedOut] = numbers(3) as [string, string, string];
    await addCustomer(db, good);
    const customerId = await addCustomer(db, resting);
    await addCustomer(db, optedOut);
    await office.planner.post('/campaigns', { code: 'cloud', name: '云盘', kind: 'marketing', startsOn: '2026-11-01', productFamily: 'cloud' });
    await addSegment(db, 'of-cloud', [good, resting, optedOut]);
    await createBlast('of-cloud', 'hello');
    await db.run(sql`update messaging.blast set campaign_id = (select id from campaigns.campaign where code = 'cloud') where code = 'of-cloud'`);
    const contact = office.test.app.get(ContactCommands, { strict: false });
    await db.tx((tx) => contact.coolOff(tx, { customerId, family: 'cloud', from: office.test.clock.now(), cause: 'refused' }));
    const reach = { channel: 'sms', scope: 'product', productFamily: 'cloud', reason: 'asked', source: 'test', actorId: null } as const;
    await db.tx((tx) => contact.block(tx, { number: optedOut, ...reach }));
    await start('of-cloud');
    await office.drain();
    await office.pass(1);
    expect(await figures(office, 'of-cloud')).toMatchObject({ counts: { delivered: 1 }, refusedBy: { cooling_off: 1, opted_out: 1 } });
  });

  it('GOV-5 the third marketing message of a week is refused, and the second blast to the same people says so', async () => {
    const people = await crowd(2);
    for (const code of ['week-1', 'week-2', 'week-3']) {
      await addSegment(office.test.db, code, people);
      await createBlast(code, 'hello');
      await start(code);
      await office.pass(1);
    }
    expect((await figures(office, 'week-2')).counts.delivered).toBe(2);
    expect((await figures(office, 'week-3')).refusedBy).toEqual({ cap_reached: 2 });
  });

  it('GOV-4 waits for the window at night, and goes on at 08:00', async () => {
    office.test.clock.set('2026-11-24T21:30:00+08:00');
    await addSegment(office.test.db, 'night', await crowd(3));
    await createBlast('night', 'service');
    await start('night');
    await office.drain();
    expect(await figures(office, 'night')).toMatchObject({ state: 'running', counts: { queued: 3, submitted: 0 } });
    office.test.clock.set('2026-11-25T08:00:00+08:00');
    await office.drain();
    expect((await figures(office, 'night')).counts).toMatchObject({ queued: 0, submitted: 3 });
    await office.pass(1);
  });

  it('R9 is not started once its latest time has passed: everybody would be expired at once', async () => {
    await addSegment(office.test.db, 'missed', await crowd(1));
    await createBlast('missed', 'service', { notAfter: '2026-11-24T11:00:00+08:00' });
    office.test.clock.set('2026-11-24T11:00:00+08:00');
    const late = await office.planner.post('/sms/blasts/missed/start');
    expect(late.status).toBe(409);
    expect(late.body.error).toMatchObject({ code: 'blast_too_late' });
    expect(late.body.error.message).toContain('2026-11-24 11:00');
    expect((await figures(office, 'missed')).state).toBe('draft');
  });

  it('R9 sends nothing after notAfter: who is left is expired', async () => {
    office.test.clock.set('2026-11-24T20:59:00+08:00');
    await addSegment(office.test.db, 'late', await crowd(3));
    await createBlast('late', 'service', { notBefore: '2026-11-24T20:59:30+08:00', notAfter: '2026-11-24T23:00:00+08:00' });
    await start('late');
    await office.drain();
    office.test.clock.set('2026-11-24T23:00:00+08:00');
    await office.drain();
    expect(await figures(office, 'late')).toMatchObject({ state: 'done', counts: { expired: 3 }, parts: 0 });
  });

  it('waits for notBefore, given without a zone in Shanghai time', async () => {
    await addSegment(office.test.db, 'noon', await crowd(1));
    await createBlast('noon', 'service', { notBefore: '2026-11-24T12:00' });
    await start('noon');
    await office.drain();
    expect((await figures(office, 'noon')).counts.queued).toBe(1);
    office.test.clock.set('2026-11-24T12:00:00+08:00');
    await office.drain();
    expect((await figures(office, 'noon')).counts.submitted).toBe(1);
    await office.pass(1);
  });
});

describe('a blast: pause, resume, cancel (R12)', () => {
  it('nothing more is handed over while paused, and resume finishes it', async () => {
    await addSegment(office.test.db, 'pausing', await crowd(5));
    await createBlast('pausing', 'service');
    await start('pausing');
    const paused = await (await office.house('supervisor-e')).post('/sms/blasts/pausing/pause');
    expect(paused.body.state).toBe('paused');
    await office.pass(1);
    expect((await figures(office, 'pausing')).counts).toMatchObject({ queued: 5, submitted: 0 });
    await office.planner.post('/sms/blasts/pausing/resume');
    await office.drain();
    await office.pass(1);
    expect(await figures(office, 'pausing')).toMatchObject({ state: 'done', counts: { delivered: 5 } });
  });

  it('resume starts no draft: what is checked before a start would not be', async () => {
    await addSegment(office.test.db, 'unstarted', await crowd(1));
    await createBlast('unstarted', 'service');
    const answer = await office.planner.post('/sms/blasts/unstarted/resume');
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([409, 'blast_not_started']);
    expect(await figures(office, 'unstarted')).toMatchObject({ state: 'draft', audience: 0 });
    expect((await start('unstarted')).status).toBe(200);
  });

  it('cancel leaves the rest unsent, with the reason, and cannot be undone', async () => {
    await addSegment(office.test.db, 'cancelling', await crowd(4));
    await createBlast('cancelling', 'service');
    await start('cancelling');
    const answer = await office.planner.post('/sms/blasts/cancelling/cancel');
    expect(answer.body).toMatchObject({ state: 'cancelled', counts: { refused: 4 }, refusedBy: { cancelled: 4 } });
    await office.pass(1);
    expect(sumOf((await figures(office, 'cancelling')).counts)).toBe(4);
    expect((await office.planner.post('/sms/blasts/cancelling/resume')).body.error).toMatchObject({ code: 'blast_state' });
  });
});

describe('a blast: audience by filter', () => {
  it('takes whom the filter matches, of its own unit only', async () => {
    const { db } = office.test;
    await addCustomer(db, numberOf(900_001), { star: 7 });
    await addCustomer(db, numberOf(900_002), { star: 7, unit: 'west-1', manager: 'm11' });
    await office.planner.post('/sms/blasts', { code: 'sevens', template: 'service', filter: { starLevel: [7] }, gateway: 'simulator' });
    await start('sevens');
    const list = await office.planner.get('/sms/blasts/sevens/messages');
    expect((list.body.items as { phone: string }[]).map(({ phone }) => phone)).toEqual([numberOf(900_001)]);
    await office.drain();
    await office.pass(1);
  });

  it('refuses an unknown field of the filter', async () => {
    const answer = await office.planner.post('/sms/blasts', { code: 'odd', template: 'service', filter: { shoeSize: 43 } });
    expect(answer.body.error).toMatchObject({ code: 'filter_field_unknown', param: 'filter.shoeSize' });
  });
});

const refusal = async (sent: Promise<{ status: number; body: { error?: { code: string } } }>): Promise<string> => {
  const { status, body } = await sent;
  return `${status} ${body.error?.code ?? ''}`.trim();
};

describe('R10 a list that changes', () => {
  it('sends once to whoever was taken off it and put back on, before the start and after', async () => {
    const { db } = office.test;
    const [leaver = '', other = ''] = await crowd(2);
    await addSegment(db, 'coming-and-going', [leaver, other]);
    await createBlast('coming-and-going', 'service');
    const member = sql`segment_id = (select id from segments.segment where code = 'coming-and-going') and line_id = (select id from customers.line where number = ${leaver})`;
    const offAndOn = async (): Promise<void> => {
      const [kept] = await db.rows<{ row: object }>(sql`delete from segments.member where ${member} returning to_jsonb(member.*) as row`);
      await db.run(sql`insert into segments.member select (jsonb_populate_record(null::segments.member, ${JSON.stringify(kept?.row)}::jsonb)).*`);
    };
    await offAndOn();
    expect((await office.planner.post('/sms/blasts/coming-and-going/start')).status).toBe(200);
    await offAndOn();
    await office.drain();
    await offAndOn();
    await office.planner.post('/sms/blasts/coming-and-going/start');
    await office.pass(2);
    expect(await figures(office, 'coming-and-going')).toMatchObject({ audience: 2 });
    const sent = await atTheGateway(db);
    expect([leaver, other].map((number) => sent.get(number))).toEqual([1, 1]);
  });
});

describe('R10 a test of a blast goes a way of its own', () => {
  const TESTER = '+8613911110001';
  const tests = (code: string, form: object = { numbers: [TESTER] }) => office.planner.post(`/sms/blasts/${code}/tests`, form);
  const arrived = async (number = TESTER): Promise<number> => (await atTheGateway(office.test.db)).get(number) ?? 0;
  let list: string[];

  beforeAll(async () => {
    list = await crowd(2, { name: '陈志远', package: '畅享套餐' });
    const [long = ''] = await crowd(1, { name: '欧阳若曦', gender: 'female', package: '超级长的套餐名字' });
    await addSegment(office.test.db, 'tested', [...list, long]);
    await createBlast('tested', 'service');
  });

  it('SYS-4 a look at the audience that finds the database away is made when it is back', async () => {
    const { app, db, clock } = office.test;
    const isBack = await goodByeAt(db, 'messaging.audience_check', "new.state = 'done'");
    expect((await office.planner.post('/sms/blasts/tested/check')).status).toBe(202);
    expect((await drainJobs(app, { allowFailures: true })).failed).toHaveLength(1);
    const look = async () => ((await office.planner.get('/sms/blasts/tested/check')).body as { check: { state: string } }).check.state;
    expect(await look()).toBe('running');
    await isBack();
    clock.advance(10_000);
    await office.drain();
    expect(await look()).toBe('done');
  });

  it('R16 goes to test numbers only, and no planner makes a customer one', async () => {
    expect((await tests('tested')).body.error).toMatchObject({ code: 'test_number_unknown', param: 'numbers' });
    expect(await refusal(office.planner.post('/sms/test-numbers', { phone: list[0] }))).toBe('422 test_number_customer');
    expect(await refusal(office.planner.post('/sms/test-numbers', { phone: '12345' }))).toBe('422 test_number_invalid');
    expect((await office.planner.post('/sms/test-numbers', { phone: '139 1111 0001', label: '小顾的手机' })).body.items).toMatchObject([
      { phone: TESTER, label: '小顾的手机' },
    ]);
    expect(await refusal(office.planner.post('/sms/test-numbers', { phone: TESTER }))).toBe('409 test_number_known');
    expect(((await (await office.house('planner-w')).get('/sms/test-numbers')).body as { items: object[] }).items).toEqual([]);
    expect(await refusal((await office.house('planner-w')).post('/sms/blasts/tested/tests', { numbers: [TESTER] }))).toMatch(/^404/);
    expect(await refusal((await office.house('supervisor-e')).post('/sms/blasts/tested/tests', { numbers: [TESTER] }))).toMatch(/^403/);
    expect(await arrived()).toBe(0);
  });

  it('is the text of a real customer, marked as a test, in no queue, no count, no ledger of customers and no funnel', async () => {
    const { db } = office.test;
    const jobs = () => db.rows(sql`select job, payload from platform.outbox where job not like 'messaging.simulator%' order by id`);
    const funnel = () => db.rows(sql`select count(*) as messages from reporting.message`);
    const counts = async () => [
      await figures(office, 'tested'),
      await jobs(),
      await funnel(),
      await db.rows(sql`select id from contact.touch where source like 'test:%'`),
    ];
    const before = await counts();
    expect((await office.planner.post('/sms/blasts/tested/check')).status).toBe(202);
    await office.drain();
    const seen = ((await office.planner.get('/sms/blasts/tested/check')).body as { check: { worst: { text: string }[] } }).check;
    const said = await tests('tested');
    expect(said.status).toBe(200);
    expect(said.body).toMatchObject({
      sent: 1,
      refused: [],
      items: [{ test: true, phone: TESTER, label: '小顾的手机', state: 'accepted', parts: 1 }],
    });
    // by default as whoever has the longest text
    expect((said.body as { items: { text: string }[] }).items[0]?.text).toBe(seen.worst[0]?.text);
    expect((said.body as { items: { text: string }[] }).items[0]?.text).toContain('欧阳女士');
    expect(await arrived()).toBe(1);
    expect(await counts()).toEqual(before);
    expect(await db.rows(sql`select allowed, reasons, source from contact.test_touch`)).toEqual([
      { allowed: true, reasons: [], source: 'test:tested' },
    ]);
    await office.pass(1);
    await office.test.app.get(TestHandOver, { strict: false }).takeReceipts();
    expect((await office.planner.get('/sms/blasts/tested/tests')).body).toMatchObject({ items: [{ state: 'delivered' }] });
    expect(await db.rows(sql`select r.id from messaging.receipt r join messaging.test_send s on s.id = r.message_id`)).toEqual([]);
    expect(await figures(office, 'tested')).toMatchObject({ state: 'draft', audience: 0, parts: 0 });
  });

  it('pressed twice it goes once: at the same moment, a moment later, and with the page’s own word whenever', async () => {
    const already = await arrived();
    const twice = await Promise.all([tests('tested', { numbers: [TESTER], like: list[0] }), tests('tested', { numbers: [TESTER], like: list[0] })]);
    expect(twice.map(({ body }) => (body as { sent: number }).sent).sort()).toEqual([0, 1]);
    expect((await tests('tested', { numbers: ['13911110001'], like: list[0] })).body).toMatchObject({ sent: 0 });
    expect(await arrived()).toBe(already + 1);
    office.test.clock.advance(61_000);
    expect((await tests('tested', { numbers: [TESTER], like: list[0] })).body).toMatchObject({ sent: 1 });
    const planner = await logIn(office.test, 'planner-e');
    const page = (await planner.get('/sms/blasts/tested')).text;
    expect(page).toContain('只发到测试号码');
    expect(page).not.toContain('13911110001');
    const [, press = ''] = /name="press" value="([^"]+)"/.exec(page) ?? [];
    const [, id = ''] = /name="numbers" value="(\d+)"/.exec(page) ?? [];
    office.test.clock.advance(61_000);
    for (let i = 0; i < 2; i += 1) {
      expect((await planner.post('/sms/blasts/tested/tests', { numbers: id, press })).status).toBe(303);
      office.test.clock.advance(120_000);
    }
    expect(await arrived()).toBe(already + 3);
    expect((await planner.get('/sms/blasts/tested')).text).toContain('没有再发');
  });

  it('R16 passes the gate: not at night, not to who wants nothing, not more than twenty a day; the refusal is kept', async () => {
    const { db, app, clock } = office.test;
    clock.set('2026-11-24T22:00:00+08:00');
    expect(await refusal(tests('tested'))).toBe('409 sms_test_quiet_hours');
    clock.set('2026-11-25T10:00:00+08:00');
    const contact = app.get(ContactCommands, { strict: false });
    const block = { number: TESTER, channel: 'sms', scope: 'all', reason: 'asked', source: 'test', actorId: null } as const;
    await db.tx((tx) => contact.block(tx, block));
    expect(await refusal(tests('tested'))).toBe('409 sms_test_blocked');
    await db.tx((tx) => contact.unblock(tx, { ...block, reason: 'again' }));
    await db.run(sql`
      insert into contact.test_touch (id, number, allowed, source, actor_id, at)
      select gen_random_uuid(), ${TESTER}, true, 'test:x', (select min(id) from staff.app_user), ${clock.now()} from generate_series(1, 19)`);
    const already = await arrived();
    for (const said of ['200', '409 sms_test_cap_reached']) {
      clock.advance(61_000);
      expect(await refusal(tests('tested'))).toBe(said);
    }
    expect(await arrived()).toBe(already + 1);
    expect(await db.rows(sql`select distinct reasons from contact.test_touch where not allowed order by 1`)).toEqual([
      { reasons: ['blocked'] },
      { reasons: ['cap_reached'] },
      { reasons: ['quiet_hours'] },
    ]);
    // the database refuses a test that passed no gate (R39)
    await expect(db.run(sql`update messaging.test_send set touch_id = gen_random_uuid()`)).rejects.toThrow(/foreign key/);
    expect(await refusal(start('tested'))).toBe('200');
    expect(await refusal(tests('tested'))).toBe('409 blast_state');
    await office.drain();
    expect(await figures(office, 'tested')).toMatchObject({ audience: 3 });
  });
});
