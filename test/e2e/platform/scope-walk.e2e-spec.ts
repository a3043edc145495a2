import type { Response } from 'supertest';
import { ExportRegistry } from '../../../src/exports/export-registry.js';
import { rawSql, sql } from '../../../src/platform/database/sql.js';
import { newSealKey, readSealKey, type SealKey } from '../../../src/platform/sealing/seal-key.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, createHouse, type House, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor, visitor } from '../../support/visitor.js';
import { type Route, routesOf } from '../../support/routes.js';
import { walkPages } from './page-walk.js';
import { walkRoles } from './role-walk.js';
import { walkWrongInput } from './wrong-input-walk.js';

let test: TestApp;
let house: House;
let routes: Route[];
/** What a parameter stands for, by what comes before it. */
let foreign: [place: RegExp, value: string][];

/** What only the east may read: the name, the numbers and the codes of its things. */
const SECRET = /藏云深|139 ?5550 ?\d|hidden-/;
/** A refusal page names the address asked for, codes and all, but never what is behind it. */
const BEHIND = /藏云深|139 ?5550 ?\d|hidden-(text|reason)/;
/** Whoever walks would be out. */
const ENDS_LOGINS = ['/logout', '/account/sessions/end'];
const OUTSIDERS = ['m11', 'planner-w', 'supervisor-w', 'judge-w', 'client-w'];

async function body<T>(sent: Promise<Response>): Promise<T> {
  const answer = await sent;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as T;
}

/** One of each thing in the east: customers, segment, campaign with a called and a held task and a dispatch, template, blast, imports, plan run, block. */
async function furnishTheEast(): Promise<void> {
  const [admin, planner, manager] = await Promise.all([house('admin'), house('planner-e'), house('m01')]);
  const file =
    'phone,name,star_level,manager,sms_consent,call_consent\n13955500001,藏云深,7,m01,Y,Y\n13955500002,藏云深,6,m01,Y,Y\n13955500003,藏云深,5,m01,Y,Y\n139555,x,1,m01,Y,Y\n';
  const { id: imported } = await body<{ id: string }>(planner.upload('/imports?feed=customers', file));
  await drainJobs(test.app);
  await body(planner.post('/segments', { code: 'hidden-segment', name: 'hidden-segment' }));
  await body(planner.upload('/imports?feed=segment&segment=hidden-segment', 'phone,month\n13955500001,1\n13955500002,1\n'));
  await drainJobs(test.app);
  await body(planner.upload('/imports?feed=offers', 'code,name,kind,price\nhidden-offer,hidden-offer,套餐,99\n'));
  await body(planner.upload('/imports?feed=churn-scores', 'phone,score,reasons\n13955500001,0.9,hidden-reason\n'));
  await drainJobs(test.app);
  const campaign = { code: 'hidden-campaign', name: 'hidden-campaign', kind: 'marketing', startsOn: '2026-11-01', segment: 'hidden-segment' };
  await body(planner.post('/campaigns', { ...campaign, endsOn: '2026-12-31' }));
  await body(planner.post('/campaigns/hidden-campaign/launch'));
  await drainJobs(test.app);
  const next = async (): Promise<string> => (await body<{ task: { id: string } }>(manager.post('/call-desk/next', {}))).task.id;
  const attempt = await body<{ id: string }>(manager.post(`/tasks/${await next()}/attempts`, { outcome: 'no_answer', talkSeconds: 0 }));
  const task = await next();
  const raw = `phone,started_at,agent_no,cause,talk_seconds,recording_ref\n13955500001,2026-11-24 08:00:00,9m01,16,30,hidden-reason\n`;
  await body(planner.upload('/imports?feed=call-records', raw));
  const dispatched = 'dispatch_no,phone,campaign,deadline\nhidden-dispatch,13955500003,hidden-campaign,2026-12-20\n';
  await body(planner.upload('/imports?feed=dispatch', dispatched));
  await drainJobs(test.app);
  const template = { code: 'hidden-template', name: 'hidden-template', purpose: 'marketing', signature: '中国电信', body: 'hidden-text' };
  await body(planner.post('/sms/templates', template));
  await body(admin.post('/sms/templates/hidden-template/approve'));
  const blast = { code: 'hidden-blast', template: 'hidden-template', segment: 'hidden-segment', gateway: 'simulator' };
  await body(planner.post('/sms/blasts', blast));
  await body(planner.post('/sms/blasts/hidden-blast/start'));
  await body(planner.post('/sms/filings/templates', { template: 'hidden-template', gateway: 'simulator' }));
  await drainJobs(test.app);
  const run = await body<{ id: string }>(planner.post('/care/plan-runs', { date: '2026-11-24' }));
  await drainJobs(test.app);
  await body(planner.get('/care/forecast'));
  const forecast = await test.db.one<{ id: string }>(sql`select max(id)::text as id from care.forecast`);
  const block = await body<{ id: string }>(planner.post('/contact/blocks', { phone: '13955500002', channel: 'all', reason: 'hidden-reason' }));
  const robot = { phone: '13955500003', channel: 'call', purpose: 'service' };
  const reserved = await body<{ id: string }>(planner.post('/contact/reservations', robot));
  const exported = await body<{ id: string }>(planner.post('/exports', { what: 'funnel', filter: { campaign: 'hidden-campaign' } }));
  const supervisor = await house('supervisor-e');
  const benefit = { partner: 'hidden-text', kind: 'cinema', benefit: 'hidden-text', redeem: 'hidden-text', stars: [7] };
  const partnerOffer = await body<{ id: string }>(
    planner.post('/care/partner-offers', { ...benefit, validFrom: '2026-11-01', validUntil: '2026-12-31' }),
  );
  const mark = await body<{ id: string }>(planner.post('/calendar/marks', { kind: 'other', from: '2026-12-01', name: 'hidden-text' }));
  const absence = await body<{ id: string }>(supervisor.post('/users/m01/absences', { from: '2026-12-20', to: '2026-12-21', kind: 'leave' }));
  const salon = { kind: 'salon', title: 'hidden-text', place: 'hidden-text', day: '2026-12-05', from: '14:00', to: '16:00' };
  const event = await body<{ id: string }>(planner.post('/care/events', salon));
  await body(planner.post(`/care/events/${event.id}/invitations`, { phones: ['13955500003'] }));
  const ticket = await body<{ no: string }>(manager.post('/tickets', { kind: 'complaint', text: 'hidden-text', phone: '13955500001' }));
  const noticed = { phone: '13955500002', source: 'termination', note: 'hidden-text' };
  const { no: caseNo } = await body<{ no: string }>(manager.post('/retention/cases', noticed));
  const measure = await body<{ id: string }>(manager.post(`/retention/cases/${caseNo}/measures`, { kind: 'explain', note: 'hidden-text' }));
  const { customer, line } = await test.db.one<{ customer: string; line: string }>(
    sql`select t.customer_id as customer, t.line_id as line from calls.task t where t.id = ${task}`,
  );
  const order = await test.db.one<{ id: string }>(sql`
    insert into calls.sales_order (attempt_id, campaign_id, customer_id, order_no, opened_at)
    select id, campaign_id, customer_id, 'hidden-order', started_at from calls.attempt where id = ${attempt.id} returning id`);
  const answered = await test.db.one<{ id: string }>(sql`
    insert into messaging.reply (gateway_code, gateway_ref, number, customer_id, body, meaning, received_at)
    select 'simulator', 'hidden-reply', number, customer_id, '藏云深', 'unclear', '2026-11-24T02:00:00Z' from customers.line where number = '+8613955500001' returning id`);
  await body(planner.post('/sms/test-numbers', { phone: '13700000001', label: 'hidden-text' }));
  const tester = await test.db.one<{ id: string }>(sql`select max(id)::text as id from messaging.test_number`);
  const filing = await test.db.one<{ id: string }>(sql`select max(id)::text as id from messaging.filed_template`);
  const promise = await test.db.one<{ id: string }>(sql`
    insert into calls.promise (customer_id, attempt_id, kind, text, owner_id, due_on, made_by, made_at)
    select customer_id, id, 'refund', 'hidden-text', manager_id, '2026-11-25', manager_id, started_at from calls.attempt where id = ${attempt.id} returning id`);
  const bulletin = await test.db.one<{ id: string }>(sql`
    insert into reports.bulletin (id, org_unit_id, kind, host, sealed, seal_key_id, times, active, active_since, created_by, created_at, updated_at)
    select gen_random_uuid(), u.org_unit_id, 'json', 'hidden-text', '\\x00', 'none', '{12:00}', false, now(), u.id, now(), now()
    from staff.app_user u where u.username = 'supervisor-e' returning id`);
  const webhook = await test.db.one<{ id: string; delivery: string }>(sql`
    with e as (
      insert into webhooks.endpoint (id, org_unit_id, host, sealed, seal_key_id, events, active, created_by, created_at, updated_at)
      select gen_random_uuid(), u.org_unit_id, 'hidden-text', '\\x00', 'none', '{order.closed}', true, u.id, now(), now()
      from staff.app_user u where u.username = 'planner-e' returning id),
    d as (
      insert into webhooks.delivery (id, endpoint_id, event, body, state, created_at)
      select gen_random_uuid(), id, 'order.closed', 'hidden-text', 'dead', now() from e returning id)
    select e.id, d.id as delivery from e, d`);
  const breach = await test.db.one<{ id: string }>(sql`
    insert into reports.breach (campaign_id, rate, direction, opened_at, seen_at, attempts, connected)
    select id, 'total', 'below', ${test.clock.now()}, ${test.clock.now()}, 200, 20 from campaigns.campaign where code = 'hidden-campaign' returning id`);
  await test.db.run(sql`
    insert into retention.churn_model (code, version, org_unit_id, segment_id, label, positive, parameters, card, in_use, made_by, made_at)
    select 'hidden-model', 1, org_unit_id, id, 'x', 'x', '{"intercept":0,"columns":[]}',
           '{"rows":0,"positives":0,"unlabelled":0,"auc":0.5,"lift":[],"calibration":[],"leftOut":[],"suspicious":[]}', true, created_by, now()
    from segments.segment where code = 'hidden-segment'`);
  foreign = [
    [/models\/:model/, 'hidden-model'],
    [/cases\/:no/, caseNo],
    [/measures\/:measure/, measure.id],
    [/bulletins\/:bulletin/, bulletin.id],
    [/webhooks\/:webhook/, webhook.id],
    [/deliveries\/:delivery/, webhook.delivery],
    [/progress\/:id/, forecast.id],
    [/customers\/:id/, customer],
    [/lines\/:line/, line],
    [/profile\/:field/, 'email'],
    [/tasks\/:id/, task],
    [/attempts\/:id/, attempt.id],
    [/tickets\/:no/, ticket.no],
    [/imports\/:id/, imported],
    [/plan-runs\/:id/, run.id],
    [/blocks\/:id/, block.id],
    [/reservations\/:id/, reserved.id],
    [/exports\/:id/, exported.id],
    [/exports\/files\/:what/, 'hidden-export'],
    [/segments\/:code/, 'hidden-segment'],
    [/campaigns\/:code/, 'hidden-campaign'],
    [/templates\/:code/, 'hidden-template'],
    [/blasts\/:code/, 'hidden-blast'],
    [/gateways\/:code/, 'simulator'],
    [/gateways\/:gateway/, 'simulator'],
    [/replies\/:reply/, answered.id],
    [/filings\/templates\/:filing/, filing.id],
    [/filings\/signatures\/:filing/, '1'],
    [/words\/:word/, '1'],
    [/test-numbers\/:number/, tester.id],
    [/users\/:username/, 'm01'],
    [/tokens\/:id/, '1'],
    [/jobs\/(dead\/)?:id/, '1'],
    [/cti[/-]keys\/:id/, '1'],
    [/orders\/:id/, order.id],
    [/promises\/:id/, promise.id],
    [/marks\/:id/, mark.id],
    [/care\/partner-offers\/:id/, partnerOffer.id],
    [/care\/events\/:id/, event.id],
    [/absences\/:id/, absence.id],
    [/absence-kinds\/:code/, 'leave'],
    [/outcomes\/:outcome/, 'already_has'],
    [/roles\/:role/, 'planner'],
    [/outcome-reasons\/:reason/, 'tariff'],
    [/people\/:username/, 'm01'],
    [/breaches\/:rate/, 'total'],
    [/reports\/breaches\/:id/, breach.id],
    [/variants\/:key/, 'B'],
    [/:action/, 'close'],
    [/:deed/, 'cancel'],
  ];
}

/** Bodies that pass the first check, so that the scope has to say no. */
const BODIES: [RegExp, object][] = [
  [/models\/:model\/use$/, { version: 1 }],
  [/cases\/:no\/steps/, { deed: 'note' }],
  [/cases\/:no\/measures$/, { kind: 'explain' }],
  [/measures\/:measure$/, { decision: 'accept' }],
  [/models\/:model\/(scores|apply)$/, { segment: 'hidden-segment' }],
  [/bulletins\/:bulletin$/, { times: '12:00', active: true }],
  [/webhooks\/:webhook$/, { events: ['ticket.opened'], active: true }],
  [/tasks\/:id\/attempts/, { outcome: 'no_answer', talkSeconds: 0 }],
  [/contacts/, { outcome: 'no_answer', talkSeconds: 0, channel: 'call' }],
  [/blocks\/:id/, { reason: 'x' }],
  [/orders\/:id\/close/, { state: 'failed', reason: 'x' }],
  [/orders\/:id\/evidence/, { identity: 'answers' }],
  [/orders\/:id\/confirm/, { confirmation: 'confirmed', reason: 'x' }],
  [/promises\/:id\/hand-over/, { to: 'm11', why: 'x' }],
  [/lines\/:line\/blocks/, { channel: 'all', reason: 'x' }],
  [/replies\/:reply(\/decision)?$/, { decision: 'kept' }],
  [/api.*templates\/:code$/, { name: 'x', signature: '中国电信', body: '您好' }],
  [/handover\/preview/, { to: ['m11'], moves: 'all' }],
  [/handover/, { to: ['m11'], moves: 'all', why: 'x' }],
  [/tasks\/:id\/release/, { reason: 'x' }],
  [/tasks\/:id\/sms/, { template: 'visit-after-call' }],
  [/attempts\/:id/, { outcome: 'busy', reason: 'x' }],
  [/tickets\/:no\/steps/, { deed: 'urge' }],
  [/blasts\/:code\/tests$/, { numbers: ['13700000001'] }],
  [/templates\/:code\/check/, { segment: 'hidden-segment' }],
  [/^patch .*blasts\/:code$/, { ratePerSecond: 5 }],
  [/blasts\/:code(\/edit)?$/, { template: 'hidden-template', segment: 'hidden-segment', gateway: 'simulator' }],
  [/blasts\/:code\/doubts$/, { gateway: 'simulator', found: 'taken', reason: 'x' }],
  [/templates\/:code\/refuse$/, { version: 1, reason: 'x' }],
  [/templates\/:code\/approve$/, { version: 1 }],
  [/templates\/:code\/preview/, { phones: ['13955500001'] }],
  [/templates\/:code/, { name: 'x', body: 'x', signature: 'x', purpose: 'marketing' }],
  [/rota\/days/, { days: [{ day: '2026-12-01', share: 0 }] }],
  [/rota\/week/, { from: '2026-12-01', shares: null }],
  [/people\/:username\/day/, { day: '2026-12-01', share: '0' }],
  [/people\/:username\/week/, { from: '2026-12-01', week: 'official' }],
  [/redial(-list)?$/, { from: 18 }],
  [/campaigns\/:code\/pool$/, { to: 'm01' }],
  [/campaigns\/:code\/waves$/, { take: 'not_reached' }],
  [/approval\/refuse$/, { reason: 'no need' }],
  [/api.*campaigns\/:code\/sms-step$/, { when: 'before', hours: 4, templates: [{ code: 'hidden-template' }] }],
  [/campaigns\/:code\/edit\/sms/, { when: 'none' }],
  [/absences/, { from: '2026-12-01', to: '2026-12-02', kind: 'leave' }],
  [/segments\/:code\/filter/, { filter: { field: 'starLevel', op: 'in', value: [7] }, version: 1 }],
  [/erase$/, { reason: 'x1' }],
  [/id-card\/reveal/, { reason: 'check' }],
  [/id-card$/, { number: null }],
  [/reveal/, { reason: 'call_back' }],
  [/exports\/:id\/refuse/, { reason: 'no need' }],
  [/port-out(\/|-)taken-back$/, { note: 'x' }],
  [/customers\/:id\/partner-offers/, { offer: '1' }],
  [/events\/:id\/invitations/, { phones: ['13955500001'] }],
  [/events\/:id\/answers/, { customer: '1', answer: 'yes' }],
  [/events\/:id\/attendance/, { customers: ['1'], attended: 'true' }],
  [/events\/:id\/results/, { customer: '1', result: 'none' }],
  [/events\/:id\/cancel/, { reason: 'x' }],
  [/events\/:id(\/edit)?$/, { kind: 'salon', title: 'x', place: 'x', day: '2026-12-05', from: '14:00', to: '16:00' }],
  [
    /api.*care\/partner-offers\/:id$/,
    { partner: 'x', kind: 'fuel', benefit: 'x', redeem: 'x', stars: [7], validFrom: '2026-11-01', validUntil: '2026-12-31' },
  ],
  [
    /care\/partner-offers\/:id$/,
    { partner: 'x', kind: 'fuel', benefit: 'x', redeem: 'x', star7: 'on', validFrom: '2026-11-01', validUntil: '2026-12-31' },
  ],
];

/** What one does not hold is lost to one, whether it exists or not: the answer is the same for a task that never was. */
const NOT_HELD = /tasks\/:id\/(release|attempts|dial)$/;
const refuses = ({ path }: Route, { status }: Response): boolean => [401, 403, 404, ...(NOT_HELD.test(path) ? [409] : [])].includes(status);

/** The address with the east's things in it; null when a parameter is unknown to the walk. */
function addressOf({ path }: Route): string | null {
  const filled = path.replace(/:(\w+)/g, (param, _name, at: number) => {
    const here = path.slice(0, at) + param;
    return foreign.find(([place]) => new RegExp(`${place.source}$`).test(here))?.[1] ?? param;
  });
  return filled.includes('/:') ? null : filled;
}

/** Things everybody shares by intent: the rules of care with their closing lines, those of the gate, the rights of stars and the set-up of retention are the installation's, not a unit's. */
const SHARED = /care\/rules\/:code|closing-lines\/:line|star-rights\/:star|greetings\/:greeting|contact\/rules\/:reason|retention\/setup\/:kind/;
const named = (): Route[] => routes.filter((route) => route.path.includes(':') && !SHARED.test(route.path));
const bodyOf = (route: Route): object => BODIES.find(([place]) => place.test(`${route.method} ${route.path}`))?.[1] ?? {};

function callApi(who: ApiClient | null, route: Route, address: string): Promise<Response> {
  const sent = test.http[route.method](address);
  if (who) void sent.set('authorization', `Bearer ${who.token}`);
  return Promise.resolve(route.method === 'get' ? sent : sent.send(bodyOf(route)));
}

const isApi = (route: Route): boolean => route.path.startsWith('/api/');
const ask = (route: Route, address: string, api: ApiClient, page: PageVisitor): Promise<Response> =>
  isApi(route)
    ? callApi(api, route, address)
    : route.method === 'get'
      ? page.get(address)
      : page.post(address, bodyOf(route) as Record<string, string>);

const WATCHED = [
  ...['customers.customer', 'customers.profile_fact', 'campaigns.campaign', 'segments.segment', 'segments.member', 'calls.task', 'calls.attempt'],
  ...['calls.unmatched_record', 'calls.dispatch', 'calls.promise'],
  ...[
    'messaging.template',
    'messaging.blast',
    'messaging.recipient',
    'messaging.audience_check',
    'messaging.blast_approval',
    'messaging.filed_template',
    'messaging.test_number',
    'messaging.test_send',
    'contact.block',
    'contact.touch',
    'feeds.import',
    'offers.offer',
    'exports.export',
    'care.plan_run',
    'reports.bulletin',
    'reports.bulletin_delivery',
    'webhooks.endpoint',
    'webhooks.delivery',
    'tickets.ticket',
    'tickets.entry',
    'retention.churn_case',
    'retention.entry',
    'retention.measure',
    'care.partner_offer',
    'care.partner_use',
    'care.event',
    'care.invitation',
    'staff.app_user',
    'calendar.day_mark',
    'calendar.absence',
    'calendar.rota_day',
    'calendar.rota_pattern',
  ],
];

/** Everything there is, as one sum a table: no refused write may have moved one. */
async function sums(): Promise<string[]> {
  const told = WATCHED.map(async (table) => {
    const { sum } = await test.db.one<{ sum: string }>(sql`select md5(string_agg(t::text, '' order by t::text)) as sum from ${rawSql(table)} t`);
    return `${table} ${sum}`;
  });
  return Promise.all(told);
}

beforeAll(async () => {
  test = await createTestApp({ config: { sealKeys: [readSealKey(newSealKey()) as SealKey] } });
  house = await createHouse(test);
  const admin = await house('admin');
  for (const role of ['supervisor', 'judge', 'client'])
    await body(admin.post('/users', { username: `${role}-w`, name: role, role, orgUnit: 'west', password: PASSWORD }));
  for (const role of ['judge', 'client'])
    await body(admin.post('/users', { username: `${role}-e`, name: role, role, orgUnit: 'east', password: PASSWORD }));
  routes = routesOf(test);
  await furnishTheEast();
});
afterAll(() => test.close());

it('SYS-1 the walk knows every parameter of every route', () => {
  expect(routes.length).toBeGreaterThan(100);
  expect(named().filter((route) => addressOf(route) === null)).toEqual([]);
});

it('SYS-1 nobody without a login passes any route that is not open', async () => {
  const guest = visitor(test);
  await guest.get('/login');
  const passed: string[] = [];
  for (const route of routes.filter((one) => !one.open)) {
    const address = addressOf(route) ?? route.path;
    const answer = isApi(route) ? await callApi(null, route, address) : await (route.method === 'get' ? guest.get(address) : guest.post(address));
    const refused = answer.status === 401 || (answer.status === 303 && answer.headers.location?.startsWith('/login'));
    if (!refused || BEHIND.test(answer.text)) passed.push(`${answer.status} ${route.method} ${route.path}`);
  }
  expect(passed).toEqual([]);
});

describe.each(OUTSIDERS)('SYS-1 %s, who works in the west,', (who) => {
  it('is refused at every route that names something of the east, and changes nothing there', async () => {
    const [api, page, before] = await Promise.all([house(who), logIn(test, who), sums()]);
    const passed: string[] = [];
    for (const route of named()) {
      const answer = await ask(route, addressOf(route) ?? '', api, page);
      if (!refuses(route, answer) || BEHIND.test(answer.text)) passed.push(`${answer.status} ${route.method} ${route.path}`);
    }
    expect(passed).toEqual([]);
    expect(await sums()).toEqual(before);
  });

  it('reads nothing of the east in any list, count or page', async () => {
    const [api, page] = await Promise.all([house(who), logIn(test, who)]);
    const told: string[] = [];
    for (const route of routes.filter((one) => one.method === 'get' && !one.path.includes(':') && !/health|metrics$/.test(one.path))) {
      const answer = await ask(route, route.path, api, page);
      if (answer.status >= 500 || SECRET.test(answer.text)) told.push(`${answer.status} ${route.path}`);
    }
    expect(told).toEqual([]);
  });
});

describe('SYS-1 an export names things by its filter', () => {
  /** Each export with a filter that names the east's things, and without; the audit log is read above: it repeats what is asked here. */
  function addresses(): string[] {
    const imported = foreign.find(([place]) => place.test('imports/:id'))?.[1] ?? '';
    const things = { campaign: 'hidden-campaign', segment: 'hidden-segment', blast: 'hidden-blast', id: imported, phone: '13955500001' };
    const codes = test.app
      .get(ExportRegistry, { strict: false })
      .all()
      .map(({ code }) => code);
    const filters = ['attempts', 'visitsDue'].flatMap((metric) => [{ metric }, { metric, ...things }]);
    const queries = filters.map((filter) => new URLSearchParams({ ...filter, format: 'csv' }).toString());
    return codes.filter((code) => code !== 'audit').flatMap((code) => queries.map((query) => `/exports/files/${code}?${query}`));
  }

  it.each(OUTSIDERS)('%s takes nothing of the east out by any of them', async (who) => {
    const page = await logIn(test, who);
    const told: string[] = [];
    for (const address of addresses()) {
      const { status, headers, text } = await page.get(address);
      if (status >= 500 || (headers['content-disposition'] && SECRET.test(text))) told.push(`${status} ${address}`);
    }
    expect(told).toEqual([]);
  });

  it('while the east takes them', async () => {
    const page = await logIn(test, 'supervisor-e');
    const full: string[] = [];
    for (const address of addresses()) if (SECRET.test((await page.get(address)).text)) full.push(address.replace(/.*files\/|\?.*/g, ''));
    expect(new Set(full).size).toBeGreaterThan(5);
  });
});

describe('SYS-1 what names a thing of the east in its body or query', () => {
  const PHONE = '13955500001';
  it.each<[string, 'get' | 'post', string, object?]>([
    ['planner-w', 'get', `/contact/decisions?phone=${PHONE}`],
    ['m11', 'get', `/contact/decisions?phone=${PHONE}`],
    ['planner-w', 'post', '/contact/reservations', { phone: PHONE, channel: 'call', purpose: 'marketing' }],
    ['planner-w', 'post', '/contact/touches', { phone: PHONE, channel: 'call', purpose: 'marketing', at: '2026-11-24T09:00:00+08:00', source: 'x' }],
    ['planner-w', 'get', `/care/explanations?phone=${PHONE}&date=2026-11-24`],
    ['m11', 'get', `/care/explanations?phone=${PHONE}&date=2026-11-24`],
    ['planner-w', 'get', '/care/forecast?team=east-1'],
    ['supervisor-w', 'get', '/care/forecast?team=east'],
    ['m11', 'get', '/care/forecast'],
    [
      'planner-w',
      'post',
      '/campaigns',
      { code: 'west-1', name: 'x', kind: 'marketing', startsOn: '2026-11-01', endsOn: '2026-12-31', segment: 'hidden-segment' },
    ],
    ['planner-w', 'post', '/sms/blasts', { code: 'west-1', template: 'hidden-template', segment: 'hidden-segment', gateway: 'simulator' }],
    ['m11', 'post', '/call-desk/next', { campaign: 'hidden-campaign' }],
  ])('%s %s %s is refused', async (who, method, path, form = {}) => {
    const client = await house(who);
    const answer = await (method === 'get' ? client.get(path) : client.post(path, form));
    expect([204, 403, 404, 422]).toContain(answer.status);
    expect(answer.text).not.toMatch(/藏云深/);
  });

  it.each(['phone=13955500001', 'phone=0001', `name=${encodeURIComponent('藏')}`, 'manager=m01'])('a search for %s finds nothing', async (query) => {
    for (const who of ['m11', 'm02', 'planner-w', 'supervisor-w'])
      expect((await body<{ items: [] }>((await house(who)).get(`/customers?${query}`))).items).toEqual([]);
  });

  it.each(['campaign=hidden-campaign', 'phone=13955500001', 'owner=m01'])('a list of tasks with %s is empty', async (query) => {
    for (const who of ['m11', 'planner-w', 'supervisor-w']) {
      const answer = await (await house(who)).get(`/tasks?${query}`);
      expect(answer.status === 404 || (answer.body as { items: [] }).items.length === 0).toBe(true);
    }
  });
});

const behindLogin = () => ({ test, house, addressOf, ask, routes: routes.filter(({ open, path }) => !open && !ENDS_LOGINS.includes(path)) });
walkRoles(behindLogin);
walkPages(behindLogin);

describe('SYS-1 a colleague of the same team', () => {
  it('is refused at every route that names a customer, a task or a call of somebody else', async () => {
    const [api, page] = await Promise.all([house('m02'), logIn(test, 'm02')]);
    const passed: string[] = [];
    for (const route of named().filter((one) => /(customers|tasks|attempts)\/:id/.test(one.path))) {
      const answer = await ask(route, addressOf(route) ?? '', api, page);
      if (!refuses(route, answer) || BEHIND.test(answer.text)) passed.push(`${answer.status} ${route.method} ${route.path}`);
    }
    expect(passed).toEqual([]);
  });
});

// the last of all: what gets through moves the world of the others
walkWrongInput(() => ({ test, house, addressOf, ask, routes }));
