import type { Response } from 'supertest';
import { MovedLines } from '../../../src/calls/moved-lines.commands.js';
import { MergedAudiences } from '../../../src/campaigns/merged-audiences.commands.js';
import { MergedCare } from '../../../src/care/merged-care.commands.js';
import { MergedMessages } from '../../../src/messaging/merged-messages.commands.js';
import { MergedCases } from '../../../src/retention/cases/merged-cases.commands.js';
import { rawSql, sql } from '../../../src/platform/database/sql.js';
import { tickSchedules } from '../../support/drain-jobs.js';
import { handIn } from '../../support/hand-in.js';
import type { ApiClient } from '../../support/house.js';
import { MISCOUNTED } from '../../support/miscounted.js';
import { logIn } from '../../support/visitor.js';
import { addSegment, addTemplate, openPostOffice, type PostOffice } from '../messaging/post-office.js';

const [FIRST, SECOND, THIRD] = ['13800138000', '13800138001', '13800138002'];
/** Where a row is of the shell for good: what a file said of it itself, and what was thought of it. */
const STAYS = ['customers.profile_fact', 'retention.health_change'];

let office: PostOffice;
let planner: ApiClient;
let id: string;
let shell: string;
let third: string;
let ticket: string;
let figuresBefore: unknown;

async function body<T>(sent: Promise<Response>): Promise<T> {
  const answer = await sent;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  await office.drain();
  return answer.body as T;
}
const feed = (query: string, text: string): Promise<unknown> => handIn(office.test, planner, `feed=${query}`, text);
const rows = (text: ReturnType<typeof sql>): Promise<unknown[]> => office.test.db.rows(text);
const ownerOf = async (phone: string): Promise<string> =>
  (await office.test.db.one<{ id: string }>(sql`select customer_id as id from customers.line where number = ${`+86${phone}`}`)).id;
const taskOf = async (campaign: string, customer = shell): Promise<string> =>
  (
    await office.test.db.one<{ id: string }>(sql`
      select t.id from calls.task t join campaigns.campaign c on c.id = t.campaign_id
      where c.code = ${campaign} and t.customer_id = ${customer} order by t.id limit 1`)
  ).id;
/** All the counts that are kept of calls, brought up to date. */
async function figures(): Promise<unknown> {
  await rows(sql`select reports.settle_rollups()`);
  return office.test.db.one(sql`
    select sum(attempts) as attempts, sum(connected) as connected, sum(converted) as converted, sum(orders_open) as orders, sum(first_dials) as first
    from reports.funnel_day where campaign_id <> 0`);
}

async function call(who: ApiClient, task: string, form: object): Promise<void> {
  await body(who.post(`/tasks/${task}/claim`));
  await body(who.post(`/tasks/${task}/attempts`, { talkSeconds: 60, ...form }));
  office.test.clock.advance(60_000);
}

/** What happens to the customer under the second number, before it is known whose it is; some of it under the first one, too. */
async function happen(): Promise<void> {
  const manager = await office.house('m02');
  await feed('star-changes', `phone,old_star,new_star,changed_on\n${SECOND},6,7,2026-11-02\n`);
  const { version } = await body<{ version: number }>(planner.get('/care/rules/star-revisit'));
  await body(planner.put('/care/rules/star-revisit', { enabled: true, version }));
  await body(planner.post('/care/plan-runs', { date: '2026-11-24' }));
  await body(planner.post('/campaigns', { code: 'c1', name: '春季', kind: 'marketing', startsOn: '2026-11-01', filter: { starLevel: [7] } }));
  await body(planner.post('/campaigns/c1/launch'));
  const salon = { kind: 'salon', title: '沙龙', place: '营业厅', day: '2026-12-05', from: '14:00', to: '16:00' };
  const event = await body<{ id: string }>(planner.post('/care/events', salon));
  await body(planner.post(`/care/events/${event.id}/invitations`, { phones: [FIRST, SECOND, THIRD] }));
  const benefit = {
    kind: 'cinema',
    partner: '影城',
    benefit: '买一赠一',
    redeem: '出示会员码',
    stars: [7],
    validFrom: '2026-11-01',
    validUntil: '2026-12-31',
  };
  const offer = await body<{ id: string }>(planner.post('/care/partner-offers', benefit));
  for (const customer of [shell, third]) await body(planner.post(`/customers/${customer}/partner-offers`, { offer: offer.id, usedOn: '2026-11-24' }));
  await body(manager.post(`/care/events/${event.id}/answers`, { customer: shell, answer: 'yes' }));
  await call(manager, await taskOf('star-revisit'), {
    outcome: 'reached',
    topics: ['bill'],
    note: '聊到账单',
    promises: [{ kind: 'other', text: '问清宽带覆盖' }],
  });
  await call(manager, await taskOf('c1'), { outcome: 'converted', order: { product: '宽带', orderNo: 'D1', termsRead: true } });
  await body(manager.post(`/tasks/${await taskOf('c1')}/sms`, { template: 'after-call' }));
  await office.pass(1);
  await addSegment(
    office.test.db,
    'news',
    [FIRST, SECOND, THIRD].map((phone) => `+86${phone}`),
  );
  await body(planner.post('/sms/blasts', { code: 'news', template: 'after-call', segment: 'news', gateway: 'simulator' }));
  // before the first batch
  expect((await planner.post('/sms/blasts/news/start')).status).toBe(200);
  await body(planner.post('/sms/blasts/news/pause'));
  ({ no: ticket } = await body<{ no: string }>(manager.post('/tickets', { kind: 'fault', text: '夜里断网', phone: SECOND })));
  await feed('churn-intent', `phone,source,reason,noted_on\n${FIRST},携转查询,,2026-11-24\n${SECOND},销户申请,,2026-11-24\n`);
}

beforeAll(async () => {
  office = await openPostOffice();
  planner = await office.house('planner-e');
  await addTemplate(office, 'after-call', '{{honorific}}您好，感谢接听', 'service');
  const head = 'phone,name,star_level,manager,sms_consent,call_consent,customer_no\n';
  await feed('customers', `${head}${FIRST},何平,7,m01,是,是,C1\n${SECOND},何平,7,m02,是,是,\n${THIRD},何平,7,m02,是,是,\n`);
  [id, shell, third] = [await ownerOf(FIRST), await ownerOf(SECOND), await ownerOf(THIRD)];
  await happen();
  figuresBefore = await figures();
  await feed('customers', `phone,customer_no\n${SECOND},C1\n${THIRD},C1\n`);
});
afterAll(() => office.test.close());

describe('CUS-1 a customer known without number turns out to be another one', () => {
  it('nothing stands with the old id any more, in whatever table', async () => {
    const tables = await office.test.db.rows<{ name: string }>(sql`
      select a.attrelid::regclass::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
      where a.attname = 'customer_id' and c.relkind in ('r', 'p') and not c.relispartition order by 1`);
    expect(tables.length).toBeGreaterThan(30);
    await figures();
    const leftWith = async (customer: string): Promise<string[]> => {
      const left: string[] = [];
      for (const { name } of tables)
        if (!STAYS.includes(name) && (await rows(sql`select from ${rawSql(name)} where customer_id = ${customer} limit 1`)).length > 0)
          left.push(name);
      return left;
    };
    expect(await leftWith(shell)).toEqual([]);
    // used on the same day with another number: twice
    expect(await leftWith(third)).toEqual(['care.partner_use']);
  });

  it('CUS-4 the page of the customer tells all of it, and is what the old address shows', async () => {
    const { items } = await body<{ items: { kind: string }[] }>((await office.house('m01')).get(`/customers/${id}/timeline`));
    const kinds = items.map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['attempt', 'message', 'ticket', 'promise']));
    expect(kinds.filter((kind) => kind === 'attempt')).toHaveLength(2);
    const page = await logIn(office.test, 'm01');
    expect((await page.get(`/customers/${shell}`)).headers.location).toBe(`/customers/${id}`);
    expect((await page.get(`/customers/${id}/promises`)).text).toContain('问清宽带覆盖');
    expect((await body<{ id: string }>(planner.get(`/customers/${shell}`))).id).toBe(id);
  });

  it('CAR-1 the visit that was paid counts: nobody visits again, and a plan run promises nothing more', async () => {
    const due = sql`select state, done_by_attempt is not null as done from care.due where customer_id = ${id} and rule_code = 'star-revisit'`;
    expect(await rows(due)).toEqual([{ state: 'done', done: true }]);
    await body(planner.post('/care/plan-runs', { date: '2026-11-25' }));
    expect(await rows(due)).toHaveLength(1);
    const open = sql`
      select c.code from calls.task t join campaigns.campaign c on c.id = t.campaign_id where t.customer_id = ${id} and t.state in ('open', 'claimed') order by 1`;
    expect(await rows(open)).toEqual([{ code: 'retention' }]);
  });

  it('CAM-7, CAM-9 the figures are what they were, and what counting gives; the sale is the customer’s', async () => {
    expect(await figures()).toEqual(figuresBefore);
    expect(await office.test.db.one(sql`select reports.correct_rollups()::int as n`)).toEqual({ n: 0 });
    expect(await rows(sql`select customer_id as id from calls.sales_order where order_no = 'D1'`)).toEqual([{ id }]);
    const { items } = await body<{ items: { customer: { id: string } }[] }>((await office.house('supervisor-e')).get('/orders'));
    expect(items).toHaveLength(1);
  });

  it('told again, nothing moves any more', async () => {
    const { app } = office.test;
    const state = (): Promise<unknown[]> =>
      Promise.all([
        rows(sql`select id, xmin::text from calls.task order by id`),
        rows(sql`select id, xmin::text from retention.churn_case order by id`),
        rows(sql`select rule_code, cycle, xmin::text from care.due where customer_id = ${id} order by 1, 2`),
        rows(sql`select line_id, xmin::text from campaigns.audience order by campaign_id, line_id`),
      ]);
    const before = await state();
    for (const who of [MovedLines, MergedCare, MergedCases, MergedAudiences, MergedMessages]) await app.get(who, { strict: false }).follow();
    expect(await state()).toEqual(before);
  });

  it('SMS-3 what is still to be written is written once', async () => {
    const states = sql`
      select r.state, r.reason, r.customer_id = ${id} as mine from messaging.recipient r join messaging.blast b on b.id = r.blast_id where b.code = 'news' order by 1`;
    expect(await rows(states)).toEqual([
      { state: 'planned', reason: null, mine: true },
      { state: 'refused', reason: 'duplicate', mine: true },
      { state: 'refused', reason: 'duplicate', mine: true },
    ]);
    expect(await rows(rawSql(MISCOUNTED))).toEqual([]);
  });

  it('CAR-10 an invitation stands once, with what was said to either', async () => {
    expect(await rows(sql`select customer_id as id, answer from care.invitation`)).toEqual([{ id, answer: 'yes' }]);
  });

  it('TIC-1 the ticket is on the list of the customer’s manager', async () => {
    const { items } = await body<{ items: { no: string }[] }>((await office.house('m01')).get(`/tickets`));
    expect(items.map(({ no }) => no)).toEqual([ticket]);
  });

  it('RET-1 of two cases one goes on, with the signs of both and one call; marketing rests by it alone', async () => {
    const cases = await rows(sql`select state, customer_id = ${id} as mine from retention.churn_case order by state`);
    expect(cases).toEqual([
      { state: 'open', mine: true },
      { state: 'withdrawn', mine: true },
    ]);
    const signs = sql`select s.source_code as source from retention.sign s join retention.churn_case k on k.id = s.case_id where k.state = 'open' order by 1`;
    expect(await rows(signs)).toEqual([{ source: 'portability-query' }, { source: 'termination' }]);
    expect(await rows(sql`select customer_id as id from contact.v_protection where kind = 'retention'`)).toEqual([{ id }]);
  });

  it('CAM-2 a list has the customer once, the other line as a duplicate', async () => {
    const lines = sql`
      select a.excluded from campaigns.audience a join campaigns.campaign c on c.id = a.campaign_id where c.code = 'c1' and a.customer_id = ${id} order by 1`;
    expect(await rows(lines)).toEqual([{ excluded: 'duplicate' }, { excluded: 'duplicate' }, { excluded: null }]);
  });

  it('SYS-6 what is known of the customer is known of both; what is forgotten is forgotten of both', async () => {
    const admin = await office.house('admin');
    const { sections, formerly } = await body<{ sections: { calls: { attempts: unknown[] } }; formerly: { customerId: string }[] }>(
      admin.get(`/customers/${id}/export`),
    );
    expect([sections.calls.attempts.length, formerly.map(({ customerId }) => customerId)]).toEqual([2, [shell, third]]);
    await body(admin.post(`/customers/${id}/erase`, { reason: '客户要求' }));
    expect(await rows(sql`select from calls.attempt where note is not null`)).toEqual([]);
  });
});

describe('RET-1 a customer who applied to port out turns out to be another one', () => {
  it('who is asked to stay with no number any more', async () => {
    const [known, applied] = ['13800138003', '13800138004'];
    await feed('customers', `phone,name,manager,call_consent,customer_no\n${known},王芳,m01,是,C2\n${applied},王芳,m01,是,\n`);
    await feed('churn-intent', `phone,source,reason,noted_on\n${known},销户申请,,2026-11-24\n${applied},携转申请,,2026-11-24\n`);
    const asked = sql`
      select k.state, t.state as call from retention.churn_case k join retention.case_task x on x.case_id = k.id join calls.task t on t.id = x.task_id
      where k.customer_id = ${await ownerOf(known)}`;
    expect(await rows(asked)).toEqual([{ state: 'open', call: 'open' }]);
    await feed('customers', `phone,customer_no\n${applied},C2\n`);
    expect(await rows(asked)).toEqual([{ state: 'stopped', call: 'cancelled' }]);
  });
});

/** Last: its night passes for the tokens of everybody, too. */
describe('CUS-1 what was being written by the old id while its customer was merged', () => {
  it('follows in the night', async () => {
    await rows(sql`insert into care.replan (customer_id, rule_code, cycle, why, at) values (${shell}, 'birthday', '2026', 'star', '2026-11-24')`);
    office.test.clock.set('2026-11-25T00:20:00+08:00');
    await tickSchedules(office.test.app);
    expect(await rows(sql`select customer_id as id from care.replan where cycle = '2026'`)).toEqual([{ id }]);
  });
});
