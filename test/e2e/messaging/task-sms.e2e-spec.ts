import { sql } from '../../../src/platform/database/sql.js';
import { logIn } from '../../support/visitor.js';
import { addCustomer, addTemplate, numberOf, openPostOffice, type PostOffice } from './post-office.js';

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

  it('GOV-3 passes the gate: an advertisement without consent is refused, and the ledger keeps the refusal', async () => {
    const refused = await sendAs('m01', 'advert');
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({ code: 'sms_no_consent', message: '客户没有同意营销短信，这条不能发' });
    const kept = await office.test.db.rows(sql`select state, reasons from contact.v_touch where channel = 'sms' and source = 'desk'`);
    expect(kept).toEqual([{ state: 'refused', reasons: ['no_consent'] }]);
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

  it('R1 a run that finds the traces of another does not hand over again', async () => {
    const sent = await sendAs('m01', 'after-call');
    await office.test.db.run(sql`update messaging.message set submitted_at = created_at where id = ${(sent.body as { id: string }).id}`);
    await office.drain();
    const state = async () =>
      (await office.test.db.one<{ state: string }>(sql`select state from messaging.message where id = ${(sent.body as { id: string }).id}`)).state;
    expect(await state()).toBe('in_doubt');
    await office.pass(1);
    expect(await state()).toBe('void'); // the gateway never had it
    expect((await office.test.db.rows(sql`select 1 from messaging.simulator_inbox`)).length).toBe(1);
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
