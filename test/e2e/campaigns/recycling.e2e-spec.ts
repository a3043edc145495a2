import { sql } from '../../../src/platform/database/sql.js';
import { Recycling } from '../../../src/calls/lists/recycling.commands.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must, refusal } from '../calls/call-centre.js';

let test: TestApp;
let centre: CallCentre;

/** The managers of the east are m01 and m02; the clock stands on Tuesday 24 November, 10:00. */
beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
afterAll(() => test.close());
beforeEach(async () => centre.clear());

/** The list as R31 counts it. */
const parts = (code: string) =>
  test.db.one<{ assigned: number; free: number; done: number; list: number }>(sql`
    select count(*) filter (where t.state in ('open', 'claimed') and t.owner_id is not null)::int as assigned,
           count(*) filter (where t.state in ('open', 'claimed', 'recycled') and t.owner_id is null)::int as free,
           count(*) filter (where t.state in ('done', 'not_reached', 'cancelled'))::int as done, count(*)::int as list
    from calls.task t join campaigns.v_campaign c on c.id = t.campaign_id where c.code = ${code}`);
const owners = async (code: string): Promise<Record<string, number>> => {
  const rows = await test.db.rows<{ who: string; n: number }>(sql`
    select coalesce(u.username, t.state) as who, count(*)::int as n from calls.task t join campaigns.v_campaign c on c.id = t.campaign_id
    left join staff.v_user u on u.id = t.owner_id where c.code = ${code} group by 1`);
  return Object.fromEntries(rows.map((row) => [row.who, row.n]));
};
const ledger = () =>
  test.db.rows<{ from: string | null; to: string | null; by: string | null; why: string; recycled: boolean }>(sql`
    select f.username as from, t.username as to, b.username as by, a.why, a.recycled from calls.assignment a
    left join staff.app_user f on f.id = a.from_owner left join staff.app_user t on t.id = a.to_owner left join staff.app_user b on b.id = a.by_user order by a.id`);
const run = () => test.app.get(Recycling).run();
const NOTHING = { passedOn: 0, pooled: 0, ended: 0 };
const funnel = async (code: string) => (await (await centre.house('supervisor-e')).get(`/reports/funnel?campaign=${code}`)).body as object;

describe('CAM-4 a list has a limit for the first dial, and what is not dialled goes on (R31)', () => {
  it('within the limit nothing moves; past it, it goes to somebody else by the rule, and the ledger says who and why', async () => {
    await centre.customers('m01', [7, 6, 5, 4]);
    await centre.campaign('round', { kind: 'care', assignment: 'round-robin', attemptPolicy: { firstDialHours: 48 } });
    expect(await owners('round')).toEqual({ m01: 2, m02: 2 });
    await centre.call('m01', { outcome: 'no_answer' });
    const before = await funnel('round');
    await centre.moveTo('2026-11-26T09:59');
    expect(await run()).toEqual(NOTHING);
    await centre.moveTo('2026-11-26T10:00');
    expect(await run()).toEqual({ passedOn: 3, pooled: 0, ended: 0 });
    expect(await owners('round')).toEqual({ m01: 3, m02: 1 });
    expect(await ledger()).toEqual([
      { from: 'm01', to: 'm02', by: null, why: '超过首拨时限48小时未拨，收回转给他人', recycled: true },
      { from: 'm02', to: 'm01', by: null, why: '超过首拨时限48小时未拨，收回转给他人', recycled: true },
      { from: 'm02', to: 'm01', by: null, why: '超过首拨时限48小时未拨，收回转给他人', recycled: true },
    ]);
    expect(await parts('round')).toEqual({ assigned: 4, free: 0, done: 0, list: 4 });
    // first-dial and second-dial figures count dials: none was made
    expect(await funnel('round')).toEqual(before);
    expect(await run()).toEqual(NOTHING);
  });

  it('the limit begins anew with the next one; who let it run out gets it no second time: it lies in the pool', async () => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('twice', { kind: 'care', assignment: 'load', attemptPolicy: { firstDialHours: 24 } });
    await centre.moveTo('2026-11-25T10:00');
    expect(await run()).toEqual({ passedOn: 2, pooled: 0, ended: 0 });
    await centre.moveTo('2026-11-26T09:00');
    expect(await run()).toEqual(NOTHING);
    await centre.moveTo('2026-11-26T10:00');
    expect(await run()).toEqual({ passedOn: 0, pooled: 2, ended: 0 });
    expect(await parts('twice')).toEqual({ assigned: 0, free: 2, done: 0, list: 2 });
    expect((await centre.next('m01')).task).toBeUndefined();
  });

  it('a list of the owners goes to the pool, and the supervisor sees it, hands it out and is told who may not have it', async () => {
    await centre.customers('m01', [7, 6, 5]);
    await centre.campaign('own', { kind: 'care', assignment: 'owner' });
    await centre.moveTo('2026-11-26T10:00');
    expect(await run()).toEqual({ passedOn: 0, pooled: 3, ended: 0 });
    const supervisor = await centre.house('supervisor-e');
    expect((await supervisor.get('/campaigns/own')).body).toMatchObject({ tasks: { open: 0, recycled: 3, total: 3 } });
    const visitor = await logIn(test, 'supervisor-e');
    expect((await visitor.get('/campaigns/own/list')).text).toContain('首拨超过48小时收回3个任务：转给他人0次，其中已拨0个，现在待分配3个');
    expect((await visitor.get('/campaigns/own/pool')).text).toContain('平均分派这3个任务');
    expect((await visitor.post('/campaigns/own/pool', {})).text).toContain('请至少选一位客户经理');
    expect(await refusal(supervisor.post('/campaigns/own/pool', { to: ['m11'] }))).toBe('422 pool_receiver to');
    expect(await refusal((await centre.house('m01')).get('/campaigns/own/pool'))).toMatch(/^403/);
    expect(await must(supervisor.post('/campaigns/own/pool', { to: ['m01', 'm02'] }), 200)).toEqual({ tasks: 3 });
    expect(await owners('own')).toEqual({ m01: 2, m02: 1 });
    expect((await ledger()).slice(3)).toEqual([
      { from: null, to: 'm01', by: 'supervisor-e', why: '主管分派', recycled: false },
      { from: null, to: 'm02', by: 'supervisor-e', why: '主管分派', recycled: false },
      { from: null, to: 'm01', by: 'supervisor-e', why: '主管分派', recycled: false },
    ]);
    expect(await refusal(supervisor.post('/campaigns/own/pool', { to: ['m01'] }))).toBe('409 pool_empty');
    expect(await run()).toEqual(NOTHING);
    expect(await centre.take('m02')).toBeDefined();
  });

  it('by the owners’ rule it goes to whoever is the customer’s manager by now', async () => {
    const [first] = await centre.customers('m01', [7, 6]);
    await centre.campaign('moved', { kind: 'care', assignment: 'owner' });
    await test.db.run(sql`update customers.customer set manager_id = (select id from staff.app_user where username = 'm02') where id = ${first}`);
    await centre.moveTo('2026-11-26T10:00');
    expect(await run()).toEqual({ passedOn: 1, pooled: 1, ended: 0 });
    expect(await owners('moved')).toEqual({ m02: 1, recycled: 1 });
  });

  it('what is held, promised or held back by the gate stays where it is; a pause begins the limit anew', async () => {
    await centre.customers('m01', [7, 6, 5, 4]);
    await centre.campaign('stays', { kind: 'care', assignment: 'owner' });
    const planner = await centre.house('planner-e');
    await centre.moveTo('2026-11-26T09:50');
    await centre.take('m01');
    await test.db.run(sql`update calls.task set callback_at = '2026-11-27T10:00+08:00' where star = 6`);
    await test.db.run(sql`update calls.task set not_before = '2026-11-27T09:00+08:00', refused_reason = 'cap_reached' where star = 5`);
    await must(planner.post('/campaigns/stays/pause'), 200);
    await centre.moveTo('2026-11-26T10:00');
    expect(await run()).toEqual(NOTHING);
    await must(planner.post('/campaigns/stays/resume'), 200);
    expect(await run()).toEqual(NOTHING);
    await centre.moveTo('2026-11-28T10:00');
    expect(await run()).toEqual({ passedOn: 0, pooled: 2, ended: 0 });
    expect(await owners('stays')).toEqual({ m01: 2, recycled: 2 });
    await must(planner.post('/campaigns/stays/close'), 200);
  });

  it('in calling hours, nights and the week-end do not count', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('office', { kind: 'care', assignment: 'owner', attemptPolicy: { firstDialHours: 18, limitHours: 'working' } });
    await centre.moveTo('2026-11-26T09:59');
    expect(await run()).toEqual(NOTHING);
    await centre.moveTo('2026-11-26T10:00');
    expect(await run()).toMatchObject({ pooled: 1 });
  });
});

describe('CAM-4 a list has a limit for its completion', () => {
  it('past it tasks end and say why; a promised callback is kept', async () => {
    await centre.customers('m01', [7, 6, 5]);
    await centre.campaign('short', { kind: 'care', assignment: 'owner', attemptPolicy: { completionHours: 30 } });
    await centre.call('m01', { outcome: 'no_answer' });
    await test.db.run(sql`update calls.task set callback_at = '2026-11-27T10:00+08:00' where star = 5`);
    await centre.moveTo('2026-11-25T16:00');
    expect(await run()).toEqual({ passedOn: 0, pooled: 0, ended: 2 });
    const ends = await test.db.rows(sql`select star, state, close_reason as why from calls.task order by star desc`);
    expect(ends).toEqual([
      { star: 7, state: 'not_reached', why: 'completion_limit' },
      { star: 6, state: 'cancelled', why: 'completion_limit' },
      { star: 5, state: 'open', why: null },
    ]);
    expect((await (await logIn(test, 'supervisor-e')).get('/campaigns/short/list')).text).toContain('过了办结时限');
    expect(await parts('short')).toEqual({ assigned: 1, free: 0, done: 2, list: 3 });
  });

  it('without one the last day of the campaign is it, the pool included', async () => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('ends', { kind: 'care', assignment: 'owner', endsOn: '2026-11-26' });
    await centre.moveTo('2026-11-26T23:59');
    expect(await run()).toMatchObject({ pooled: 2 });
    await centre.moveTo('2026-11-27T00:00');
    expect(await run()).toMatchObject({ ended: 2 });
    expect(await test.db.rows(sql`select distinct state, close_reason as why from calls.task`)).toEqual([
      { state: 'cancelled', why: 'campaign_over' },
    ]);
  });
});

describe('CAM-1 a closed campaign leaves nothing on a list (R31)', () => {
  const OFF = { state: 'cancelled', why: 'campaign_closed', callback: null };
  const ended = () => test.db.rows(sql`select distinct state, close_reason as why, callback_at as callback from calls.task`);
  const closed = async (): Promise<string> => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('shut', { kind: 'care', assignment: 'owner' });
    const { id } = await centre.take('m01');
    await must((await centre.house('planner-e')).post('/campaigns/shut/close'), 200);
    await drainJobs(test.app);
    expect(await parts('shut')).toEqual({ assigned: 1, free: 0, done: 1, list: 2 });
    return id;
  };

  it('also not the customer somebody was calling: given back, the task is off', async () => {
    const id = await closed();
    expect(await must((await centre.house('m01')).post(`/tasks/${id}/release`, { reason: '活动停了' }), 200)).toMatchObject({ state: 'cancelled' });
    expect(await ended()).toEqual([OFF]);
  });

  it('abandoned, it is off when its lease is over', async () => {
    await closed();
    await centre.moveTo('2026-11-24T12:00');
    await tickSchedules(test.app);
    expect(await ended()).toEqual([OFF]);
  });

  it.each([
    ['no_answer', {}],
    ['callback', { callbackAt: '2026-11-24T15:00:00+08:00' }],
  ])('recorded as %s nobody is to call again', async (outcome, more) => {
    const { task } = await centre.record('m01', await closed(), { outcome, ...more });
    expect(task).toMatchObject({ state: 'cancelled', callbackAt: null });
    expect(await ended()).toEqual([OFF]);
  });

  it('what was reached on that call counts as done', async () => {
    const { task } = await centre.record('m01', await closed(), { outcome: 'reached', talkSeconds: 40 });
    expect(task).toMatchObject({ state: 'done' });
  });
});
