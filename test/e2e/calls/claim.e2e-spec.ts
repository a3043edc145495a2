import { ClaimRounds } from '../../../src/calls/claims/claim-rounds.commands.js';
import type { Claimed } from '../../../src/calls/claims/leases.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { tickSchedules } from '../../support/drain-jobs.js';
import { figure } from '../../support/figure.js';
import { CallCentre, refusal, type Task } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(() => centre.clear());
afterAll(() => test.close());

describe('CAM-5 nobody is given who may not be called', () => {
  it('an empty list says so', async () => {
    expect(await centre.next('m01')).toEqual({ reason: 'empty' });
  });

  it('GOV-4 in quiet hours nobody is given, the reason is told, and at the opening the list goes on', async () => {
    await centre.customers('m01', [5, 4]);
    await centre.campaign('c1');
    await centre.moveTo('2026-11-24T12:30');
    expect(await centre.next('m01')).toEqual({ reason: 'quiet_hours' });
    expect(await centre.next('m01')).toEqual({ reason: 'quiet_hours' });
    await centre.moveTo('2026-11-24T14:00');
    expect((await centre.next('m01')).task?.customer.starLevel).toBe(5);
  });

  it('GOV-5 a customer whose calls are used up is stepped over and leaves the queue until then', async () => {
    const [capped] = await centre.customers('m01', [7, 3]);
    await centre.campaign('c1');
    await centre.campaign('c2', { kind: 'care' });
    for (let i = 0; i < 2; i++) {
      const contact = await (await centre.house('m01')).post(`/customers/${capped}/contacts`, { channel: 'call', outcome: 'no_answer' });
      expect(contact.status).toBe(201);
    }
    const task = await centre.take('m01');
    expect(task.customer.starLevel).toBe(3);
    const held = (await centre.tasks('m01')).filter((t) => t.customer.id === capped);
    expect(held.map((t) => t.notBefore)).toEqual(expect.arrayContaining([expect.stringMatching(/^2026-11-2/)]));
    expect((await centre.touches('refused')).map((touch) => touch.reasons)).toEqual(expect.arrayContaining([['cap_reached']]));
  });

  it('GOV-5 when all are held back the desk says all_capped, also when asked again', async () => {
    const [only] = await centre.customers('m01', [7]);
    await centre.campaign('c1');
    for (let i = 0; i < 2; i++) await (await centre.house('m01')).post(`/customers/${only}/contacts`, { channel: 'call', outcome: 'no_answer' });
    expect(await centre.next('m01')).toEqual({ reason: 'all_capped' });
    expect(await centre.next('m01')).toEqual({ reason: 'all_capped' });
  });

  it('R18 a block that came after the launch is obeyed at the claim', async () => {
    await centre.customers('m01', [7, 2]);
    await centre.campaign('c1');
    const blocked = (await centre.tasks('m01')).find((task) => task.customer.starLevel === 7);
    const number = await test.db.one<{ number: string }>(sql`select number from customers.line where customer_id = ${blocked?.customer.id}`);
    await test.db.run(
      sql`insert into contact.block (number, channel, reason, source, created_at) values (${number.number}, 'all', 'test', 'test', ${test.clock.now()})`,
    );
    expect((await centre.take('m01')).customer.starLevel).toBe(2);
  });

  it('GOV-5 two people who press at once, with one customer on both their lists, share what the caps leave', async () => {
    const [shared] = await centre.customers('m01', [7]);
    await centre.campaign('c1');
    await centre.campaign('c2', { kind: 'care' });
    await (await centre.house('m01')).post(`/customers/${shared}/contacts`, { channel: 'call', outcome: 'no_answer' });
    await test.db.run(sql`
      update calls.task t set owner_id = (select id from staff.app_user where username = 'm02') from campaigns.campaign c where c.id = t.campaign_id and c.code = 'c2'`);
    const claims = await pressAtOnce('m01', 'm02');
    expect(claims.filter((claim) => claim && 'taskId' in claim)).toHaveLength(1);
    expect(claims.flatMap((claim) => (claim && 'refused' in claim ? claim.verdict.reasons : []))).toEqual(['cap_reached']);
    expect(await centre.touches('reserved')).toHaveLength(1);
  });

  it('GOV-4 of people who press at once each is judged by their own campaign, in their own name', async () => {
    await centre.customers('m01', [5]);
    await centre.campaign('c1');
    await centre.customers('m02', [4]);
    await centre.campaign('c2');
    await test.db.run(sql`update campaigns.campaign set call_window = '[["10:30", "12:00"]]' where code = 'c2'`);
    const claims = await pressAtOnce('m01', 'm02', 'm11');
    expect(claims).toMatchObject([
      { taskId: expect.stringMatching(/^\d+$/) },
      { verdict: { reasons: ['quiet_hours'], until: new Date('2026-11-24T10:30:00+08:00') } },
      undefined,
    ]);
    const touches = await test.db.rows(sql`
      select u.username, t.state, t.source from contact.touch t join staff.app_user u on u.id = t.actor_id where t.state <> 'confirmed' order by u.username`);
    expect(touches).toEqual([
      { username: 'm01', state: 'reserved', source: 'desk' },
      { username: 'm02', state: 'refused', source: 'desk' },
    ]);
  });

  it('a paused campaign gives nobody, a resumed one goes on', async () => {
    await centre.customers('m01', [5]);
    await centre.campaign('c1');
    const planner = await centre.house('planner-e');
    await planner.post('/campaigns/c1/pause');
    expect(await centre.next('m01')).toEqual({ reason: 'empty' });
    await planner.post('/campaigns/c1/resume');
    expect((await centre.next('m01')).task).toBeDefined();
  });

  it('SYS-1 another manager can neither claim nor see the task', async () => {
    await centre.customers('m01', [5]);
    await centre.campaign('c1');
    const task = await centre.take('m01');
    const other = await centre.house('m02');
    expect(await refusal(other.post(`/tasks/${task.id}/claim`))).toBe('404 not_found');
    expect(await refusal(other.post(`/tasks/${task.id}/attempts`, { outcome: 'reached', talkSeconds: 20 }))).toBe('404 not_found');
    expect(await centre.tasks('m02')).toEqual([]);
    expect(await centre.next('m02')).toEqual({ reason: 'empty' });
  });
});

describe('CAM-5 the next customer', () => {
  it('comes in the order of due date, star and value, with script, reasons and the whole number', async () => {
    await centre.customers('m01', [3, 7, 5]);
    await centre.campaign('c1', { script: '{{honorific|您}}好' });
    const task = await centre.take('m01');
    expect(task).toMatchObject({ campaign: 'c1', state: 'claimed', attempts: 0, customer: { starLevel: 7 }, leaseUntil: '2026-11-24T02:30:00.000Z' });
    expect(task.customer.phone).toMatch(/^\+8613\d{9}$/);
    expect(task.reasons).toEqual(['活动：活动c1']);
    expect(task.script?.opening.length).toBeGreaterThan(0);
    expect(task.closingLine).toBeTruthy();
  });

  it('a second press gives the held task again, and one reservation counts', async () => {
    await centre.customers('m01', [5, 4]);
    await centre.campaign('c1');
    const first = await centre.take('m01');
    expect((await centre.take('m01')).id).toBe(first.id);
    expect(await centre.touches('reserved')).toHaveLength(1);
  });

  it('is only of the campaign asked for', async () => {
    await centre.customers('m01', [5]);
    await centre.campaign('c1');
    await centre.customers('m01', [2]);
    await centre.campaign('c2');
    expect((await centre.next('m01', 'c2')).task?.campaign).toBe('c2');
    expect(await refusal((await centre.house('m02')).post('/call-desk/next', { campaign: 'none' }))).toBe('404 not_found');
  });

  it('CAM-4 a callback whose minute has come goes before everything, also in another window', async () => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('c1');
    const { task } = await centre.call('m01', { outcome: 'callback', talkSeconds: 30, callbackAt: '2026-11-24T12:30:00+08:00' });
    await centre.call('m01', { outcome: 'no_answer' });
    await centre.moveTo('2026-11-24T12:29');
    expect((await centre.next('m01')).task).toBeUndefined();
    await centre.moveTo('2026-11-24T12:30');
    const back = await centre.take('m01');
    expect(back.id).toBe(task.id);
    expect(back.reasons[0]).toBe('约定 12:30 回拨');
  });

  it('fifty presses at once give fifty different tasks, and the fifty-first person none', async () => {
    await centre.customers(
      'm01',
      Array.from({ length: 50 }, (_, i) => (i % 7) + 1),
    );
    await centre.campaign('c1');
    // one person at fifty screens would get one task: here each press belongs to a person of their own who shares the list
    const ids = await fiftyPeopleOnOneList(centre);
    expect(new Set(ids).size).toBe(50);
    const rows = await test.db.rows<{ n: number }>(sql`select count(*)::int as n from calls.task where state = 'claimed' group by claimed_by`);
    expect(rows).toHaveLength(50);
  }, 60_000);

  it('fifty presses of one person at once give one task', async () => {
    await centre.customers('m01', [1, 2, 3, 4, 5]);
    await centre.campaign('c1');
    const m01 = await centre.house('m01');
    const answers = await Promise.all(Array.from({ length: 50 }, () => m01.post('/call-desk/next')));
    const ids = answers.map((answer) => (answer.body as { task: Task }).task.id);
    expect(new Set(ids).size).toBe(1);
    expect(await centre.touches('reserved')).toHaveLength(1);
  }, 60_000);
});

describe('R32 a lease', () => {
  it('runs out after thirty minutes: the task returns by itself and its reservation counts no more', async () => {
    await centre.customers('m01', [5]);
    await centre.campaign('c1');
    const task = await centre.take('m01');
    test.clock.advance(31 * 60_000);
    await tickSchedules(test.app);
    expect((await centre.tasks('m01'))[0]).toMatchObject({ id: task.id, state: 'open', leaseUntil: null });
    expect(await centre.touches('voided')).toHaveLength(1);
    expect(await refusal((await centre.house('m01')).post(`/tasks/${task.id}/attempts`, { outcome: 'reached', talkSeconds: 60 }))).toBe(
      '409 lease_lost',
    );
  });

  it('R33 given back with a reason is free at once, and the trail says who and why', async () => {
    await centre.customers('m01', [5]);
    await centre.campaign('c1');
    const task = await centre.take('m01');
    const m01 = await centre.house('m01');
    expect((await m01.post(`/tasks/${task.id}/release`, { reason: '先开会' })).status).toBe(200);
    expect(await refusal(m01.post(`/tasks/${task.id}/release`, { reason: '再一次' }))).toBe('409 lease_lost');
    expect(await test.db.one(sql`select why from calls.assignment where task_id = ${task.id}`)).toEqual({ why: '先开会' });
    expect((await centre.take('m01')).id).toBe(task.id);
  });

  it('SYS-1 what never was hers cannot be given back, and a campaign of others looks like one that never was', async () => {
    await centre.customers('m01', [5]);
    await centre.campaign('c1');
    const task = await centre.take('m01');
    const stranger = await centre.house('m11');
    for (const id of [task.id, '99999999', 'abc'])
      expect(await refusal(stranger.post(`/tasks/${id}/release`, { reason: '不是我的' }))).toBe('404 not_found');
    for (const campaign of ['c1', 'nowhere']) expect(await refusal(stranger.post('/call-desk/next', { campaign }))).toBe('404 not_found');
    expect((await centre.next('m01', 'c1')).task?.id).toBe(task.id);
  });

  it('of a chosen task takes whichever stands on the own list; the gate refuses it with the rule and its end', async () => {
    await centre.customers('m01', [7, 1]);
    await centre.campaign('c1');
    const low = (await centre.tasks('m01')).find((task) => task.customer.starLevel === 1);
    const m01 = await centre.house('m01');
    await centre.moveTo('2026-11-24T12:30');
    const refused = await m01.post(`/tasks/${low?.id}/claim`);
    expect(refused.status).toBe(409);
    expect((refused.body as { error: { code: string; message: string } }).error).toMatchObject({
      code: 'quiet_hours',
      message: '现在是静默时段，14:00 自动恢复',
    });
    await centre.moveTo('2026-11-24T14:00');
    const claimed = await m01.post(`/tasks/${low?.id}/claim`);
    expect((claimed.body as { task: Task }).task).toMatchObject({ id: low?.id, state: 'claimed' });
  });
});

describe('SYS-2 numbers', () => {
  it('are masked in a manager’s list but for the task she holds, and whole for a planner', async () => {
    await centre.customers('m01', [5, 4]);
    await centre.campaign('c1');
    const held = await centre.take('m01');
    const phones = new Map((await centre.tasks('m01')).map((task) => [task.id, task.customer.phone]));
    expect(phones.get(held.id)).toMatch(/^\+86/);
    expect([...phones.values()].filter((phone) => phone.includes('****'))).toHaveLength(1);
    expect((await centre.tasks('planner-e')).every((task) => /^\+86\d{11}$/.test(task.customer.phone))).toBe(true);
  });
});

describe('SYS-5 the time of a claim', () => {
  it('is measured for every press, by its answer', async () => {
    const pressed = (answer: string): Promise<number> => figure(test, 'starcare_claim_seconds_count', `answer="${answer}"`);
    const before = { task: await pressed('task'), empty: await pressed('empty'), quiet: await pressed('quiet_hours') };
    await centre.next('m01');
    await centre.customers('m01', [5]);
    await centre.campaign('c1');
    await centre.take('m01');
    await centre.take('m01');
    await centre.moveTo('2026-11-24T12:30');
    await centre.customers('m02', [5]);
    await centre.campaign('c2');
    await centre.next('m02');
    expect([await pressed('task'), await pressed('empty'), await pressed('quiet_hours')]).toEqual([
      before.task + 2,
      before.empty + 1,
      before.quiet + 1,
    ]);
    const slow = await figure(test, 'starcare_claim_seconds_bucket', 'le="\\+Inf",answer="task"');
    expect(slow).toBe(before.task + 2);
  });
});

/** One press of each, so close together that they are served in one round. */
async function pressAtOnce(...people: string[]): Promise<Claimed[]> {
  const rows = await test.db.rows<{ id: string; username: string }>(
    sql`select id, username from staff.app_user where username = any(${people}::text[])`,
  );
  const ids = new Map(rows.map(({ id, username }) => [username, id]));
  const rounds = test.app.get(ClaimRounds, { strict: false });
  return Promise.all(people.map((who) => rounds.next({ userId: ids.get(who) ?? '', campaignId: null, closedCampaigns: [] })));
}

/** Fifty managers, and the list of m01 shared out among them one by one, claimed at the same moment. */
async function fiftyPeopleOnOneList({ test, house }: CallCentre): Promise<string[]> {
  const admin = await house('admin');
  const people = Array.from({ length: 50 }, (_, i) => `desk${i}`);
  for (const username of people) {
    const made = await admin.post('/users', { username, role: 'manager', orgUnit: 'east-1', name: username, password: 'starcare-test' });
    expect(made.status).toBe(201);
  }
  await test.db.run(sql`
    update calls.task t set owner_id = u.id
    from (select id, row_number() over (order by id) as n from calls.task) x,
         (select id, row_number() over (order by id) as n from staff.app_user where username like 'desk%') u
    where t.id = x.id and u.n = x.n`);
  const doors = await Promise.all(people.map((username) => house(username)));
  const answers = await Promise.all(doors.map((door) => door.post('/call-desk/next')));
  return answers.map((answer) => (answer.body as { task: Task }).task.id);
}
