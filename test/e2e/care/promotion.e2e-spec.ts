import { GatewaysCommands } from '../../../src/messaging/gateways/gateways.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, callAs } from '../../support/house.js';
import { logIn } from '../../support/visitor.js';
import { CareWorld, type DueRow, person, type Person } from './care-world.js';

let world: CareWorld;

let planner: ApiClient;

/** Another moment, and a planner who has logged in since. */
async function at(when: string): Promise<void> {
  world.test.clock.set(`${when}:00+08:00`);
  planner = await callAs(world.test, 'planner-e');
}
const network = (settings: Record<string, unknown>): Promise<void> =>
  world.test.app.get(GatewaysCommands, { strict: false }).configureSimulator('simulator', settings);

/** A file of star changes, as it comes. */
async function feed(...rows: [who: Person, from: number, to: number, on: string][]): Promise<void> {
  const lines = rows.map(([{ phone }, from, to, on]) => `${phone.slice(3)},${from},${to},${on}`);
  const answer = await planner.upload('/imports?feed=star-changes', `phone,old_star,new_star,changed_on\n${lines.join('\n')}\n`);
  if (answer.status >= 300) throw new Error(answer.text);
  await drainJobs(world.test.app);
}

/** The plan of a day, and what the network says of its messages within the hour. */
async function plan(day: string): Promise<void> {
  await at(`${day}T10:00`);
  await world.run(day, ['star-promotion'], planner);
  await drainJobs(world.test.app);
  world.test.clock.advance(3_600_000);
  await drainJobs(world.test.app);
}

const chain = async (who: Person): Promise<string[]> =>
  (await world.due(who)).map(({ cycle, dueOn, state }: DueRow) => `${cycle.slice(11)} ${dueOn} ${state}`);
const managerOf = async ({ id }: Person): Promise<string | null> =>
  (
    await world.test.db.one<{ username: string | null }>(
      sql`select u.username from customers.customer c left join staff.app_user u on u.id = c.manager_id where c.id = ${id}`,
    )
  ).username;
const says = async ({ phone }: Person, date: string): Promise<{ decision: string; reasons: string[] } | undefined> => {
  const { body } = await planner.get(`/care/explanations?phone=${encodeURIComponent(phone)}&date=${date}`);
  return (body as { decisions: { rule: string; decision: string; reasons: string[] }[] }).decisions.find(({ rule }) => rule === 'star-promotion');
};
const free = (unit = 'east'): Promise<Person> => person(world.test.db, { star: 4, manager: null, unit });

beforeAll(async () => {
  world = await CareWorld.open({ now: '2026-09-28T09:30:00+08:00' });
  planner = world.planner;
});
afterAll(() => world.test.close());
beforeEach(() => network({}));

describe('CAR-2 a promoted customer is bound on the day of the feed', () => {
  it('not while the rule is switched off', async () => {
    const who = await free();
    await feed([who, 4, 5, '2026-09-28']);
    expect(await managerOf(who)).toBeNull();
    await world.enable('star-promotion');
  });

  it('many at once are spread over the managers of the city by the room they have, and the unit follows', async () => {
    await (await world.house('admin')).patch('/users/m02', { dailyCapacity: 30 });
    const people: Person[] = [];
    for (let n = 0; n < 11; n += 1) people.push(await free());
    await feed(...people.map((who): [Person, number, number, string] => [who, 4, 5, '2026-09-28']));
    const rows = await world.test.db.rows(sql`
      select u.username, o.code as unit, count(*)::int as count from customers.customer c
      join staff.app_user u on u.id = c.manager_id join staff.org_unit o on o.id = c.org_unit_id
      where u.username like 'm%' group by 1, 2 order by 1`);
    // sixty calls a day to thirty: two to one; with the one of before they are twelve
    expect(rows).toEqual([
      { username: 'm01', unit: 'east-1', count: 8 },
      { username: 'm02', unit: 'east-1', count: 4 },
    ]);
    const facts = await world.test.db.one(sql`
      select count(*)::int as count, min(note) as note from customers.profile_fact where field = 'manager' and old_value is null`);
    expect(facts).toEqual({ count: 12, note: '升星自动绑定' });
    const audit = await world.test.db.rows(sql`select detail ->> 'bound' as bound from staff.audit_entry where action = 'care.promoted_bound'`);
    expect(audit).toEqual([{ bound: '12' }]);
  });

  it('nobody who has a manager is moved, and nobody away gets a customer', async () => {
    const admin = await world.house('admin');
    await admin.post('/users/m01/absences', { from: '2026-09-28', to: '2026-09-28', kind: 'leave' });
    const [owned, lost] = [await person(world.test.db, { star: 4, manager: 'm01' }), await free()];
    await feed([owned, 4, 6, '2026-09-28'], [lost, 4, 5, '2026-09-28']);
    expect([await managerOf(owned), await managerOf(lost)]).toEqual(['m01', 'm02']);
  });

  it('never beyond the city: where no manager is at work the customer waits, and the answer says until when', async () => {
    const who = await free('west');
    const admin = await world.house('admin');
    await admin.patch('/users/m11', { active: false });
    const west = await world.house('planner-w');
    await west.upload('/imports?feed=star-changes', `phone,old_star,new_star,changed_on\n${who.phone.slice(3)},4,5,2026-09-28\n`);
    await drainJobs(world.test.app);
    expect(await managerOf(who)).toBeNull();
    const { body } = await west.get(`/care/explanations?phone=${encodeURIComponent(who.phone)}&date=2026-09-28`);
    expect(JSON.stringify(body)).toContain('还没有客户经理，应在10月8日前绑定');
  });
});

describe('CAR-2 the notice comes first, the visit when it has arrived', () => {
  it('three working days after it, over National Day', async () => {
    const who = await free();
    await at('2026-09-30T09:30');
    await feed([who, 4, 5, '2026-09-30']);
    expect(await managerOf(who)).toMatch(/^m0/);
    await plan('2026-09-30');
    expect(await chain(who)).toEqual(['notice 2026-09-30 open']);
    expect(await says(who, '2026-09-30')).toMatchObject({ decision: 'already-planned' });
    await plan('2026-10-08');
    expect(await chain(who)).toEqual(['notice 2026-09-30 done', 'visit 2026-10-10 open']);
    const told = await says(who, '2026-10-08');
    expect(told?.reasons.join()).toContain('9月30日由4星升为5星，告知短信9月30日已送达；不晚于10月30日致电');
  });

  it('a second run of the day touches no row', async () => {
    const state = (): Promise<object[]> =>
      world.test.db.rows(sql`select d.customer_id, d.cycle, d.xmin::text, d.ctid::text from care.due d order by 1, 2`);
    const before = await state();
    await plan('2026-10-08');
    expect(await state()).toEqual(before);
  });

  it('a notice that does not arrive is sent again, two times, and then no longer holds the visit up', async () => {
    await at('2026-10-12T09:30');
    const who = await free();
    await feed([who, 4, 5, '2026-10-12']);
    await network({ undelivered: 1 });
    for (const day of ['2026-10-12', '2026-10-13', '2026-10-14']) await plan(day);
    expect(await chain(who)).toEqual(['notice 2026-10-12 not_reached', 'notice-2 2026-10-13 not_reached', 'notice-3 2026-10-14 open']);
    await plan('2026-10-15');
    expect(await chain(who)).toEqual([
      'notice 2026-10-12 not_reached',
      'notice-2 2026-10-13 not_reached',
      'notice-3 2026-10-14 not_reached',
      'visit 2026-10-15 open',
    ]);
    expect((await says(who, '2026-10-15'))?.reasons.join()).toContain('告知短信没有送达；不晚于11月12日致电');
  });

  it('a visit on its own call keeps the promise', async () => {
    await at('2026-10-15T14:30');
    const who = (await world.due()).find(({ cycle, state }) => cycle === '2026-10-12-visit' && state === 'open');
    const owner = await managerOf({ id: who?.customer ?? '' } as Person);
    const manager = await callAs(world.test, owner ?? '');
    await manager.post(`/tasks/${who?.taskId}/claim`);
    const desk = (await (await logIn(world.test, owner ?? '')).get('/desk')).text;
    for (const point of ['rights', 'contact', 'birthday', 'interests', 'second-contact', 'wecom'])
      expect(desk).toMatch(new RegExp(`value="star-promotion\\.${point}"\\s+data-of="t-0"`));
    const answer = await manager.post(`/tasks/${who?.taskId}/attempts`, {
      outcome: 'reached',
      talkSeconds: 60,
      topics: ['star-promotion.rights', 'star-promotion.wecom'],
    });
    expect(answer.status).toBe(201);
    await drainJobs(world.test.app);
    const done = (await world.due()).find(({ customer, cycle }) => customer === who?.customer && cycle === '2026-10-12-visit');
    expect(done?.state).toBe('done');
    const clock = (await (await logIn(world.test, 'supervisor-e')).get('/care/promotions?state=done')).text.replace(/<[^>]+>/g, '');
    expect(clock).toContain('走访清单2/6 · 未谈到 经理联系方式 核对生日 兴趣爱好 第二联系人');
  });
});

describe('CAR-2 what a demotion ends', () => {
  it('is taken off the list while nobody has touched it, and stays when somebody has', async () => {
    await at('2026-10-19T09:30');
    const [untouched, touched, unsent] = [await free(), await free(), await free()];
    await feed([untouched, 4, 5, '2026-10-19'], [touched, 4, 5, '2026-10-19']);
    await plan('2026-10-19');
    await plan('2026-10-22');
    const taskOf = async (who: Person): Promise<string> => (await world.due(who)).find(({ taskId }) => taskId)?.taskId ?? '';
    const manager = await callAs(world.test, (await managerOf(touched)) ?? '');
    await manager.post(`/tasks/${await taskOf(touched)}/claim`);
    const tried = await manager.post(`/tasks/${await taskOf(touched)}/attempts`, { outcome: 'no_answer', talkSeconds: 0 });
    expect(tried.status).toBe(201);
    await at('2026-10-22T21:30');
    await feed([unsent, 4, 5, '2026-10-22']);
    await at('2026-10-23T08:00');
    await world.run('2026-10-23', ['star-promotion'], planner);
    expect(await chain(unsent)).toEqual(['notice 2026-10-23 open']);
    await feed([untouched, 5, 4, '2026-10-23'], [touched, 5, 4, '2026-10-23'], [unsent, 5, 4, '2026-10-23']);
    expect((await chain(untouched)).at(-1)).toBe('visit 2026-10-22 cancelled');
    expect((await chain(touched)).at(-1)).toBe('visit 2026-10-22 open');
    expect(await chain(unsent)).toEqual(['notice 2026-10-23 cancelled']);
    const task = await world.test.db.one(sql`select state, close_reason as why from calls.task where id = ${await taskOf(untouched)}`);
    expect(task).toEqual({ state: 'cancelled', why: 'care_withdrawn' });
    await at('2026-10-23T10:00');
    await drainJobs(world.test.app);
    const sent = await world.test.db.rows(sql`select 1 from messaging.message where number = ${unsent.phone}`);
    expect(sent).toEqual([]);
    expect((await says(untouched, '2026-10-23'))?.reasons.join()).toContain('由5星降为4星，升星关怀不再进行');
  });

  it('a second promotion takes the place of the first', async () => {
    await at('2026-11-02T09:30');
    const who = await free();
    await feed([who, 4, 5, '2026-11-02']);
    await plan('2026-11-02');
    await plan('2026-11-03');
    await at('2026-11-04T09:30');
    await feed([who, 5, 6, '2026-11-04']);
    await plan('2026-11-04');
    await plan('2026-11-05');
    expect((await world.due(who)).map(({ cycle, state }) => `${cycle} ${state}`)).toEqual([
      '2026-11-02-notice done',
      '2026-11-02-visit cancelled',
      '2026-11-04-notice done',
      '2026-11-04-visit open',
    ]);
  });
});

describe('CAR-2 the clock of promotions', () => {
  it('shows each customer with the three steps, the late ones first, and filters by the address', async () => {
    await at('2026-11-10T09:30');
    const [late, fresh] = [await free(), await free()];
    await world.test.db.run(
      sql`update customers.customer set name = case id when ${late.id}::bigint then '逾期人' else '新人' end where id in (${late.id}, ${fresh.id})`,
    );
    await feed([fresh, 4, 5, '2026-11-10'], [late, 4, 5, '2026-09-29']);
    const page = await logIn(world.test, 'supervisor-e');
    const all = (await page.get('/care/promotions')).text;
    expect(all.indexOf('逾期人')).toBeGreaterThan(0);
    expect(all.indexOf('逾期人')).toBeLessThan(all.indexOf('新人'));
    expect(all).toContain(`href="/customers/${fresh.id}"`);
    const running = (await page.get('/care/promotions?state=running')).text;
    expect(running).toContain('新人');
    expect(running).not.toContain('逾期人');
    expect(running).toContain('剩2');
    const owner = (await managerOf(fresh)) ?? '';
    expect((await page.get(`/care/promotions?manager=${owner}`)).text).toContain('新人');
    expect((await page.get('/care/promotions?manager=-')).text).not.toContain('新人');
    expect((await page.get('/care')).text).toContain('href="/care/promotions"');
  });

  it('says in a friendly way when there is nothing, keeps to the own city, and is not for managers', async () => {
    const west = await logIn(world.test, 'planner-w');
    const page = await west.get('/care/promotions?state=done');
    expect(page.text).toContain('没有符合条件的客户');
    expect((await west.get('/care/promotions')).text).not.toContain('新人');
    expect((await (await logIn(world.test, 'm01')).get('/care/promotions')).status).toBe(403);
  });
});
