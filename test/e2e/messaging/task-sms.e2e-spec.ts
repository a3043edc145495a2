import { sql } from '../../../src/platform/database/sql.js';
import { logIn } from '../../support/visitor.js';
import { addCustomer, addSegment, addTemplate, figures, numberOf, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let taskId: string;

beforeAll(async () => {
  office = await openPostOffice();
  const { db } = office.test;
  const customer = await addCustomer(db, numberOf(1), { manager: 'm01', consent: null });
  await db.run(sql`insert into campaigns.campaign (code, name, kind, state, starts_on, org_unit_id, created_at, updated_at)
    select 'spring', '春季', 'marketing', 'running', '2026-11-01', id, '2026-11-01', '2026-11-01' from staff.org_unit where code = 'east'`);
  const { id } = await db.one<{ id: string }>(sql`
    insert into calls.task (campaign_id, customer_id, line_id, owner_id, due_on, created_at)
    select c.id, ${customer}, l.id, u.id, '2026-11-24', '2026-11-24' from campaigns.campaign c, customers.line l, staff.app_user u
    where c.code = 'spring' and l.customer_id = ${customer} and u.username = 'm01' returning id`);
  taskId = id;
  await addTemplate(office, 'after-call', '{{honorific}}您好，感谢接听，工号{{manager.phone}}', 'service');
  await addTemplate(office, 'advert', '{{honorific}}您好，有新优惠', 'marketing');
});
afterAll(() => office.test.close());

const sendAs = async (username: string, template: string, id = taskId) => (await office.house(username)).post(`/tasks/${id}/sms`, { template });

describe('the after-call message (CAM-5)', () => {
  it('SYS-1 is refused for another manager’s task, an unknown task and a planner', async () => {
    expect((await sendAs('m02', 'after-call')).status).toBe(404);
    expect((await sendAs('m01', 'after-call', '999999')).status).toBe(404);
    expect((await sendAs('m01', 'after-call', 'abc')).status).toBe(404);
    expect((await sendAs('planner-e', 'after-call')).status).toBe(403);
  });

  it('is refused with a template that nobody has approved', async () => {
    await office.planner.post('/sms/templates', { code: 'raw', name: '草稿', purpose: 'service', signature: '中国电信', body: '您好' });
    expect((await sendAs('m01', 'raw')).body.error.code).toBe('template_not_approved');
  });

  it('CAR-5 is no greeting: the client approves its date', async () => {
    await addTemplate(office, 'wish', '{{honorific}}您好，节日快乐', 'greeting');
    expect((await sendAs('m01', 'wish')).body.error).toMatchObject({ code: 'sms_greeting', param: 'template' });
  });

  it('R43 is refused while its signature is filed for none of the ways out', async () => {
    const filing = await (await office.house('admin')).post('/sms/filings/signatures', { signature: '江苏电信', filingNo: 'X-1' });
    expect([filing.status, (await sendAs('m01', 'after-call')).body.error.code]).toEqual([201, 'signature_not_filed']);
    await office.test.db.run(sql`delete from messaging.filed_signature`);
  });

  it('SYS-1 a supervisor of the unit sees what can be sent', async () => {
    const page = await logIn(office.test, 'supervisor-e');
    expect((await page.get(`/tasks/${taskId}/sms`)).text).toContain('感谢接听');
  });

  it('GOV-3 passes the gate: an advertisement without consent is refused, and the ledger keeps the refusal', async () => {
    const refused = await sendAs('m01', 'advert');
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({ code: 'sms_no_consent', message: '客户没有同意营销短信，这条不能发' });
    const kept = await office.test.db.rows(sql`select state, reasons from contact.v_touch where channel = 'sms' and source = 'desk'`);
    expect(kept).toEqual([{ state: 'refused', reasons: ['no_consent'] }]);
  });

  it('tells the manager’s telephone where one is known, else the staff number', async () => {
    const phone = (text: string | null) => office.test.db.run(sql`update staff.app_user set phone = ${text} where username = 'm01'`);
    await phone('138 0013 8000');
    const page = await logIn(office.test, 'm01');
    expect((await page.get(`/tasks/${taskId}/sms`)).text).toContain('工号138 0013 8000');
    await phone(null);
    expect((await page.get(`/tasks/${taskId}/sms`)).text).toContain('工号9m01');
  });

  it('goes out once, under the task’s campaign', async () => {
    const sent = await sendAs('m01', 'after-call');
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({ state: 'queued', parts: 1, text: '【中国电信】陈先生您好，感谢接听，工号9m01' });
    await office.drain();
    await office.pass(1);
    const rows = await office.test.db.rows(sql`
      select m.state, m.task_id::text as task, t.state as touch, c.code from messaging.message m
      join contact.touch t on t.id = m.touch_id join campaigns.campaign c on c.id = t.campaign_id`);
    expect(rows).toEqual([{ state: 'delivered', task: taskId, touch: 'confirmed', code: 'spring' }]);
    expect((await office.test.db.rows(sql`select 1 from messaging.simulator_inbox`)).length).toBe(1);
  });

  it('waits while its gateway is switched off, and goes out once when it is on again', async () => {
    const inbox = async (): Promise<number> => (await office.test.db.rows(sql`select 1 from messaging.simulator_inbox`)).length;
    const before = await inbox();
    const { id } = (await sendAs('m01', 'after-call')).body as { id: string };
    const state = async () => (await office.test.db.one<{ state: string }>(sql`select state from messaging.message where id = ${id}`)).state;
    const active = (on: boolean) => office.test.db.run(sql`update messaging.gateway set active = ${on}`);
    await active(false);
    await office.drain();
    await office.pass(2);
    expect([await state(), await inbox()]).toEqual(['queued', before]);
    await active(true);
    await office.pass(2);
    await office.pass(1);
    expect([await state(), await inbox()]).toEqual(['delivered', before + 1]);
  });

  it('R43 goes another way only where its signature is filed', async () => {
    const { db } = office.test;
    const admin = await office.house('admin');
    const file = async (gateway: string) =>
      (await admin.post('/sms/filings/signatures', { signature: '中国电信', filingNo: `X-${gateway}`, gateway })).status;
    await db.run(
      sql`insert into messaging.gateway (code, kind, rate_per_second, send_window, created_at) values ('spare', 'simulator', 100, 10, '2026-11-24')`,
    );
    expect(await file('simulator')).toBe(201);
    const { id } = (await sendAs('m01', 'after-call')).body as { id: string };
    const stands = () => db.one(sql`select state, gateway_code as gateway from messaging.message where id = ${id}`);
    await db.run(sql`update messaging.gateway set active = code = 'spare'`);
    await office.drain();
    await office.pass(2);
    expect(await stands()).toEqual({ state: 'queued', gateway: 'simulator' });
    expect(await file('spare')).toBe(201);
    await office.pass(2);
    await office.pass(1);
    expect(await stands()).toEqual({ state: 'accepted', gateway: 'spare' });
    await db.run(sql`update messaging.gateway set active = code = 'simulator'`);
    await db.run(sql`delete from messaging.filed_signature`);
  });

  it('R8 what fails before its hand-over is in no doubt, and goes out once the fault is over', async () => {
    const { id } = (await sendAs('m01', 'after-call')).body as { id: string };
    await office.test.db.run(sql`alter table contact.block rename to block_away`); // the last look fails
    await office.drain().catch(() => undefined);
    await office.test.db.run(sql`alter table contact.block_away rename to block`);
    await office.pass(2);
    await office.pass(1);
    expect(await office.test.db.one(sql`select state from messaging.message where id = ${id}`)).toEqual({ state: 'delivered' });
  });

  it('R1 a run that finds the traces of another does not hand over again', async () => {
    const sent = await sendAs('m01', 'after-call');
    await office.test.db.run(sql`update messaging.message set submitted_at = created_at where id = ${(sent.body as { id: string }).id}`);
    await office.drain();
    const state = async () =>
      (await office.test.db.one<{ state: string }>(sql`select state from messaging.message where id = ${(sent.body as { id: string }).id}`)).state;
    expect(await state()).toBe('in_doubt');
    await office.pass(1);
    expect(await state()).toBe('void'); // the gateway never had it
    expect((await office.test.db.rows(sql`select 1 from messaging.simulator_inbox where gateway_code = 'simulator'`)).length).toBe(3);
  });
});

describe('CAM-5 the message page of the desk', () => {
  const sent = (): Promise<number> =>
    office.test.db.one<{ n: number }>(sql`select count(*)::int as n from messaging.message where task_id = ${taskId}`).then(({ n }) => n);

  it('shows each approved text as this customer will read it, the draft not, and sends once however often it is pressed', async () => {
    const page = await logIn(office.test, 'm01');
    const { text } = await page.get(`/tasks/${taskId}/sms`);
    expect(text).toContain('【中国电信】陈先生您好，感谢接听，工号9m01');
    expect(text).toContain('拒收请回复R');
    expect(text).not.toContain('value="raw"');
    const shownAt = /name="shownAt" value="([^"]+)"/.exec(text)?.[1] ?? '';
    office.test.clock.advance(90_000);
    const before = await sent();
    const form = { template: 'after-call', shownAt };
    const answers = await Promise.all([page.post(`/tasks/${taskId}/sms`, form), page.post(`/tasks/${taskId}/sms`, form)]);
    expect(answers.map(({ status, headers }) => `${status} ${headers.location}`)).toEqual(['303 /desk', '303 /desk']);
    expect(await sent()).toBe(before + 1);
  });

  it('GOV-3 says why the gate refuses, with the choice still made', async () => {
    const page = await logIn(office.test, 'm01');
    const refused = await page.post(`/tasks/${taskId}/sms`, { template: 'advert', shownAt: office.test.clock.now().toISOString() });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('客户没有同意营销短信，这条不能发');
    expect(refused.text).toMatch(/value="advert"[^>]* checked/);
  });

  it('SYS-1 is nobody else’s', async () => {
    const page = await logIn(office.test, 'm02');
    expect((await page.get(`/tasks/${taskId}/sms`)).status).toBe(404);
    expect((await page.post(`/tasks/${taskId}/sms`, { template: 'after-call', shownAt: office.test.clock.now().toISOString() })).status).toBe(404);
    expect((await page.get('/tasks/abc/sms')).status).toBe(404);
  });
});

describe('R16 one gate on every path', () => {
  beforeAll(async () => {
    await office.drain();
    office.test.clock.set('2026-11-24T21:30:00+08:00');
  });

  const reached = async (): Promise<number> =>
    (await office.test.db.one<{ n: number }>(sql`select count(*)::int as n from messaging.simulator_inbox`)).n;

  it('at night nothing leaves: not by API, not by hand, not by another system, not by the call desk; each is told until when', async () => {
    const before = await reached();
    await addSegment(office.test.db, 'r16', [numberOf(1)]);
    await office.planner.post('/sms/blasts', { code: 'r16', template: 'after-call', segment: 'r16', gateway: 'simulator' });
    expect((await office.planner.post('/sms/blasts/r16/start')).status).toBe(200);
    await office.drain();
    expect(await figures(office, 'r16')).toMatchObject({ state: 'running', counts: { queued: 1, submitted: 0 } });
    expect((await sendAs('m01', 'after-call')).body.error).toMatchObject({
      code: 'sms_quiet_hours',
      message: expect.stringContaining('11-25 08:00'),
    });
    const page = await logIn(office.test, 'm01');
    await page.get(`/tasks/${taskId}/sms`);
    const byHand = await page.post(`/tasks/${taskId}/sms`, { template: 'after-call', shownAt: office.test.clock.now().toISOString() });
    expect([byHand.status, byHand.text.includes('现在是静默时段')]).toEqual([409, true]);
    for (const channel of ['sms', 'call']) {
      const asked = await office.planner.post('/contact/reservations', { phone: numberOf(1), channel, purpose: 'service' });
      expect([asked.status, asked.body.error.code]).toEqual([409, 'quiet_hours']);
    }
    const manager = await office.house('m01');
    const next = await manager.post('/call-desk/next');
    expect([next.status, next.headers['x-reason']]).toEqual([204, 'quiet_hours']);
    expect((await manager.post(`/tasks/${taskId}/claim`)).status).toBe(409);
    await office.drain();
    expect(await reached()).toBe(before);
  });

  it('R9 what was allowed in the evening and could not leave then does not leave at night: it is over', async () => {
    office.test.clock.set('2026-11-24T20:58:00+08:00');
    const sent = (await sendAs('m01', 'after-call')).body as { id: string };
    office.test.clock.set('2026-11-24T21:01:00+08:00'); // nobody worked meanwhile
    const before = await reached();
    await office.drain();
    expect(await reached()).toBe(before);
    expect(await office.test.db.one(sql`select state from messaging.message where id = ${sent.id}`)).toEqual({ state: 'expired' });
    office.test.clock.set('2026-11-24T21:30:00+08:00');
  });

  it('the windows are on from the first day, nobody empties them, and planners cannot touch the hard ones', async () => {
    const admin = await office.house('admin');
    const { version, items } = (await admin.get('/contact/rules')).body as {
      version: string;
      items: { reason: string; settings: Record<string, unknown> }[];
    };
    const windows = items.find(({ reason }) => reason === 'quiet_hours')?.settings ?? {};
    expect(windows['hardWindow.sms']).toEqual([['08:00', '21:00']]);
    for (const [who, wish] of [
      ['admin', { 'hardWindow.sms': [] }],
      ['planner-e', { 'hardWindow.sms': ['00:00-24:00'] }],
    ] as const) {
      const answer = await (await office.house(who)).put('/contact/rules/quiet_hours', { version, settings: wish });
      expect([answer.status, answer.body.error.param]).toEqual([422, 'hardWindow.sms']);
    }
  });

  it('the database takes no message that the gate did not allow', async () => {
    const { id } = await office.test.db.one<{ id: string }>(sql`select id from contact.touch where not allowed order by id desc limit 1`);
    await expect(
      office.test.db.run(sql`
        insert into messaging.message (id, customer_id, line_id, number, touch_id, purpose, body, parts, encoding, gateway_code, state, created_at)
        select gen_random_uuid(), customer_id, id, number, ${id}, 'service', 'x', 1, 'gsm7', 'simulator', 'queued', now() from customers.line limit 1`),
    ).rejects.toThrow('without an allowed touch');
  });
});
