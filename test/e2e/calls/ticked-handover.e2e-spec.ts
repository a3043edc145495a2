import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { CallCentre } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;
let page: PageVisitor;
/** Tasks of m01 in the order of their stars. */
let ids: string[];

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  await centre.clear();
  await centre.customers('m01', [7, 6, 5, 4]);
  await centre.campaign('ticked', { kind: 'care', assignment: 'owner' });
  ids = (await test.db.rows<{ id: string }>(sql`select id from calls.task order by star desc`)).map(({ id }) => id);
  page = await logIn(test, 'supervisor-e');
});

const LIST = '/campaigns/ticked/list?owner=m01';
const asking = (tasks: string[]): string => `/handover/tasks?back=${encodeURIComponent(LIST)}&${tasks.map((id) => `tasks=${id}`).join('&')}`;
const owners = async (): Promise<(string | null)[]> =>
  (
    await test.db.rows<{ who: string | null }>(
      sql`select u.username as who from calls.task t left join staff.app_user u on u.id = t.owner_id order by t.star desc`,
    )
  ).map(({ who }) => who);
const set = (id: string | undefined, change: ReturnType<typeof sql>): Promise<unknown> =>
  test.db.run(sql`update calls.task set ${change} where id = ${id ?? ''}`);
const give = (tasks: string[], more: Record<string, string> = {}) =>
  page.post('/handover/tasks', { tasks, to: 'm02', why: '顶班', back: LIST, ...more });

describe('CAM-3 some tasks of a manager, given to another one', () => {
  it('are ticked in the list of the campaign: those that can move, by a supervisor', async () => {
    await set(ids[3], sql`state = 'done', closed_at = ${test.clock.now()}`);
    const boxes = (html: string): string[] => [...html.matchAll(/name="tasks" value="(\d+)"/g)].map(([, id]) => id ?? '');
    expect(boxes((await page.get(LIST)).text).sort()).toEqual(ids.slice(0, 3).sort());
    expect(boxes((await (await logIn(test, 'planner-e')).get(LIST)).text)).toEqual([]);
  });

  it('are shown first, with what happens to each, and nothing has moved', async () => {
    await set(ids[0], sql`callback_at = ${new Date('2026-11-24T15:30:00+08:00')}`);
    await set(ids[1], sql`state = 'claimed', lease_until = ${new Date('2026-11-24T12:00:00+08:00')}`);
    const { status, text } = await page.get(asking(ids.slice(0, 3)));
    expect(status).toBe(200);
    expect(text).toContain('把这2个任务交给谁？');
    expect(text).toContain('其中1个是约好的回拨，时间不变');
    expect(text).toContain('正在通话或处理，由手上的人做完');
    expect(text).toMatch(/<option value="m02" *>周可欣 · 东一组 · 手上0个/);
    expect(text).not.toContain('value="m11"');
    expect(await owners()).toEqual(['m01', 'm01', 'm01', 'm01']);
  });

  it('move with a line in their history and in the audit log; a promised callback keeps its minute, the customer stays', async () => {
    const at = new Date('2026-11-24T15:30:00+08:00');
    await set(ids[0], sql`callback_at = ${at}`);
    const done = await give([ids[0] ?? '', ids[2] ?? '']);
    expect([done.status, done.headers.location]).toEqual([303, LIST]);
    expect((await page.get(LIST)).text).toContain('已把2个任务交给周可欣');
    expect(await owners()).toEqual(['m02', 'm01', 'm02', 'm01']);
    expect(await test.db.one(sql`select callback_at as at from calls.task where id = ${ids[0] ?? ''}`)).toEqual({ at });
    expect(
      await test.db.one(
        sql`select count(*)::int as n from customers.customer c join staff.app_user u on u.id = c.manager_id where u.username = 'm02'`,
      ),
    ).toEqual({ n: 0 });
    expect(
      await test.db.rows(sql`
        select f.username as from, t.username as to, b.username as by, a.why from calls.assignment a join staff.app_user f on f.id = a.from_owner
        join staff.app_user t on t.id = a.to_owner join staff.app_user b on b.id = a.by_user where a.why = '顶班'`),
    ).toEqual(Array.from({ length: 2 }, () => ({ from: 'm01', to: 'm02', by: 'supervisor-e', why: '顶班' })));
    const { detail } = await test.db.one<{ detail: object }>(sql`select detail from staff.audit_entry where action = 'task.handed-over'`);
    expect(detail).toMatchObject({ from: ['m01'], to: 'm02', why: '顶班', tasks: [ids[0], ids[2]], stayed: [] });
  });

  it('leave behind, by name, what is being called or was finished meanwhile', async () => {
    await set(ids[1], sql`state = 'claimed', lease_until = ${new Date('2026-11-24T12:00:00+08:00')}`);
    await set(ids[2], sql`state = 'done', closed_at = ${test.clock.now()}`);
    expect((await give(ids)).status).toBe(303);
    expect(await owners()).toEqual(['m02', 'm01', 'm01', 'm02']);
    const names = await test.db.rows<{ name: string }>(
      sql`select c.name from calls.task t join customers.customer c on c.id = t.customer_id where t.id = any(${ids.slice(1, 3)}::bigint[]) order by t.id`,
    );
    const { text } = await page.get(LIST);
    expect(text).toContain('已把2个任务交给周可欣；没有交出：');
    expect(text).toContain(`${names[0]?.name}（正在通话或处理，由手上的人做完）`);
    expect(text).toContain(`${names[1]?.name}（已经办完或取消）`);
  });

  it('say so when none can move any more, and keep what was typed', async () => {
    await set(ids[1], sql`state = 'claimed', lease_until = ${new Date('2026-11-24T12:00:00+08:00')}`);
    const { status, text } = await give([ids[1] ?? '']);
    expect(status).toBe(409);
    expect(text).toContain('没有交出：这1个任务');
    expect(await owners()).toEqual(['m01', 'm01', 'm01', 'm01']);
  });

  it.each([
    ['nobody known', 'm99'],
    ['a manager of another city', 'm11'],
    ['a supervisor', 'supervisor-e'],
  ])('go to no one but an active manager of the scope: %s', async (_who, to) => {
    const { status, text } = await give(ids, { to });
    expect(status).toBe(422);
    expect(text).toMatch(/id="to-error"[^]*?接不了：要是您范围内在岗的客户经理</);
    expect(await owners()).toEqual(['m01', 'm01', 'm01', 'm01']);
  });

  it('are unknown to a supervisor of another city and refused to a manager', async () => {
    const west = await centre.house('admin');
    await west.post('/users', { username: 'supervisor-w', role: 'supervisor', orgUnit: 'west', name: '何主管', password: 'starcare-test' });
    const order = { tasks: ids.slice(0, 1), to: 'm11', why: 'x' };
    expect((await (await centre.house('supervisor-w')).post('/tasks/handover', order)).status).toBe(404);
    expect((await (await centre.house('m01')).post('/tasks/handover', order)).status).toBe(403);
    expect(await owners()).toEqual(['m01', 'm01', 'm01', 'm01']);
  });

  it('can be given by a program, which is told what stayed; a second time there is nothing left', async () => {
    const api = await centre.house('supervisor-e');
    await set(ids[1], sql`state = 'claimed', lease_until = ${new Date('2026-11-24T12:00:00+08:00')}`);
    const order = { tasks: ids.slice(0, 2), to: 'm02', why: 'x' };
    expect((await api.post('/tasks/handover', order)).body).toMatchObject({
      to: { username: 'm02' },
      moved: 1,
      stayed: [{ task: ids[1], why: 'claimed' }],
    });
    expect((await api.post('/tasks/handover', order)).status).toBe(409);
    expect((await api.post('/tasks/handover', { to: 'm02', why: 'x' })).status).toBe(422);
  });

  it('one promised callback goes from the live board', async () => {
    await set(ids[0], sql`callback_at = ${new Date('2026-11-24T10:20:00+08:00')}`);
    const { text } = await page.get('/live');
    expect(text).toContain(`/handover/tasks?tasks=${ids[0]}&amp;back=/live`);
    const asked = await page.get(`/handover/tasks?tasks=${ids[0]}&back=/live`);
    expect(asked.text).toContain('其中1个是约好的回拨');
    expect((await give([ids[0] ?? ''], { back: '/live' })).headers.location).toBe('/live');
    expect((await give([ids[1] ?? ''], { back: '//elsewhere.example' })).headers.location).toBe('/live');
  });

  it('without a tick says what to do', async () => {
    expect((await page.get('/handover/tasks')).text).toContain('还没有勾选任务');
  });
});
