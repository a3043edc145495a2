import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { type ApiClient, callAs } from '../../support/house.js';
import { logIn } from '../../support/visitor.js';
import { CareWorld, person, type Person } from './care-world.js';

interface Event {
  id: string;
  counts: Record<string, number>;
  absenceId: string | null;
  version: number;
  state: string;
}

let world: CareWorld;
let planner: ApiClient;
let manager: ApiClient;
let people: Person[];

const SALON = { kind: 'salon', title: '智能家居沙龙', place: '新街口营业厅', day: '2026-12-05', from: '14:00', to: '16:00' };

async function must<T>(sent: Promise<Response>): Promise<T> {
  const answer = await sent;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  await drainJobs(world.test.app);
  return answer.body as T;
}
const code = ({ status, body }: Response): string => {
  const { error } = body as { error?: { code: string; param?: string } };
  return [status, error?.code, error?.param].filter(Boolean).join(' ');
};
const make = (change: object = {}, who = planner): Promise<Event> => must<Event>(who.post('/care/events', { ...SALON, ...change }));
const invite = (id: string, whom: readonly Person[]) => planner.post(`/care/events/${id}/invitations`, { phones: whom.map(({ phone }) => phone) });
const event = (id: string, who = planner): Promise<Event> => must<Event>(who.get(`/care/events/${id}`));
const shown = async (id: string, show: string, who = planner): Promise<string[]> =>
  (await must<{ items: { customerId: string }[] }>(who.get(`/care/events/${id}/invitations?show=${show}`))).items.map(({ customerId }) => customerId);
const answer = (id: string, who: Person, said: string, as = manager): Promise<Response> =>
  as.post(`/care/events/${id}/answers`, { customer: who.id, answer: said });
/** Another day, and everybody logged in anew. */
async function at(when: string): Promise<void> {
  world.test.clock.set(`${when}:00+08:00`);
  [planner, manager] = await Promise.all([callAs(world.test, 'planner-e'), callAs(world.test, 'm01')]);
}
const [a, b, c, d, blocked] = [0, 1, 2, 3, 4].map((i) => () => people[i] as Person) as [
  () => Person,
  () => Person,
  () => Person,
  () => Person,
  () => Person,
];

beforeAll(async () => {
  world = await CareWorld.open({ now: '2026-11-24T10:00:00+08:00' });
  ({ planner } = world);
  manager = await world.house('m01');
  people = [];
  for (const star of [7, 6, 5, 4, 3]) people.push(await person(world.test.db, { star }));
  await must(planner.post('/contact/blocks', { phone: blocked().phone, channel: 'all', reason: '本人要求' }));
});
beforeEach(() => at('2026-11-24T10:00'));
afterAll(() => world.test.close());

describe('CAR-10 the invitation list', () => {
  it('takes picked customers, once each; whom the gate refuses stays beside it with the reason until the block is lifted', async () => {
    const { id } = await make();
    expect((await invite(id, [a(), b(), blocked()])).body).toEqual({ matched: 3, listed: 2, excluded: 1 });
    expect((await invite(id, [a(), b(), blocked()])).body).toEqual({ matched: 1, listed: 0, excluded: 1 });
    expect((await event(id)).counts).toMatchObject({ matched: 3, listed: 2, excluded: 1, invited: 0 });
    expect((await planner.get(`/care/events/${id}/invitations?show=excluded`)).body).toMatchObject({
      items: [{ customerId: blocked().id, excluded: 'blocked' }],
    });
    await world.test.db.run(sql`update contact.block set lifted_at = now() where number = ${blocked().phone}`);
    expect((await invite(id, [blocked()])).body).toEqual({ matched: 1, listed: 1, excluded: 0 });
    await must(planner.post('/contact/blocks', { phone: blocked().phone, channel: 'all', reason: '本人要求' }));
  });

  it('takes a segment; of it only customers within the scope', async () => {
    await must(planner.post('/segments', { code: 'club', name: '俱乐部' }));
    await must(planner.upload('/imports?feed=segment&segment=club', `phone\n${[a(), b()].map(({ phone }) => phone.slice(3)).join('\n')}\n`));
    const { id } = await make();
    expect((await planner.post(`/care/events/${id}/invitations`, { segment: 'club' })).body).toEqual({ matched: 2, listed: 2, excluded: 0 });
    expect(await shown(id, 'listed')).toEqual([a().id, b().id]);
  });

  it.each<[fault: string, body: () => object]>([
    ['422 invalid_input segment', () => ({})],
    ['422 invalid_input segment', () => ({ segment: 'nowhere' })],
    ['422 invalid_input phones', () => ({ phones: ['123'] })],
    ['422 invalid_input phones', () => ({ phones: [a().phone, '13999999999'] })],
  ])('%s adds nobody', async (fault, body) => {
    const { id } = await make();
    expect(code(await planner.post(`/care/events/${id}/invitations`, body()))).toBe(fault);
    expect((await event(id)).counts.matched).toBe(0);
  });
});

describe('CAR-10 asking', () => {
  it('by call: a task on the list of each customer’s manager with the reason, once; an answer takes it off again', async () => {
    const { id } = await make();
    await invite(id, [a(), b()]);
    expect((await planner.post(`/care/events/${id}/send`, {})).body).toEqual({ sent: 2 });
    expect(code(await planner.post(`/care/events/${id}/send`, {}))).toBe('409 event_all_asked');
    const tasks = async (): Promise<{ id: string; customerId: string; state: string; owner: string; reasons: string[]; deadlineOn: string }[]> =>
      (await must<{ items: never[] }>(planner.get('/tasks?campaign=event-invitation&state=open'))).items;
    const open = await tasks();
    expect(open).toHaveLength(2);
    expect(open[0]).toMatchObject({ deadlineOn: '2026-12-04', reasons: ['邀请参加“智能家居沙龙”：12月5日 14:00，新街口营业厅。请记下来不来'] });
    expect(code(await answer(id, a(), 'yes'))).toBe('200');
    expect(await tasks()).toHaveLength(1);
    expect(code(await planner.post(`/care/events/${id}/cancel`, { reason: '场地停电' }))).toBe('200');
    expect(await tasks()).toEqual([]);
    expect(code(await answer(id, b(), 'yes'))).toBe('409 event_cancelled');
  });

  it('by message: an approved template to each, the gate asked again as it goes out', async () => {
    await must(
      planner.post('/sms/templates', { code: 'salon', name: 'x', purpose: 'care', signature: '中国电信', body: '{{honorific}}，周六沙龙见' }),
    );
    const { id } = await make({ inviteBy: 'sms' });
    await invite(id, [c(), d()]);
    expect(code(await planner.post(`/care/events/${id}/send`, {}))).toBe('422 invalid_input template');
    expect(code(await planner.post(`/care/events/${id}/send`, { template: 'salon' }))).toBe('422 template_not_approved template');
    await must((await world.house('admin')).post('/sms/templates/salon/approve'));
    await must(planner.post(`/care/events/${id}/send`, { template: 'salon' }));
    const sent = await world.test.db.rows<{ customer: string }>(
      sql`select customer_id as customer from messaging.message where body like '%沙龙见' order by 1`,
    );
    expect(sent.map(({ customer }) => customer)).toEqual([c().id, d().id]);
    expect(await shown(id, 'invited')).toEqual([c().id, d().id]);
  });
});

describe('CAR-10 whom it is too late to ask', () => {
  const LATE = { ...SALON, day: '2026-11-26' };
  const tasksOf = (id: string): Promise<object[]> =>
    world.test.db.rows(sql`
      select t.state, t.close_reason as why, t.deadline_on as "deadlineOn" from calls.task t where t.cycle = ${`event-${id}`} order by t.id`);
  const told = (id: string): Promise<object[]> =>
    world.test.db.rows(sql`
      select r.state, count(*)::int as people from messaging.v_recipient r join messaging.v_blast b on b.id = r.blast_id
      where b.code like ${`event-invitation-${id}-%`} group by 1`);
  const minute = async (when: string): Promise<void> => {
    await at(when);
    await tickSchedules(world.test.app);
    await drainJobs(world.test.app);
  };

  it('by message after the hours of messages: it goes out the next morning', async () => {
    await at('2026-11-24T21:30');
    const { id } = await make({ ...LATE, inviteBy: 'sms' });
    await invite(id, [c(), d()]);
    expect((await planner.post(`/care/events/${id}/send`, { template: 'salon' })).body).toEqual({ sent: 2 });
    await drainJobs(world.test.app);
    expect(await told(id)).toEqual([{ state: 'planned', people: 2 }]);
    await minute('2026-11-25T09:00');
    expect(await told(id)).toEqual([{ state: 'accepted', people: 2 }]);
  });

  it('called off before they went out, no message does', async () => {
    await at('2026-11-24T21:30');
    const { id } = await make({ ...LATE, inviteBy: 'sms' });
    await invite(id, [c(), d()]);
    await must(planner.post(`/care/events/${id}/send`, { template: 'salon' }));
    await must(planner.post(`/care/events/${id}/cancel`, { reason: '场地停电' }));
    await minute('2026-11-25T09:00');
    expect(await told(id)).toEqual([{ state: 'cancelled', people: 2 }]);
  });

  it('by message with no such hour left nobody is, and nobody counts as asked', async () => {
    await at('2026-11-24T21:30');
    const { id } = await make({ ...LATE, day: '2026-11-25', from: '08:30', to: '10:00', inviteBy: 'sms' });
    await invite(id, [c(), d()]);
    expect(code(await planner.post(`/care/events/${id}/send`, { template: 'salon' }))).toBe('409 event_no_time');
    expect((await event(id)).counts).toMatchObject({ listed: 2, invited: 0 });
  });

  it('also not the customer somebody was calling when the event was called off, or when the answer came', async () => {
    const { id } = await make(LATE);
    await invite(id, [a(), b()]);
    await must(planner.post(`/care/events/${id}/send`, {}));
    const open = await world.test.db.rows<{ id: string; customer: string }>(
      sql`select id, customer_id as customer from calls.task where cycle = ${`event-${id}`} order by id`,
    );
    const held = async (which: number): Promise<string> => {
      const task = open[which]?.id ?? '';
      expect(code(await manager.post(`/tasks/${task}/claim`))).toBe('200');
      return task;
    };
    const first = await held(0);
    await must(planner.post(`/care/events/${id}/answers`, { customer: open[0]?.customer, answer: 'no' }));
    await must(manager.post(`/tasks/${first}/release`, { reason: '已答复' }));
    await minute('2026-11-24T10:01');
    const second = await held(1);
    await must(planner.post(`/care/events/${id}/cancel`, { reason: '场地停电' }));
    await must(manager.post(`/tasks/${second}/release`, { reason: '已取消' }));
    await minute('2026-11-24T10:02');
    expect(await tasksOf(id)).toMatchObject([
      { state: 'cancelled', why: 'event_answered' },
      { state: 'cancelled', why: 'event_cancelled' },
    ]);
  });

  it('by call once it has begun: the calls are off, and on again when it is moved to another day', async () => {
    const { id, version } = await make(LATE);
    await invite(id, [a(), b()]);
    await must(planner.post(`/care/events/${id}/send`, {}));
    await must(answer(id, b(), 'no'));
    await minute('2026-11-26T13:59');
    expect(await tasksOf(id)).toMatchObject([{ state: 'open', deadlineOn: '2026-11-25' }, { state: 'cancelled' }]);
    await minute('2026-11-26T14:00');
    expect(await tasksOf(id)).toMatchObject([
      { state: 'cancelled', why: 'event_begun' },
      { state: 'cancelled', why: 'event_answered' },
    ]);
    await must(planner.put(`/care/events/${id}`, { ...LATE, day: '2026-12-03', version }));
    expect(await tasksOf(id)).toMatchObject([{ state: 'open', why: null, deadlineOn: '2026-12-02' }, { state: 'cancelled' }]);
    await minute('2026-11-26T14:02');
    expect(await tasksOf(id)).toMatchObject([{ state: 'open' }, { state: 'cancelled' }]);
    await minute('2026-12-03T14:00');
  });
});

describe('CAR-10 answers, attendance, result', () => {
  it('each figure opens to exactly its rows', async () => {
    const { id } = await make({ capacity: 2 });
    await invite(id, [a(), b(), c(), d(), blocked()]);
    await must(planner.post(`/care/events/${id}/send`, {}));
    for (const [who, said] of [
      [a(), 'yes'],
      [b(), 'yes'],
      [c(), 'maybe'],
    ] as const)
      await must(answer(id, who, said));
    expect(code(await answer(id, d(), 'yes'))).toBe('409 event_full answer');
    expect(code(await answer(id, blocked(), 'yes'))).toBe('422 invalid_input customer');
    await must(answer(id, b(), 'no'));
    await must(answer(id, d(), 'yes'));
    expect(code(await planner.put(`/care/events/${id}`, { ...SALON, capacity: 1 }))).toBe('422 invalid_input capacity');
    expect(code(await manager.post(`/care/events/${id}/attendance`, { customers: [a().id], attended: true }))).toBe('409 event_not_yet');
    await at('2026-12-05T15:00');
    expect(code(await planner.post(`/care/events/${id}/invitations`, { phones: [a().phone] }))).toBe('409 event_over');
    expect((await manager.post(`/care/events/${id}/attendance`, { customers: [a().id, c().id, d().id], attended: true })).body).toEqual({ count: 3 });
    expect((await manager.post(`/care/events/${id}/attendance`, { customers: [c().id], attended: false })).body).toEqual({ count: 1 });
    expect(code(await manager.post(`/care/events/${id}/results`, { customer: c().id, result: 'order' }))).toBe('422 invalid_input customer');
    await must(manager.post(`/care/events/${id}/results`, { customer: a().id, result: 'order', note: '办了全屋WiFi' }));
    await must(manager.post(`/care/events/${id}/results`, { customer: d().id, result: 'none' }));
    const { counts, state } = await event(id);
    expect(state).toBe('today');
    expect(counts).toEqual({ matched: 5, excluded: 1, listed: 4, invited: 4, answered: 4, coming: 2, attended: 2, result: 1 });
    for (const [show, count] of Object.entries(counts)) expect([show, (await shown(id, show)).length]).toEqual([show, count]);
    expect(await shown(id, 'result')).toEqual([a().id]);
    await at('2026-12-06T10:00');
    expect(code(await planner.put(`/care/events/${id}`, { ...SALON, day: '2026-12-20' }))).toBe('409 event_passed');
    expect(code(await planner.post(`/care/events/${id}/cancel`, { reason: '太晚了' }))).toBe('409 event_passed');
    const timeline = await must<{ items: { kind: string; channel: string; state: string; title: string }[] }>(
      manager.get(`/customers/${a().id}/timeline?channel=event`),
    );
    expect(timeline.items.filter(({ title, state: said }) => title === SALON.title && said !== 'invited').slice(0, 2)).toMatchObject([
      { kind: 'attendance', channel: 'event', state: 'attended' },
      { kind: 'invitation', channel: 'event', state: 'yes' },
    ]);
    expect((await (await logIn(world.test, 'm01')).get(`/customers/${a().id}/timeline?channel=event`)).text).toContain('到场');
  });

  it('SYS-1 a manager answers for her own customers and sees only those; a manager of the west sees no event', async () => {
    const { id } = await make();
    await invite(id, [a(), b()]);
    await world.test.db.run(
      sql`update customers.customer set manager_id = (select id from staff.app_user where username = 'm02') where id = ${b().id}`,
    );
    expect(await shown(id, 'listed', manager)).toEqual([a().id]);
    expect((await event(id, manager)).counts.listed).toBe(1);
    expect(code(await answer(id, b(), 'yes'))).toBe('422 invalid_input customer');
    expect(code(await manager.post(`/care/events/${id}/invitations`, { phones: [a().phone] }))).toBe('403 role_refused');
    expect(code(await manager.post('/care/events', SALON))).toBe('403 role_refused');
    expect(code(await (await callAs(world.test, 'm11')).get(`/care/events/${id}`))).toBe('404 not_found');
    await world.test.db.run(
      sql`update customers.customer set manager_id = (select id from staff.app_user where username = 'm01') where id = ${b().id}`,
    );
  });
});

describe('CAR-10 a visit', () => {
  const VISIT = { kind: 'home-visit', title: '上门送年历', place: '鼓楼区', day: '2026-12-01', from: '09:30', to: '11:00' };
  const share = async (day: string): Promise<number> =>
    (
      await world.test.db.one<{ share: number }>(sql`
      select r.share from calendar.v_rota(${day}, ${day}) r join staff.app_user u on u.id = r.user_id where u.username = 'm01'`)
    ).share;

  it('is of one customer, said yes, and takes of its host’s day what visits take; moved or called off it gives it back', async () => {
    const { id, absenceId, counts } = await make({ ...VISIT, customer: a().id }, manager);
    expect(absenceId).not.toBeNull();
    expect(counts).toMatchObject({ listed: 1, coming: 1 });
    expect(await share('2026-12-01')).toBe(75);
    expect(code(await manager.put(`/care/events/${id}`, { ...VISIT, day: '2026-12-02' }))).toBe('200');
    expect([await share('2026-12-01'), await share('2026-12-02')]).toEqual([100, 75]);
    const second = await make({ ...VISIT, day: '2026-12-02', from: '11:00', to: '11:30', customer: b().id }, manager);
    expect([second.absenceId, await share('2026-12-02')]).toEqual([null, 75]);
    expect(code(await planner.post(`/care/events/${id}/invitations`, { phones: [b().phone] }))).toBe('409 event_visit_of_one');
    await must(manager.post(`/care/events/${id}/cancel`, { reason: '客户出差' }));
    expect(await share('2026-12-02')).toBe(100);
  });

  it('that took place stands in the timeline as one, and moves no care cadence', async () => {
    const { id } = await make({ ...VISIT, day: '2026-11-24', from: '08:00', to: '09:00', customer: d().id }, manager);
    await must(manager.post(`/care/events/${id}/attendance`, { customers: [d().id], attended: true }));
    const { items } = await must<{ items: object[] }>(manager.get(`/customers/${d().id}/timeline?channel=visit`));
    expect(items).toMatchObject([{ kind: 'attendance', state: 'attended', title: '上门送年历' }]);
    expect(await world.test.db.rows(sql`select 1 from calls.attempt where customer_id = ${d().id}`)).toEqual([]);
  });

  it.each<[fault: string, change: object]>([
    ['422 invalid_input customer', {}],
    ['422 invalid_input customer', { customer: '999999' }],
    ['422 invalid_input to', { customer: '1', to: '09:00' }],
    ['422 invalid_input from', { customer: '1', from: '25:00' }],
    ['422 invalid_input day', { customer: '1', day: '2026-02-30' }],
    ['422 invalid_input host', { customer: '1', host: 'm02' }],
  ])('%s by %j', async (fault, change) => {
    expect(code(await manager.post('/care/events', { ...VISIT, ...change }))).toBe(fault);
  });
});

describe('CAR-10 the pages work without scripts', () => {
  it('take a segment by its name however many there are, and refuse what is none by what was typed', async () => {
    await must(planner.post('/segments', { code: 'tea-2019', name: '老茶友' }));
    await world.test.db.run(sql`
      insert into segments.segment (code, name, org_unit_id, created_at, updated_at)
      select 'after-' || n, '后来的' || n, org_unit_id, created_at, updated_at from segments.segment, generate_series(1, 120) n where code = 'tea-2019'`);
    const page = await logIn(world.test, 'planner-e');
    const { id } = await make({ title: '品茶' });
    const here = `/care/events/${id}`;
    expect((await page.get(here)).text.match(/<option value="after-/g)).toHaveLength(50);
    const near = await page.post(`${here}/invitations`, { segment: '茶友', phones: a().phone });
    expect(near.status).toBe(422);
    expect(near.text).toMatch(/id="segment-error">[^]*?没有名称或编码是“茶友”的客群，相近的有老茶友 \(tea-2019\)/);
    expect(near.text).toMatch(/ name="segment" value="茶友"/);
    expect(near.text).toMatch(/<datalist id="segment-choices"><option value="tea-2019">/);
    expect(near.text).toContain(`${a().phone}</textarea>`);
    expect((await page.post(`${here}/invitations`, { segment: '老茶友', phones: a().phone })).status).toBe(303);
    expect((await shown(id, 'listed')).length).toBe(1);
  });

  it('make, fill, ask, answer, tick, export', async () => {
    const page = await logIn(world.test, 'planner-e');
    const wrong = await page.post('/care/events/new', { ...SALON, title: '茶会', to: '13:00' });
    expect(wrong.status).toBe(422);
    for (const words of ['value="茶会"', '结束早于开始']) expect(wrong.text).toContain(words);
    const here = (await page.post('/care/events/new', { ...SALON, title: '茶会', day: '2026-11-24' })).headers.location ?? '';
    const lost = await page.post(`${here}/invitations`, { phones: '123 456' });
    expect(lost.status).toBe(422);
    expect(lost.text).toContain('123 456</textarea>');
    await page.post(`${here}/invitations`, { phones: `${a().phone}，${b().phone}` });
    expect((await page.get(here)).text).toContain('可邀请2位，不能邀请0位');
    await page.post(`${here}/send`);
    expect((await page.get(`${here}?show=invited`)).text).toContain('客户');
    const owner = await logIn(world.test, 'm01');
    expect((await owner.post(`${here}/answers`, { customer: a().id, answer: 'yes', show: 'invited' })).headers.location).toBe(
      `${here}?show=invited#list`,
    );
    expect((await owner.post(`${here}/attendance`, { attended: 'true' })).text).toContain('先勾选客户');
    await owner.post(`${here}/attendance`, { customers: a().id, attended: 'true' });
    await owner.post(`${here}/results`, { customer: a().id, result: 'intention', note: '想换大套餐' });
    const told = (await page.get(`${here}?show=result`)).text;
    for (const words of ['想换大套餐', '到了', '有意向']) expect(told).toContain(words);
    expect((await page.get('/care/events?kind=salon&state=today')).text).toContain('茶会');
    const file = await page.get(`/exports/files/event-invitations?event=${here.split('/').pop()}&show=result&format=csv`);
    expect(file.text).toContain('想换大套餐');
    expect((await owner.get(`/care/events/new?customer=${a().id}`)).text).toContain(`value="${a().id}"`);
    const stale = await page.get(`${here}/edit`);
    expect(stale.text).toContain('name="version" value="1"');
    await page.post(`${here}/edit`, { ...SALON, title: '茶会二', day: '2026-11-24', version: '1' });
    expect((await page.post(`${here}/edit`, { ...SALON, title: '茶会三', version: '1' })).text).toContain('您打开之后有人改过');
    expect((await owner.get(`${here}/edit`)).status).toBe(404);
    await page.post(`${here}/cancel`, { reason: '场地停电' });
    expect((await page.get(`${here}/edit`)).status).toBe(409);
  });
});

describe('CAR-10 CAR-1 a visit may keep the promise of a revisit', () => {
  const promised = (who: Person): Promise<object[]> =>
    world.test.db.rows(sql`
      select d.state, t.state as task from care.due d join calls.task t on t.id = d.task_id where d.customer_id = ${who.id} and d.rule_code = 'star-revisit' order by d.cycle`);
  const visited = async (): Promise<{ who: Person; id: string }> => {
    const who = await person(world.test.db, { star: 7 });
    await world.run('2026-12-21', ['star-revisit'], planner);
    expect(await promised(who)).toEqual([{ state: 'open', task: 'open' }]);
    const { id } = await make({
      kind: 'home-visit',
      title: '年末走访',
      day: '2026-12-21',
      from: '09:00',
      to: '10:00',
      host: 'm01',
      customer: who.id,
    });
    return { who, id };
  };
  const attend = (id: string, who: Person, attended: boolean): Promise<unknown> =>
    must(manager.post(`/care/events/${id}/attendance`, { customers: [who.id], attended }));

  beforeEach(() => at('2026-12-21T10:00'));

  it('not unless the planner says so', async () => {
    const { version } = (await planner.get('/care/rules/star-revisit')).body as { version: number };
    await must(planner.put('/care/rules/star-revisit', { enabled: true, version }));
    const { who, id } = await visited();
    await attend(id, who, true);
    expect(await promised(who)).toEqual([{ state: 'open', task: 'open' }]);
  });

  it('then the call is called off; a wrong tick taken back, it is owed again', async () => {
    const { version } = (await planner.get('/care/rules/star-revisit')).body as { version: number };
    await must(planner.put('/care/rules/star-revisit', { enabled: true, version, settings: { attendance: 'visits' } }));
    const { who, id } = await visited();
    await attend(id, who, true);
    expect(await promised(who)).toEqual([{ state: 'done', task: 'cancelled' }]);
    await attend(id, who, false);
    expect(await promised(who)).toEqual([{ state: 'open', task: 'open' }]);
  });
});
