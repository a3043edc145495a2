import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import type { TestApp } from '../../support/test-app.js';
import { type CallCentre, must, refusal } from './call-centre.js';
import { DispatchWorld, HEADER } from './dispatch-world.js';
import type { Imported } from '../../support/hand-in.js';

let test: TestApp;
let centre: CallCentre;
let world: DispatchWorld;

beforeAll(async () => {
  world = await DispatchWorld.open();
  ({ test, centre } = world);
});
beforeEach(() => world.clear());
afterAll(() => world.close());

const counts = ({ created, updated, unchanged, duplicate, rejected }: Imported): number[] => [created, updated, unchanged, duplicate, rejected];
const block = async (phone: string, body: object = {}): Promise<void> => {
  await must((await centre.house('planner-e')).post('/contact/blocks', { phone, channel: 'call', reason: '客户要求', ...body }), 201);
};
const correct = async (attemptId: string, form: object): Promise<void> => {
  await must((await centre.house('supervisor-e')).patch(`/attempts/${attemptId}`, { reason: '听录音', ...form }), 200);
};
const enable = async (rule: string, settings?: object): Promise<void> => {
  const planner = await centre.house('planner-e');
  const { version } = (await must(planner.get(`/care/rules/${rule}`), 200)) as { version: number };
  await must(planner.put(`/care/rules/${rule}`, { enabled: true, version, ...(settings ? { settings } : {}) }), 200);
};
const plan = async (date: string): Promise<{ planned: Record<string, number> }> => {
  const planner = await centre.house('planner-e');
  const { id } = (await must(planner.post('/care/plan-runs', { date }), 202)) as { id: string };
  await drainJobs(test.app);
  return (await must(planner.get(`/care/plan-runs/${id}`), 200)) as { planned: Record<string, number> };
};
const bornOn = (id: string, month: number, day: number): Promise<number> =>
  test.db.run(sql`update customers.customer set birth_month = ${month}, birth_day = ${day}, birth_calendar = 'solar' where id = ${id}`);
const dues = (id: string): Promise<object[]> =>
  test.db.rows(
    sql`select rule_code as rule, cycle, state, task_id as "taskId" from care.due where customer_id = ${id} and channel = 'call' order by 1, 2`,
  );
/** The night of the schedules, five past twelve. */
const night = async (day: string): Promise<void> => {
  await centre.moveTo(`${day}T00:06`);
  await tickSchedules(test.app);
};

describe('FED-5 dispatches that cannot be taken', () => {
  it('are rejected row by row, each with its reason, and the others are taken', async () => {
    const [a] = await world.people('m01', 7);
    const [west] = await world.people('m11', 7);
    await world.campaign('care-1');
    const taken = await world.hand([
      `D1,${a?.phone},care-1,2026-12-01,省BSS,关怀,`,
      `D2,13100000000,care-1,2026-12-01,省BSS,关怀,`,
      `D3,${west?.phone},care-1,2026-12-01,省BSS,关怀,`,
      `D4,${a?.phone},autumn,2026-12-01,省BSS,关怀,`,
      `D5,${a?.phone},care-1,下周,省BSS,关怀,`,
      `,${a?.phone},care-1,2026-12-01,省BSS,关怀,`,
    ]);
    expect(counts(taken)).toEqual([1, 0, 0, 0, 5]);
    const rejects = await world.rejects(taken.id);
    for (const words of ['没有这个号码的客户', '没有这个活动', '日期应像', '必填，这里是空的']) expect(rejects).toContain(words);
    expect((await world.list()).map(({ dispatchNo }) => dispatchNo)).toEqual(['D1']);
  });

  it('a number that stands for another customer or campaign stays with it', async () => {
    const [a, b] = await world.people('m01', 7, 6);
    await world.campaign('care-1');
    await world.campaign('care-2');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,省BSS,,`]);
    const taken = await world.hand([`D1,${b?.phone},care-1,2026-12-01,省BSS,,`, `D1,${a?.phone},care-2,2026-12-01,省BSS,,`]);
    expect(counts(taken)).toEqual([0, 0, 0, 0, 2]);
    expect(await world.rejects(taken.id)).toContain('已经用于另一位客户或另一个活动');
    // the same number of another system is another dispatch
    expect(counts(await world.hand([`D1,${b?.phone},care-1,2026-12-01,集团CRM,,`]))).toEqual([1, 0, 0, 0, 0]);
  });

  it('SYS-1 neither customers nor campaigns of another unit can be named, and a manager hands nothing in', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    expect(counts(await world.hand([`D1,${a?.phone},care-1,2026-12-01,,,`], 'planner-w'))).toEqual([0, 0, 0, 0, 1]);
    expect(await refusal((await centre.house('m01')).upload('/imports?feed=dispatch', HEADER))).toBe('403 role_refused');
  });
});

describe('FED-5 a dispatch puts its customer on the campaign’s list', () => {
  it('with the customer’s manager, due today, until its deadline; the desk says who asked', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    await world.hand([`D-001,${a?.phone},care-1,2026/12/1 18:00,省BSS,生日关怀,请尽快`]);
    const [task, ...more] = await world.tasks(a?.id ?? '');
    expect(more).toEqual([]);
    expect(task).toMatchObject({ campaign: 'care-1', state: 'open', owner: 'm01', dueOn: '2026-11-24', deadlineOn: '2026-12-01' });
    expect(await world.one('D-001')).toMatchObject({
      source: '省BSS',
      bizType: '生日关怀',
      note: '请尽快',
      deadline: '2026-12-01',
      phone: `+86${a?.phone}`,
      state: 'open',
      result: null,
      manager: 'm01',
      taskId: task?.id,
    });
    expect((await centre.take('m01')).reasons).toEqual(['派单 D-001（省BSS · 生日关怀），12月1日截止：请尽快']);
  });

  it('on a day off it is due on the next working day, but never after its deadline', async () => {
    const [a, b] = await world.people('m01', 7, 6);
    await world.campaign('care-1');
    await centre.moveTo('2026-11-28T10:00'); // a Saturday
    await world.hand([`D1,${a?.phone},care-1,2026-12-04,,,`, `D2,${b?.phone},care-1,2026-11-29,,,`]);
    expect((await world.tasks(a?.id ?? ''))[0]?.dueOn).toBe('2026-11-30');
    expect((await world.tasks(b?.id ?? ''))[0]?.dueOn).toBe('2026-11-29');
  });

  it('CAM-3 by the campaign’s own rule: in turn from file to file, or to whoever has least to do', async () => {
    const [a, b, c, d] = await world.people('m01', 7, 6, 5, 4);
    await world.campaign('turn', { assignment: 'round-robin' });
    await world.hand([`D1,${a?.phone},turn,2026-12-01,,,`]);
    await world.hand([`D2,${b?.phone},turn,2026-12-01,,,`]);
    const turns = [(await world.one('D1')).manager, (await world.one('D2')).manager];
    expect([...turns].sort()).toEqual(['m01', 'm02']);
    await world.campaign('load', { assignment: 'load' });
    await world.hand([`D3,${c?.phone},load,2026-12-01,,,`, `D4,${d?.phone},load,2026-12-01,,,`]);
    expect([(await world.one('D3')).manager, (await world.one('D4')).manager].sort()).toEqual(['m01', 'm02']);
  });

  it('two dispatches of one customer are one call, and the earliest deadline rules', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    expect(counts(await world.hand([`D1,${a?.phone},care-1,2026-12-05,省BSS,,`, `D1,${a?.phone},care-1,2026-12-02,集团CRM,,`]))).toEqual([
      2, 0, 0, 0, 0,
    ]);
    await world.hand([`D2,${a?.phone},care-1,2026-11-30,省BSS,,`]);
    const tasks = await world.tasks(a?.id ?? '');
    expect(tasks.map(({ deadlineOn }) => deadlineOn)).toEqual(['2026-11-30']);
    const { attempt } = await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    expect(attempt.task?.state).toBe('done');
    expect(await world.balance()).toMatchObject({ dispatched: 3, returned: 3, done: 3, open: 0 });
  });

  it('joins the open task the campaign has for the customer already; one that is over is not opened again', async () => {
    const [a] = await world.people('m01', 7);
    await centre.campaign('spring', { kind: 'care' });
    await world.hand([`D1,${a?.phone},spring,2026-12-01,,,`]);
    expect((await world.tasks(a?.id ?? '')).map(({ deadlineOn }) => deadlineOn)).toEqual(['2026-12-01']);
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    await world.hand([`D2,${a?.phone},spring,2026-12-10,,,`]);
    expect((await world.tasks(a?.id ?? '')).map(({ state, cycle }) => `${state} ${cycle}`)).toEqual(['done ', 'open dispatch:/D2']);
    expect([await world.ended('D1'), await world.ended('D2')]).toEqual(['returned done reached', 'open']);
  });

  it('CAM-1 a campaign that starts later finds the dispatched customer on its list, once', async () => {
    const [a, b] = await world.people('m01', 7, 6);
    const planner = await centre.house('planner-e');
    const form = { code: 'later', name: '稍后', kind: 'care', startsOn: '2026-11-01', endsOn: '2026-12-31', filter: { starLevel: [6, 7] } };
    await must(planner.post('/campaigns', form), 201);
    await world.hand([`D1,${a?.phone},later,2026-12-01,,,`]);
    expect(await centre.next('m01')).toEqual({ reason: 'empty' });
    await must(planner.post('/campaigns/later/launch'), 200, 201);
    await drainJobs(test.app);
    expect(await world.tasks(a?.id ?? '')).toHaveLength(1);
    expect(await world.tasks(b?.id ?? '')).toHaveLength(1);
    expect((await centre.take('m01')).customer.id).toBe(a?.id);
  });
});

describe('FED-4 FED-5 the same dispatches again', () => {
  it('the same bytes, and the same rows in another spelling and order, change nothing', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    const row = `D1,${a?.phone},care-1,2026-12-01,省BSS,关怀,急`;
    await world.hand([row]);
    const before = await test.db.rows(sql`select * from calls.dispatch join calls.task t on t.id = task_id`);
    expect(await world.hand([row])).toMatchObject({ reason: 'already_imported', created: 0, updated: 0, unchanged: 1 });
    const turned = await world.handFile(`来源系统,备注,业务类型,截止,活动,手机号码,派单号\n省BSS,急,关怀,2026-12-01,care-1,${a?.phone},D1`);
    expect(counts(turned)).toEqual([0, 0, 1, 0, 0]);
    expect(await test.db.rows(sql`select * from calls.dispatch join calls.task t on t.id = task_id`)).toEqual(before);
  });

  it('an open one may be asked for differently: its task follows; in one file the later row counts', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,,关怀,`]);
    expect(counts(await world.hand([`D1,${a?.phone},care-1,2026-11-26,,关怀,`, `D1,${a?.phone},care-1,2026-12-20,,关怀,改期`]))).toEqual([
      0, 1, 0, 1, 0,
    ]);
    expect(await world.one('D1')).toMatchObject({ deadline: '2026-12-20', note: '改期' });
    expect((await world.tasks(a?.id ?? ''))[0]?.deadlineOn).toBe('2026-12-20');
    // a file without the columns leaves them alone
    expect(counts(await world.handFile(`派单号,手机号码,活动,截止\nD1,${a?.phone},care-1,2026-11-25`))).toEqual([0, 1, 0, 0, 0]);
    expect(await world.one('D1')).toMatchObject({ deadline: '2026-11-25', note: '改期', bizType: '关怀' });
    expect((await world.tasks(a?.id ?? ''))[0]?.deadlineOn).toBe('2026-11-25');
  });

  it('one that was returned cannot be asked for differently', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,,,`]);
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    expect(counts(await world.hand([`D1,${a?.phone},care-1,2026/12/01,,,`]))).toEqual([0, 0, 1, 0, 0]);
    const taken = await world.hand([`D1,${a?.phone},care-1,2026-12-09,,,`]);
    expect(counts(taken)).toEqual([0, 0, 0, 0, 1]);
    expect(await world.rejects(taken.id)).toContain('已经回单');
  });
});

describe('FED-5 each dispatch ends once: done, not reached, or returned with a reason', () => {
  it.each<[string, object, string]>([
    ['reached', { outcome: 'reached', talkSeconds: 60 }, 'returned done reached'],
    ['refused', { outcome: 'refused', reason: 'tariff', talkSeconds: 60 }, 'returned done refused'],
    ['asked not to be called', { outcome: 'do_not_call', talkSeconds: 20 }, 'returned done do_not_call'],
    ['a number that does not exist', { outcome: 'invalid_number' }, 'returned returned invalid_number'],
    ['nobody answers the last attempt', { outcome: 'no_answer' }, 'returned not_reached max_attempts'],
    ['a promise to call back keeps it open', { outcome: 'callback', talkSeconds: 20, callbackAt: '2026-11-24T15:00:00+08:00' }, 'open'],
  ])('%s', async (_what, form, ended) => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1', { attemptPolicy: { maxAttempts: 1, minGapMinutes: 0 } });
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,,,`]);
    await centre.call('m01', form);
    expect(await world.ended('D1')).toBe(ended);
  });

  it('what need not come to a list is returned at once: too late, closed campaign, blocked, left, nobody’s', async () => {
    const [late, closed, blocked, left, nobodys, fine] = await world.people('m01', 7, 6, 5, 4, 3, 2);
    await world.campaign('care-1');
    await world.campaign('over');
    await must((await centre.house('planner-e')).post('/campaigns/over/close', { reason: 'x' }), 200, 201);
    await drainJobs(test.app);
    await block(blocked?.phone ?? '');
    await test.db.run(sql`update customers.customer set status = 'churned' where id = ${left?.id ?? ''}`);
    await test.db.run(sql`update customers.customer set manager_id = null where id = ${nobodys?.id ?? ''}`);
    const taken = await world.hand([
      `late,${late?.phone},care-1,2026-11-23,,,`,
      `closed,${closed?.phone},over,2026-12-01,,,`,
      `blocked,${blocked?.phone},care-1,2026-12-01,,,`,
      `left,${left?.phone},care-1,2026-12-01,,,`,
      `nobodys,${nobodys?.phone},care-1,2026-12-01,,,`,
      `fine,${fine?.phone},care-1,2026-12-01,,,`,
    ]);
    expect(counts(taken)).toEqual([6, 0, 0, 0, 0]);
    const ended = Object.fromEntries((await world.list()).map(({ dispatchNo, result, reason }) => [dispatchNo, [result, reason]]));
    expect(ended).toEqual({
      late: ['returned', 'expired'],
      closed: ['returned', 'campaign_closed'],
      blocked: ['returned', 'blocked'],
      left: ['returned', 'inactive'],
      nobodys: ['returned', 'no_manager'],
      fine: [null, null],
    });
    expect(await world.balance()).toMatchObject({ dispatched: 6, returned: 5, undone: 5, open: 1, overdue: 1, toTell: 5 });
  });

  it('GOV-2 an opt-out stops a dispatch for marketing and none for care; a block that ends before the deadline stops neither', async () => {
    const [a, b] = await world.people('m01', 7, 6);
    await world.campaign('sale', { kind: 'marketing' });
    await world.campaign('care-1');
    await test.db.run(
      sql`insert into contact.block (number, channel, scope, reason, source, created_at) values (${`+86${a?.phone}`}, 'call', 'marketing', 'TD', 'test', ${test.clock.now()})`,
    );
    await block(b?.phone ?? '', { until: '2026-11-27T00:00:00+08:00' });
    await world.hand([`D1,${a?.phone},sale,2026-12-01,,,`, `D2,${a?.phone},care-1,2026-12-01,,,`, `D3,${b?.phone},care-1,2026-12-01,,,`]);
    expect([await world.ended('D1'), await world.ended('D2'), await world.ended('D3')]).toEqual(['returned returned opted_out', 'open', 'open']);
  });

  it('the gate’s no for good at the claim hands it back, its task leaves the list; a no that passes does not', async () => {
    const [a, b] = await world.people('m01', 7, 6);
    await world.campaign('care-1');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,,,`, `D2,${b?.phone},care-1,2026-12-01,,,`]);
    await block(a?.phone ?? '');
    await block(b?.phone ?? '', { until: '2026-11-27T00:00:00+08:00' });
    expect(await centre.next('m01')).toEqual({ reason: 'all_capped' });
    expect([await world.ended('D1'), await world.ended('D2')]).toEqual(['returned returned blocked', 'open']);
    expect((await world.tasks(a?.id ?? ''))[0]).toMatchObject({ state: 'cancelled', closeReason: 'dispatch_ended' });
    expect((await world.tasks(b?.id ?? ''))[0]).toMatchObject({ state: 'open' });
  });

  it('each night the deadlines that passed and the customers who may not be called any more go back', async () => {
    const [a, b, c] = await world.people('m01', 7, 6, 5);
    await world.campaign('care-1');
    await world.hand([`D1,${a?.phone},care-1,2026-11-25,,,`, `D2,${b?.phone},care-1,2026-12-01,,,`, `D3,${c?.phone},care-1,2026-12-01,,,`]);
    await test.db.run(sql`update customers.customer set status = 'churned' where id = ${b?.id ?? ''}`);
    await night('2026-11-25'); // the last day itself is no day too late
    expect([await world.ended('D1'), await world.ended('D2'), await world.ended('D3')]).toEqual(['open', 'returned returned inactive', 'open']);
    await night('2026-11-26');
    expect([await world.ended('D1'), await world.ended('D3')]).toEqual(['returned returned expired', 'open']);
    expect((await world.tasks(a?.id ?? ''))[0]?.state).toBe('cancelled');
    await night('2026-11-27');
    expect(await world.balance()).toMatchObject({ dispatched: 3, returned: 2, open: 1, overdue: 1 });
  });

  it('an expired dispatch leaves the task to whoever else wants it: the campaign’s own list', async () => {
    const [a] = await world.people('m01', 7);
    await centre.campaign('spring', { kind: 'care', attemptPolicy: { firstDialHours: 720 } });
    await world.hand([`D1,${a?.phone},spring,2026-12-03,,,`]);
    await night('2026-12-04');
    expect(await world.ended('D1')).toBe('returned returned expired');
    expect((await world.tasks(a?.id ?? ''))[0]?.state).toBe('open');
    await centre.moveTo('2026-12-04T10:00');
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    expect(await world.ended('D1')).toBe('returned returned expired');
  });

  it('a campaign that closes hands its open dispatches back', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,,,`]);
    await must((await centre.house('planner-e')).post('/campaigns/care-1/close', { reason: 'x' }), 200, 201);
    await drainJobs(test.app);
    expect(await world.ended('D1')).toBe('returned returned campaign_closed');
  });

  it('CAM-3 handed over to another manager it stays the same dispatch', async () => {
    const [a] = await world.people('m01', 7);
    await world.campaign('care-1');
    await world.hand([`D1,${a?.phone},care-1,2026-12-01,,,`]);
    await must((await centre.house('supervisor-e')).post('/users/m01/handover', { to: ['m02'], moves: 'all', why: '休假' }), 200);
    expect(await world.one('D1')).toMatchObject({ state: 'open', manager: 'm02' });
    await centre.call('m02', { outcome: 'reached', talkSeconds: 60 });
    expect(await world.one('D1')).toMatchObject({ result: 'done', manager: 'm02', attempts: 1 });
  });

  it('dispatched = returned + open in every instant, while outcomes are recorded, corrected and files come in at once', async () => {
    const people = [...(await world.people('m01', ...Array<number>(12).fill(5))), ...(await world.people('m02', ...Array<number>(12).fill(4)))];
    await world.campaign('care-1', { attemptPolicy: { maxAttempts: 1, minGapMinutes: 0 } });
    await world.hand(people.map(({ phone }, i) => `D${i},${phone},care-1,2026-12-01,S${i % 3},T${i % 2},`));
    const seen: string[] = [];
    let working = true;
    const watch = async (): Promise<void> => {
      while (working) {
        const { dispatched, returned, open, done, notReached, undone, rows } = await world.balance('supervisor-e');
        const wrong = [{ dispatched, returned, open, done, notReached, undone }, ...rows].filter(
          (row) => row.dispatched !== row.returned + row.open || row.returned !== row.done + row.notReached + row.undone,
        );
        const ended = await test.db.one<{ tasks: number; dispatches: number }>(sql`
          select count(*) filter (where t.state not in ('open', 'claimed'))::int as tasks, count(*) filter (where d.state = 'returned')::int as dispatches
          from reporting.dispatch d join calls.task t on t.id = d.task_id`);
        seen.push(wrong.length > 0 || ended.tasks !== ended.dispatches ? JSON.stringify({ wrong, ended }) : `ok ${returned}`);
      }
    };
    /** A file on its way holds the customers it names for a moment. */
    const take = async (who: string): Promise<string> => {
      for (;;) {
        const { task } = await centre.next(who);
        if (task) return task.id;
      }
    };
    const work = async (who: string): Promise<void> => {
      for (let i = 0; i < 12; i++) {
        const attempt = await centre.record(who, await take(who), i % 3 === 0 ? { outcome: 'no_answer' } : { outcome: 'reached', talkSeconds: 60 });
        if (i % 4 === 0) await correct(attempt.id, i % 3 === 0 ? { outcome: 'reached' } : { outcome: 'refused' });
      }
    };
    const more = world.hand(people.map(({ phone }, i) => `E${i},${phone},care-1,2026-12-02,S9,T9,`));
    const watching = watch();
    await Promise.all([work('m01'), work('m02'), more]);
    working = false;
    await watching;
    expect(seen.filter((one) => !one.startsWith('ok'))).toEqual([]);
    expect(seen.length).toBeGreaterThan(5);
    expect(await world.balance()).toMatchObject({ dispatched: 48 });
    const twice = await test.db.rows(
      sql`select customer_id from calls.task where state in ('open', 'claimed') group by customer_id, campaign_id having count(*) > 1`,
    );
    expect(twice).toEqual([]);
  });
});

describe('CAR-4 FED-5 a dispatched contact and our own rule merge', () => {
  it('birthday, our own rule first: the dispatch joins the planned call, and the earlier deadline rules', async () => {
    const [a] = await world.people('m01', 7);
    await bornOn(a?.id ?? '', 11, 27);
    await enable('birthday', { horizonDays: 10 });
    await plan('2026-11-24');
    await world.hand([`D1,${a?.phone},birthday,2026-11-30,省BSS,生日关怀,`]);
    const [task, ...more] = await world.tasks(a?.id ?? '');
    expect(more).toEqual([]);
    expect(task).toMatchObject({ campaign: 'birthday', dueOn: '2026-11-27', deadlineOn: '2026-11-27' });
    await world.hand([`D2,${a?.phone},birthday,2026-11-25,省BSS,生日关怀,`]);
    expect((await world.tasks(a?.id ?? '')).map(({ dueOn, deadlineOn }) => [dueOn, deadlineOn])).toEqual([['2026-11-25', '2026-11-25']]);
    await centre.moveTo('2026-11-25T10:00');
    const { task: called } = await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    expect(called.reasons).toHaveLength(3);
    expect([await world.ended('D1'), await world.ended('D2')]).toEqual(['returned done reached', 'returned done reached']);
  });

  it('birthday, the dispatch first: the plan run makes no second task, waits for the day, and is kept by the one call', async () => {
    const [a] = await world.people('m01', 7);
    await bornOn(a?.id ?? '', 11, 27);
    await world.hand([`D1,${a?.phone},birthday,2026-11-30,省BSS,生日关怀,`]);
    expect((await world.tasks(a?.id ?? ''))[0]?.dueOn).toBe('2026-11-24');
    await enable('birthday', { horizonDays: 10 });
    expect((await plan('2026-11-24')).planned).toMatchObject({ birthday: 1 });
    const [task, ...more] = await world.tasks(a?.id ?? '');
    expect(more).toEqual([]);
    expect(task).toMatchObject({ state: 'open', dueOn: '2026-11-27', deadlineOn: '2026-11-27' });
    expect(await dues(a?.id ?? '')).toMatchObject([{ rule: 'birthday', state: 'open', taskId: task?.id }]);
    expect((await plan('2026-11-24')).planned).toMatchObject({ birthday: 0 });
    await centre.moveTo('2026-11-27T10:00');
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60, topics: ['birthday'] });
    await drainJobs(test.app);
    expect(await world.ended('D1')).toBe('returned done reached');
    expect(await dues(a?.id ?? '')).toMatchObject([{ state: 'done' }]);
  });

  it('birthday, the dispatched call is over when the rule’s day comes: nobody is wished a happy birthday twice', async () => {
    const [a] = await world.people('m01', 7);
    await bornOn(a?.id ?? '', 11, 27);
    await world.hand([`D1,${a?.phone},birthday,2026-11-30,省BSS,生日关怀,`]);
    await centre.call('m01', { outcome: 'reached', talkSeconds: 60 });
    await enable('birthday');
    await centre.moveTo('2026-11-27T08:00');
    await plan('2026-11-27');
    expect((await world.tasks(a?.id ?? '')).map(({ state }) => state)).toEqual(['done']);
    expect(await dues(a?.id ?? '')).toMatchObject([{ rule: 'birthday', state: 'done' }]);
  });

  it('birthday, our own call is over when the dispatch comes: it is answered by that call', async () => {
    const [a] = await world.people('m01', 7);
    await bornOn(a?.id ?? '', 11, 26);
    await enable('birthday', { horizonDays: 10 });
    await plan('2026-11-24');
    await centre.moveTo('2026-11-26T10:00');
    const { attempt } = await centre.call('m01', { outcome: 'reached', talkSeconds: 60, topics: ['birthday'] });
    await drainJobs(test.app);
    await world.hand([`D1,${a?.phone},birthday,2026-11-30,省BSS,生日关怀,`]);
    expect(await world.tasks(a?.id ?? '')).toHaveLength(1);
    expect(await world.one('D1')).toMatchObject({ result: 'done', reason: 'reached', attempts: 1 });
    // and follows it when it is corrected
    await correct(attempt.id, { outcome: 'no_answer' });
    expect(await world.ended('D1')).toBe('open');
  });

  it('CAR-1 star revisit, either way round: one task, the rule’s reason and the dispatch on it', async () => {
    const [a, b] = await world.people('m01', 7, 7);
    await world.hand([`D1,${a?.phone},star-revisit,2026-12-10,,,`]);
    await enable('star-revisit');
    await plan('2026-11-24');
    await world.hand([`D2,${b?.phone},star-revisit,2026-11-28,,,`]);
    for (const { id } of [a, b].map((one) => one ?? { id: '' })) {
      const open = (await world.tasks(id)).filter(({ dueOn }) => dueOn < '2026-12-01');
      expect(open).toHaveLength(1);
    }
    expect((await world.tasks(a?.id ?? ''))[0]).toMatchObject({ deadlineOn: '2026-11-30' });
    expect((await world.tasks(b?.id ?? ''))[0]).toMatchObject({ deadlineOn: '2026-11-28' });
    const shown = await centre.tasks('m01', 'dueTo=2026-11-30');
    expect(shown.map(({ reasons }) => reasons.length)).toEqual([2, 2]);
    expect(shown.flatMap(({ reasons }) => reasons).filter((text) => text.startsWith('派单'))).toHaveLength(2);
  });

  it('CAR-1 a visit on another campaign settles our own reason, and the dispatch of that kind with it, but no other', async () => {
    const [a] = await world.people('m01', 7);
    await world.hand([`revisit,${a?.phone},star-revisit,2026-12-10,,,`]);
    await enable('star-revisit');
    await plan('2026-11-24');
    await world.campaign('care-1');
    await world.hand([`other,${a?.phone},care-1,2026-12-10,,,`]);
    const { task } = await centre.next('m01', 'care-1');
    await centre.record('m01', task?.id ?? '', { outcome: 'reached', talkSeconds: 60 });
    await drainJobs(test.app);
    expect([await world.ended('other'), await world.ended('revisit')]).toEqual(['returned done reached', 'returned done care_fulfilled']);
  });

  it('CAR-1 a birthday call by dispatch that took a revisit along is not called off when the revisit is settled elsewhere', async () => {
    const [a] = await world.people('m01', 7);
    await world.hand([`wish,${a?.phone},birthday,2026-12-10,,,`]);
    await enable('star-revisit');
    await plan('2026-11-24');
    expect((await world.tasks(a?.id ?? '')).filter(({ dueOn }) => dueOn < '2026-12-01')).toHaveLength(1);
    await must((await centre.house('m01')).post(`/customers/${a?.id}/contacts`, { channel: 'visit', outcome: 'reached' }), 201);
    await drainJobs(test.app);
    expect(await world.ended('wish')).toBe('open');
    expect((await world.tasks(a?.id ?? ''))[0]?.state).toBe('open');
  });
});
