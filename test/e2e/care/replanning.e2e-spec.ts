import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { type ApiClient, callAs } from '../../support/house.js';
import { CareWorld, person, type Person } from './care-world.js';

const TODAY = '2026-11-24';

let world: CareWorld;
let supervisor: ApiClient;

interface Standing {
  cycle: string;
  state: string;
  withdrawn: boolean;
  task: string | null;
  owner: string | null;
}

const standing = ({ id }: Person): Promise<Standing[]> =>
  world.test.db.rows<Standing>(sql`
    select d.rule_code || ' ' || d.cycle as cycle, d.state, d.withdrawn, t.state as task, u.username as owner
    from care.due d left join calls.task t on t.id = d.task_id left join staff.app_user u on u.id = t.owner_id
    where d.customer_id = ${id} and d.channel = 'call' order by 1`);
const open = async (who: Person): Promise<string[]> => (await standing(who)).filter(({ state }) => state === 'open').map(({ cycle }) => cycle);
const told = async ({ phone }: Person, rule: string): Promise<string> => {
  const { body } = await world.planner.get(`/care/explanations?phone=${encodeURIComponent(phone)}&date=${TODAY}`);
  return (body as { decisions: { rule: string; reasons: string[] }[] }).decisions.find((one) => one.rule === rule)?.reasons.join() ?? '';
};
const timeline = async ({ id }: Person): Promise<string> => JSON.stringify((await supervisor.get(`/customers/${id}/timeline`)).body);
const rows = (): Promise<object[]> =>
  world.test.db.rows(sql`
    select 'due', ctid::text, xmin::text from care.due union all select 'task', ctid::text, xmin::text from calls.task
    union all select 'replan', ctid::text, xmin::text from care.replan order by 1, 2`);

/** Some minutes later, so that what follows is newer than the plan. */
async function change(what: () => Promise<{ status: number; text: string }>): Promise<void> {
  world.test.clock.advance(120_000);
  const answer = await what();
  if (answer.status >= 300) throw new Error(answer.text);
  await drainJobs(world.test.app);
}
const edit = (who: Person, patch: object): Promise<void> => change(() => supervisor.patch(`/customers/${who.id}`, patch));
const file = (feed: string, ...lines: string[]): Promise<void> =>
  change(() => world.planner.upload(`/imports?feed=${feed}`, `${lines.join('\n')}\n`));
const short = ({ phone }: Person): string => phone.slice(3);
/** Planned, with one call on its list. */
async function planned(facts: Parameters<typeof person>[1] = {}): Promise<Person> {
  const who = await person(world.test.db, { star: 5, ...facts });
  await world.run(TODAY);
  return who;
}

beforeAll(async () => {
  world = await CareWorld.open({ now: `${TODAY}T09:30:00+08:00` });
  supervisor = await callAs(world.test, 'supervisor-e');
  await world.enable('star-revisit', { horizonDays: 45 });
  await world.enable('birthday', { sms: false, callStars: [5, 6, 7], horizonDays: 30 });
});
afterAll(() => world.test.close());

const QUARTER = 'star-revisit 2026-10..2026-12';

describe('CAR-1 CAR-2 CAR-11 what nobody has begun follows what has changed', () => {
  it('another star takes the call of the old cadence back and plans that of the new one', async () => {
    const who = await planned();
    expect(await open(who)).toEqual([QUARTER]);
    await file('star-changes', 'phone,old_star,new_star,changed_on', `${short(who)},5,7,${TODAY}`);
    expect(await standing(who)).toEqual([
      { cycle: QUARTER, state: 'cancelled', withdrawn: true, task: 'cancelled', owner: 'm01' },
      { cycle: 'star-revisit 2026-11', state: 'open', withdrawn: false, task: 'open', owner: 'm01' },
      { cycle: 'star-revisit 2026-12', state: 'open', withdrawn: false, task: 'open', owner: 'm01' },
    ]);
    expect(await told(who, 'star-revisit')).toContain('11月24日调整过计划：星级变了');
    expect(await timeline(who)).toContain('"star"');
  });

  it('another star by hand, and the star of before: the call stands again', async () => {
    const who = await planned();
    await edit(who, { starLevel: 0 });
    expect(await open(who)).toEqual([]);
    await edit(who, { starLevel: 5 });
    await world.run(TODAY);
    expect(await standing(who)).toEqual([{ cycle: QUARTER, state: 'open', withdrawn: false, task: 'open', owner: 'm01' }]);
  });

  it('a new manager takes the call over, with a line in its history; one moved by hand since stays', async () => {
    const [who, moved] = [await planned(), await planned()];
    await edit(who, { manager: 'm02' });
    await edit(moved, { manager: 'm02' });
    expect((await standing(who))[0]).toMatchObject({ state: 'open', task: 'open', owner: 'm02' });
    const lines = await world.test.db.rows(sql`
      select f.username as "from", o.username as "to", a.why from calls.assignment a join calls.task t on t.id = a.task_id
      join staff.app_user f on f.id = a.from_owner join staff.app_user o on o.id = a.to_owner where t.customer_id = ${who.id}`);
    expect(lines).toEqual([{ from: 'm01', to: 'm02', why: '换了客户经理' }]);
    expect(await told(who, 'star-revisit')).toContain('换了客户经理');
    world.test.clock.advance(60_000);
    await world.test.db.run(sql`
      with back as (update calls.task t set owner_id = u.id from staff.app_user u where u.username = 'm01' and t.customer_id = ${moved.id} returning t.id, t.owner_id)
      insert into calls.assignment (task_id, to_owner, at, why) select id, owner_id, ${world.test.clock.now()}, '照旧' from back`);
    await world.run(TODAY);
    expect((await standing(moved))[0]).toMatchObject({ owner: 'm01' });
  });

  it('CAR-4 the birthday of whoever uses the card moves the call, and so does its end', async () => {
    const who = await planned({ star: 6, birthday: { month: 12, day: 1, calendar: 'solar' } });
    const birthday = async (): Promise<unknown> => (await world.due(who)).find(({ rule }) => rule === 'birthday');
    await edit(who, { profile: { actual_user: '王小明', actual_user_birthday: '12-15' } });
    expect(await birthday()).toMatchObject({ deadlineOn: '2026-12-15', state: 'open' });
    await edit(who, { profile: { actual_user_birthday: null } });
    expect(await birthday()).toMatchObject({ deadlineOn: '2026-12-01', state: 'open' });
  });

  it('a corrected birthday moves the call', async () => {
    const who = await planned({ star: 6, birthday: { month: 12, day: 1, calendar: 'solar' } });
    const deadline = async (): Promise<unknown> => (await world.due(who)).find(({ rule }) => rule === 'birthday');
    expect(await deadline()).toMatchObject({ state: 'open', deadlineOn: '2026-12-01' });
    await edit(who, { birthday: '12-15' });
    expect(await deadline()).toMatchObject({ state: 'open', deadlineOn: '2026-12-15' });
    expect(await told(who, 'birthday')).toContain('生日改了');
    await edit(who, { birthday: '06-15' });
    expect(await deadline()).toMatchObject({ state: 'cancelled' });
    expect((await open(who)).length).toBeGreaterThan(0);
  });

  it('whoever has left is not called; the file says so', async () => {
    const who = await planned();
    await file('customers', 'phone,status', `${short(who)},离网`);
    expect(await standing(who)).toEqual([{ cycle: QUARTER, state: 'cancelled', withdrawn: true, task: 'cancelled', owner: 'm01' }]);
    expect(await told(who, 'star-revisit')).toContain('客户已停机或离网');
  });

  it('a blocked number is not called; when the block is lifted the next plan makes the call again', async () => {
    const who = await planned();
    await change(() => supervisor.post('/contact/blocks', { phone: who.phone, channel: 'all', reason: '客户要求' }));
    expect(await open(who)).toEqual([]);
    expect(await told(who, 'star-revisit')).toContain('号码列入免打扰');
    await world.run(TODAY);
    expect(await open(who)).toEqual([]);
    await world.test.db.run(sql`update contact.block set lifted_at = ${world.test.clock.now()} where number = ${who.phone}`);
    await world.run(TODAY);
    expect(await open(who)).toEqual([QUARTER]);
  });

  it('a file of blocks is followed too', async () => {
    const who = await planned();
    await file('blocks', 'phone,channel,reason', `${short(who)},call,客户要求`);
    expect(await open(who)).toEqual([]);
  });

  it.each([
    ['has been tried', sql`attempts = 1`],
    ['is promised back', sql`callback_at = '2026-11-25T10:00:00+08:00'`],
    ['is held', sql`state = 'claimed', claimed_by = owner_id, lease_until = '2026-11-24T23:00:00+08:00'`],
  ])('a call that %s stays as it is', async (_, touched) => {
    const who = await planned();
    await world.test.db.run(sql`update calls.task set ${touched} where customer_id = ${who.id}`);
    await edit(who, { starLevel: 7, manager: 'm02' });
    await world.run(TODAY);
    expect((await standing(who)).find(({ cycle }) => cycle === QUARTER)).toMatchObject({ state: 'open', owner: 'm01' });
  });

  it('a call that has another reason loses only the one that fell', async () => {
    const who = await planned({ birthday: { month: 12, day: 8, calendar: 'solar' } });
    const together = await world.due(who);
    expect(new Set(together.map(({ taskId }) => taskId)).size).toBe(1);
    await edit(who, { birthday: '07-08' });
    expect((await standing(who)).map(({ cycle, state, task }) => [cycle, state, task])).toEqual([
      ['birthday 2026-call', 'cancelled', null],
      [QUARTER, 'open', 'open'],
    ]);
  });

  it('another policy plans anew, a rule switched off takes back, switched on again plans again', async () => {
    const who = await planned();
    world.test.clock.advance(120_000);
    await world.enable('star-revisit', {
      horizonDays: 45,
      months: { 7: 1, 6: 2, 5: 1, 4: 5, 3: 5, 2: 5, 1: 5 },
      minGapDays: { 7: 15, 6: 30, 5: 15, 4: 45, 3: 45, 2: 45, 1: 45 },
    });
    await drainJobs(world.test.app);
    expect(await open(who)).toEqual(['star-revisit 2026-11', 'star-revisit 2026-12']);
    expect(await told(who, 'star-revisit')).toContain('规则改了');
    const { version } = (await world.planner.get('/care/rules/star-revisit')).body as { version: number };
    await change(() => world.planner.put('/care/rules/star-revisit', { enabled: false, version }));
    expect(await open(who)).toEqual([]);
    await world.enable('star-revisit');
    await world.run(TODAY);
    expect(await open(who)).toEqual(['star-revisit 2026-11', 'star-revisit 2026-12']);
  });

  it('a second time nothing is left to do', async () => {
    await world.run(TODAY);
    const before = await rows();
    await world.run(TODAY);
    expect(await rows()).toEqual(before);
  });

  // last, because a night goes by
  it('a call somebody held when its rule was switched off goes the next morning, once it is given back', async () => {
    const who = await planned();
    const [task] = await world.test.db.rows<{ id: string }>(
      sql`select task_id as id from care.due where customer_id = ${who.id} and state = 'open' limit 1`,
    );
    const m01 = await callAs(world.test, 'm01');
    expect((await m01.post(`/tasks/${task?.id}/claim`)).status).toBe(200);
    const held = async (): Promise<object[]> => (await standing(who)).filter((one) => one.task !== 'cancelled');
    const { version } = (await world.planner.get('/care/rules/star-revisit')).body as { version: number };
    await change(() => world.planner.put('/care/rules/star-revisit', { enabled: false, version }));
    expect(await held()).toMatchObject([{ state: 'open', task: 'claimed' }]);
    expect((await m01.post(`/tasks/${task?.id}/release`, { reason: '客户在开会' })).status).toBe(200);
    world.test.clock.set('2026-11-25T05:50:00+08:00');
    await tickSchedules(world.test.app);
    expect(await held()).toEqual([]);
    expect(await open(who)).toEqual([]);
  });
});
