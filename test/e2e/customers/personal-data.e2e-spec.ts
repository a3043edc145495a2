import type { Response } from 'supertest';
import { checkSign } from '../../../src/customers/id-card/id-card.policy.js';
import { RepliesCommands } from '../../../src/messaging/replies/replies.commands.js';
import { rawSql, sql } from '../../../src/platform/database/sql.js';
import { newSealKey, readSealKey, type SealKey } from '../../../src/platform/sealing/seal-key.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, createHouse, type House, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';

const NAME = '藏云深';
const PHONES = ['13955500001', '13955500002'];
const ID_CARD = '32010219900307271' + checkSign('32010219900307271');
/** What was said and written; no other text of the test holds it. */
const WORDS = [
  '聊到孩子中考',
  'rec-4711',
  '潜水',
  '王小芳',
  '13700137000',
  '东京',
  '流量包62元',
  '要转网',
  '派单备注',
  '回信内容',
  '藏家',
  '藏书生日',
];

let test: TestApp;
let house: House;
let id: string;
let other: string;
let planner: ApiClient;
let supervisor: ApiClient;

async function body<T>(sent: Promise<Response>): Promise<T> {
  const answer = await sent;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as T;
}
const code = ({ status, body: answer }: Response): string => `${status} ${(answer as { error?: { code: string } }).error?.code ?? ''}`;

async function feed(query: string, text: string): Promise<void> {
  await body(planner.upload(`/imports?feed=${query}`, text));
  await drainJobs(test.app);
}

/** One person with something in every module, and a neighbour of the same campaign. */
async function furnish(): Promise<void> {
  const manager = await house('m01');
  await feed(
    'customers',
    `phone,name,gender,star_level,customer_no,line_kind,district,birthday,joined_on,manager,sms_consent,call_consent\n` +
      `${PHONES[0]},${NAME},男,7,JS-77,主卡,鼓楼,1978-10-18,2009-06-18,m01,Y,Y\n${PHONES[1]},${NAME},男,7,JS-77,副卡,鼓楼,1978-10-18,2009-06-18,m01,Y,Y\n` +
      `13955500003,邻居,女,7,JS-78,主卡,鼓楼,1980-01-02,2010-01-01,m01,Y,Y\n1395550000,无名,男,9,,,,,,,,\n+86 139-5550-0001,${NAME},男,9,,,,,,,,\n`,
  );
  ({ id } = await test.db.one<{ id: string }>(sql`select id from customers.customer where customer_no = 'JS-77'`));
  ({ id: other } = await test.db.one<{ id: string }>(sql`select id from customers.customer where customer_no = 'JS-78'`));
  await feed('star-changes', `phone,old_star,new_star,changed_on\n${PHONES[0]},6,7,2026-03-15\n`);
  await feed('roaming', `phone,month,destination,days,fee\n${PHONES[0]},2026-10,东京,5,120\n`);
  await feed('usage', `phone,month,data_quota_mb,data_used_mb\n${PHONES[0]},2026-10,51200,63898\n`);
  await feed('bills', `phone,month,amount,items\n${PHONES[0]},2026-10,261.00,流量包62元\n`);
  await feed('churn-scores', `phone,score,reasons,scored_on\n${PHONES[0]},0.7,要转网,2026-11-01\n`);
  await feed('segment&segment=vip&segmentName=vip', `phone,称呼\n${PHONES[0]},藏家\n13955500003,邻家\n`);
  await body(
    manager.patch(`/customers/${id}`, {
      note: '藏书生日',
      profile: { interests: '潜水', second_contact: '王小芳 配偶 13700137000', actual_user: '王小芳', actual_user_birthday: '农历六月初六' },
    }),
  );
  await body(manager.put(`/customers/${id}/id-card`, { number: ID_CARD }));
  const campaign = { code: 'spring', name: 'spring', kind: 'marketing', startsOn: '2026-11-01', endsOn: '2026-12-31', segment: 'vip' };
  await body(planner.post('/campaigns', campaign));
  await body(planner.post('/campaigns/spring/launch'));
  await drainJobs(test.app);
  await feed('dispatch', `dispatch_no,phone,campaign,deadline,source,note\nPD-1,${PHONES[0]},daily-care,2026-12-20,省平台,派单备注\n`);
  const task = await test.db.one<{ id: string }>(
    sql`select t.id from calls.task t join campaigns.campaign c on c.id = t.campaign_id where t.customer_id = ${id} and c.code = 'spring'`,
  );
  await body(manager.post(`/tasks/${task.id}/claim`));
  const attempt = { outcome: 'no_answer', talkSeconds: 0, note: '聊到孩子中考', recordingRef: 'rec-4711' };
  await body(manager.post(`/tasks/${task.id}/attempts`, attempt, { 'idempotency-key': 'once' }));
  await body(
    manager.post(`/customers/${id}/contacts`, { channel: 'visit', outcome: 'reached', note: '聊到孩子中考' }, { 'idempotency-key': 'kept' }),
  );
  const template = { code: 'hello', name: 'hello', purpose: 'care', signature: '中国电信', body: '{{name}}您好' };
  await body(planner.post('/sms/templates', template));
  await body((await house('admin')).post('/sms/templates/hello/approve'));
  await body(manager.post(`/tasks/${task.id}/sms`, { template: 'hello' }, { 'idempotency-key': 'sms' }));
  await body(planner.post('/sms/blasts', { code: 'sent', template: 'hello', segment: 'vip', gateway: 'simulator' }));
  await body(planner.post('/sms/blasts/sent/start'));
  await drainJobs(test.app);
  test.clock.advance(120_000);
  await drainJobs(test.app);
  const reply = { number: `+86${PHONES[0]}`, body: '回信内容', ref: 'r-1' };
  await test.db.tx((tx) => test.app.get(RepliesCommands, { strict: false }).receive(tx, 'simulator', reply));
  await body(planner.post('/contact/blocks', { phone: PHONES[1], channel: 'call', reason: '本人要求' }));
  await body(
    planner.post('/contact/touches', { phone: PHONES[0], channel: 'visit', purpose: 'service', at: '2026-11-20T10:00:00+08:00', source: '营业厅' }),
  );
  await body((await house('admin')).post('/care/plan-runs', { date: '2026-11-24' }));
  await drainJobs(test.app);
  // last: with an open retention case marketing would have rested
  await feed('churn-intent', `phone,source,reason,noted_on\n${PHONES[0]},营业厅,要转网,2026-11-01\n`);
  const { no } = await test.db.one<{ no: string }>(sql`select no from retention.churn_case where customer_id = ${id}`);
  await body(manager.post(`/retention/cases/${no}/steps`, { deed: 'note', note: '聊到孩子中考' }));
  await body(manager.post(`/retention/cases/${no}/measures`, { kind: 'explain', note: '聊到孩子中考' }));
  // it is over, so that marketing goes on in the tests below
  await body(manager.post(`/retention/cases/${no}/steps`, { deed: 'withdraw', note: '聊到孩子中考' }));
}

const OUTSIDE = ['supervisor-w'];
const PARTS = ['customer', 'contact', 'segments', 'campaigns', 'calls', 'messages', 'care', 'retention', 'tickets', 'files'];

beforeAll(async () => {
  test = await createTestApp({ config: { sealKeys: [readSealKey(newSealKey()) as SealKey] } });
  house = await createHouse(test);
  await body((await house('admin')).post('/users', { username: 'supervisor-w', name: 'x', role: 'supervisor', orgUnit: 'west', password: PASSWORD }));
  [planner, supervisor] = await Promise.all([house('planner-e'), house('supervisor-e')]);
  await furnish();
});
afterAll(() => test.close());

/** Every row of every table as text, table by table. */
async function everything(): Promise<Map<string, string>> {
  const tables = await test.db.rows<{ name: string }>(
    sql`select format('%I.%I', table_schema, table_name) as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts = tables.map(async ({ name }): Promise<[string, string]> => {
    const { text } = await test.db.one<{ text: string | null }>(sql`select string_agg(t::text, ' ') as text from ${rawSql(name)} t`);
    return [name, text ?? ''];
  });
  return new Map(await Promise.all(texts));
}

const tablesWith = async (words: readonly string[]): Promise<string[]> =>
  [...(await everything())].filter(([, text]) => words.some((word) => text.includes(word))).map(([name]) => name);

describe('SYS-6 a person gets a copy of all that is known of them', () => {
  it('by supervisors and administrators of their scope alone', async () => {
    for (const who of ['m01', 'planner-e', 'planner-w'])
      expect(code(await (await house(who)).get(`/customers/${id}/export`))).toBe('403 role_refused');
    for (const who of OUTSIDE) expect(code(await (await house(who)).get(`/customers/${id}/export`))).toBe('404 not_found');
    expect(await test.db.rows(sql`select 1 from staff.audit_entry where action = 'customer.exported'`)).toEqual([]);
  });

  it('from every module, the ID-card number masked, and the export stands in the audit log', async () => {
    const answer = await supervisor.get(`/customers/${id}/export`);
    expect(answer.status).toBe(200);
    const { sections } = answer.body as { sections: Record<string, unknown> };
    expect(Object.keys(sections).sort()).toEqual([...PARTS].sort());
    for (const word of [NAME, ...PHONES, ...WORDS, '本人要求', '营业厅', 'PD-1', 'spring', `3201 **** **** ${ID_CARD.slice(-4)}`])
      expect(answer.text).toContain(word);
    expect(answer.text).not.toContain(ID_CARD);
    expect(answer.text).not.toContain('邻');
    expect(await test.db.rows(sql`select actor, object_id from staff.audit_entry where action = 'customer.exported'`)).toEqual([
      { actor: 'supervisor-e', object_id: id },
    ]);
  });

  it('as a file from the page', async () => {
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get(`/customers/${id}`)).text).toContain(`/customers/${id}/personal-data`);
    const file = await page.get(`/customers/${id}/personal-data/export`);
    expect(file.headers['content-disposition']).toBe(`attachment; filename="customer-${id}.json"`);
    expect(file.text).toContain('潜水');
    expect((await (await logIn(test, 'm01')).get(`/customers/${id}`)).text).not.toContain('personal-data');
  });
});

describe('SYS-6 a person is forgotten', () => {
  it('by supervisors and administrators of their scope alone, with a reason', async () => {
    const erase = async (who: string, reason = 'x1') => code(await (await house(who)).post(`/customers/${id}/erase`, { reason }));
    for (const who of ['m01', 'planner-e']) expect(await erase(who)).toBe('403 role_refused');
    for (const who of OUTSIDE) expect(await erase(who)).toBe('404 not_found');
    expect(await erase('supervisor-e', '')).toBe('422 invalid_input');
    expect(await tablesWith([NAME])).toContain('customers.customer');
  });

  it('not while somebody has them on the line', async () => {
    const manager = await house('m01');
    const task = await test.db.one<{ id: string }>(
      sql`select t.id from calls.task t join campaigns.campaign c on c.id = t.campaign_id where t.customer_id = ${id} and c.code = 'spring'`,
    );
    test.clock.set('2026-11-24T14:10:00+08:00');
    await body(manager.post(`/tasks/${task.id}/claim`));
    expect(code(await supervisor.post(`/customers/${id}/erase`, { reason: '来电要求' }))).toBe('409 erasure_busy');
    expect(await tablesWith([NAME])).toContain('customers.customer');
    await body(manager.post(`/tasks/${task.id}/release`, { reason: 'x' }));
  });

  it('the page says first what goes and what stays, and wants the id once more', async () => {
    const page = await logIn(test, 'supervisor-e');
    const form = (await page.get(`/customers/${id}/personal-data`)).text;
    for (const words of ['删除后无法恢复', '会删除', '会保留', '免打扰与退订，按号码保留', '请同时在源系统办理']) expect(form).toContain(words);
    const slip = await page.post(`/customers/${id}/personal-data/erase`, { reason: '来电要求，核对过身份', confirm: other });
    expect(slip.status).toBe(422);
    expect(slip.text).toContain('输入的客户号与这位客户不一致');
    expect(slip.text).toContain('来电要求，核对过身份');
    expect(await tablesWith([NAME])).toContain('customers.customer');
  });

  it('nothing of them is left anywhere but the blocks of their numbers, and no figure moves', async () => {
    const figures = async () => ({
      funnel: (await planner.get('/campaigns/spring/funnel')).body as unknown,
      blast: (await planner.get('/sms/blasts/sent')).body as unknown,
      counts: await test.db.one(sql`
        select (select count(*) from calls.attempt)::int as attempts, (select count(*) from contact.touch)::int as touches,
               (select count(*) from messaging.message)::int as messages, (select count(*) from care.due)::int as promises,
               (select count(*) from calls.dispatch)::int as dispatches, (select count(*) from customers.customer)::int as customers`),
    });
    const before = await figures();
    const done = await body<{ erasedAt: string; rows: Record<string, Record<string, number>> }>(
      supervisor.post(`/customers/${id}/erase`, { reason: '来电要求，核对过身份' }),
    );
    expect(Object.keys(done.rows).sort()).toEqual([...PARTS].sort());
    expect(done.rows.calls).toMatchObject({ 'calls.dispatch': 1 });
    const local = PHONES.flatMap((phone) => [phone, `${phone.slice(0, 3)}-${phone.slice(3, 7)}-${phone.slice(7)}`]);
    expect(await tablesWith(local)).toEqual(['contact.block']);
    expect(await tablesWith([NAME, ...WORDS, 'JS-77', ID_CARD])).toEqual([]);
    expect(await figures()).toEqual(before);
    const audit = await test.db.rows<{ actor: string; detail: { reason: string } }>(
      sql`select actor, detail from staff.audit_entry where action = 'customer.erased'`,
    );
    expect(audit).toMatchObject([{ actor: 'supervisor-e', detail: { reason: '来电要求，核对过身份' } }]);
  });

  it('the neighbour is untouched', async () => {
    expect((await (await house('m01')).get(`/customers/${other}`)).body).toMatchObject({ name: '邻居', birthday: '1980-01-02' });
    expect(await tablesWith(['邻居'])).toEqual(expect.arrayContaining(['customers.customer', 'messaging.message']));
    expect((await planner.get('/segments/vip')).body).toMatchObject({ members: 1 });
  });

  it('asked again it answers the same and does nothing', async () => {
    const again = await body<{ erasedAt: string; rows: object }>(supervisor.post(`/customers/${id}/erase`, { reason: '再来一次' }));
    expect(again.rows).toEqual({});
    expect(await test.db.rows(sql`select 1 from staff.audit_entry where action = 'customer.erased'`)).toHaveLength(1);
  });

  it('is found by nobody, taught nothing, called by nobody; what happened stays, nobody’s', async () => {
    for (const query of [`phone=${PHONES[0]}`, `name=${encodeURIComponent(NAME)}`, 'name=cys', 'starLevel=7'])
      expect(((await planner.get(`/customers?${query}`)).body as { items: { id: string }[] }).items.map((item) => item.id)).not.toContain(id);
    expect(code(await planner.patch(`/customers/${id}`, { name: NAME }))).toBe('409 customer_erased');
    expect(code(await planner.put(`/customers/${id}/id-card`, { number: ID_CARD }))).toBe('409 customer_erased');
    expect((await planner.get(`/customers/${id}`)).body).toMatchObject({ name: null, lines: [], phone: null, status: 'churned', starLevel: 7 });
    const timeline = (await planner.get(`/customers/${id}/timeline`)).body as { items: { kind: string; text: string | null }[] };
    expect(timeline.items.filter(({ kind }) => kind === 'attempt')).toHaveLength(2);
    expect(timeline.items.every(({ text }) => !text)).toBe(true);
    const page = (await (await logIn(test, 'supervisor-e')).get(`/customers/${id}`)).text;
    expect(page).toContain('按本人要求删除');
    for (const path of ['/campaigns/spring/list', '/today', '/campaigns/spring'])
      expect((await (await logIn(test, path === '/today' ? 'm01' : 'planner-e')).get(path)).status).toBe(200);
    expect(((await planner.get('/tasks?campaign=spring')).body as { items: { state: string }[] }).items.map(({ state }) => state)).toContain(
      'cancelled',
    );
  });

  it('GOV-2 when a file brings the number back, its blocks still work', async () => {
    await feed('customers', `phone,name,manager,sms_consent,call_consent\n${PHONES[0]},新客,m01,Y,Y\n${PHONES[1]},新客,m01,Y,Y\n`);
    const decide = async (phone: string) =>
      (
        (await planner.get(`/contact/decisions?phone=${phone}&purpose=marketing`)).body as {
          now: { call: { reasons: string[] }; sms: { reasons: string[] } };
        }
      ).now;
    expect((await decide(PHONES[0] ?? '')).sms.reasons).toContain('opted_out');
    expect((await decide(PHONES[1] ?? '')).call.reasons).toContain('blocked');
    expect((await planner.get(`/customers/${id}`)).body).toMatchObject({ name: null, lines: [] });
  });
});

/** Tables with a customer, a line or a number in them, and who answers for them: a new one is to be decided by whoever makes it. */
const ANSWERED = {
  customers: ['customer', 'line', 'star_change', 'roaming_use', 'profile_fact', 'package_use', 'bill', 'id_card'],
  contact: ['touch', 'block', 'protection', 'cooling_off', 'foreign_ask', 'test_touch'],
  segments: ['member'],
  campaigns: ['audience'],
  calls: ['task', 'attempt', 'attempt_key', 'sales_order', 'promise', 'dispatch', 'unmatched_record', 'call_leg', 'cti_event'],
  messaging: ['recipient', 'message', 'reply', 'simulator_inbox', 'step_due', 'inbound_part', 'test_send', 'test_number'],
  care: ['due', 'follow_up', 'forecast_miss', 'forecast_row', 'invitation', 'partner_use', 'replan'],
  retention: ['churn_intent', 'churn_score', 'sign', 'churn_case', 'health', 'health_change'],
  tickets: ['ticket'],
  // a colleague's own number, told to customers
  staff: ['app_user'],
  // figures of their calls and no word about them: what is left when they are forgotten
  reports: ['customer_calls', 'customer_change'],
};

it('SYS-6 every table that knows a customer has a holder that answers for it', async () => {
  const found = await test.db.rows<{ name: string }>(sql`
    select distinct c.table_schema || '.' || c.table_name as name
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema') and c.table_name !~ '_(default|[0-9]{6})$'
      and (c.column_name in ('customer_id', 'line_id', 'number', 'phone') or c.table_name in ('customer') and c.table_schema = 'customers')
    order by 1`);
  const answered = Object.entries(ANSWERED).flatMap(([schema, tables]) => tables.map((table) => `${schema}.${table}`));
  expect(found.map(({ name }) => name).filter((name) => !answered.includes(name))).toEqual([]);
});
