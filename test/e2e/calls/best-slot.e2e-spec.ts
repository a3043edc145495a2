import fc from 'fast-check';
import { slotScores } from '../../../src/calls/claims/best-slot.policy.js';
import { slotEvidence, slotScoresOf } from '../../../src/calls/claims/best-slot.queries.js';
import { SlotRates } from '../../../src/calls/claims/slot-rates.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must, refusal } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(async () => {
  await centre.clear();
  await test.db.run(sql`delete from calls.slot_rate`);
});
afterAll(() => test.close());

/** Calls of the past by their books: `2026-11-20 19:00` and whether they were answered. */
async function past(customerIds: readonly string[], calls: readonly [string, boolean][]): Promise<void> {
  const rows = await test.db.rows<{ number: string }>(
    sql`select number from customers.line where customer_id = any(${customerIds}::bigint[]) order by customer_id`,
  );
  await centre.hand('call-records', [
    '被叫,开始时间,客户经理,结果,通话时长,活动',
    ...rows.flatMap(({ number }) =>
      calls.map(([at, answered]) => `${number.slice(3)},${at}:00,m01,${answered ? '已触达' : '无人接'},${answered ? 30 : 0},past`),
    ),
  ]);
}

const notBefore = async (): Promise<string> =>
  (
    await test.db.one<{ at: string }>(
      sql`select to_char(not_before at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') as at from calls.task where state = 'open' order by id limit 1`,
    )
  ).at;

const count = (): Promise<void> => test.app.get(SlotRates, { strict: false }).count(test.clock.now());

describe('CAM-4 redial in the slot the customer answers in', () => {
  it('somebody who answered in the evening is dialled in the evening, not in the next slot', async () => {
    const ids = await centre.customers('m01', [5]);
    await centre.draft('past');
    await past(ids, [
      ['2026-11-17 19:10', true],
      ['2026-11-18 19:20', true],
      ['2026-11-19 15:10', false],
      ['2026-11-20 15:10', false],
    ]);
    await centre.campaign('spring');
    await centre.call('m01', { outcome: 'no_answer' });
    expect(await notBefore()).toBe('11-24 19:00');
  });

  it('CAM-6, CAM-8 a corrected outcome and the redial list go to the same hour as the outcome itself; who is not known goes to the hour chosen', async () => {
    const ids = await centre.customers('m01', [5]);
    await centre.draft('past');
    await past(ids, [
      ['2026-11-17 19:10', true],
      ['2026-11-18 19:20', true],
      ['2026-11-19 15:10', false],
      ['2026-11-20 15:10', false],
    ]);
    await centre.campaign('spring');
    const { attempt } = await centre.call('m01', { outcome: 'reached', talkSeconds: 20 });
    await must((await centre.house('m01')).patch(`/attempts/${attempt.id}`, { outcome: 'no_answer', reason: '点错了' }), 200);
    expect(await notBefore()).toBe('11-24 19:00');
    await test.db.run(sql`update calls.task set not_before = null`);
    const planner = await centre.house('planner-e');
    const list = await must(planner.post('/campaigns/spring/redial-list', { from: 14, own: true }), 200);
    expect(list).toMatchObject({ tasks: 1, own: 1, hours: [{ at: '2026-11-24T11:00:00.000Z', tasks: 1 }] });
    expect(await notBefore()).toBe('11-24 19:00');
    expect(await refusal(planner.post('/campaigns/spring/redial-list', { from: 14, own: true }))).toBe('409 redial_nothing');
    const page = await logIn(test, 'planner-e');
    await test.db.run(sql`update calls.task set not_before = null`);
    expect((await page.get('/campaigns/spring/redial')).text).toContain('1个任务换时段：1个按客户自己容易接的时段，其余等到今天 18:00。');
    expect((await page.get('/campaigns/spring/redial?from=14&own=false')).text).toContain('1个任务会等到今天 14:00再打');
    await test.db.run(sql`delete from calls.attempt_key using calls.attempt a where a.id = attempt_id and a.source = 'feed'`);
    await test.db.run(sql`delete from calls.attempt where source = 'feed'`);
    expect((await page.get('/campaigns/spring/redial?from=14&own=false&own=true')).text).toContain('0个按客户自己容易接的时段，其余等到今天 14:00。');
    expect((await page.post('/campaigns/spring/redial', { from: '14', own: 'true' })).status).toBe(303);
    expect(await notBefore()).toBe('11-24 14:00');
  });

  it('of whom nothing is known the like decide, and of the unlike nothing is taken', async () => {
    const like = await centre.customers('m01', Array<number>(40).fill(5));
    const unlike = await centre.customers('m01', Array<number>(40).fill(3));
    await centre.draft('past');
    await past(like, [
      ['2026-11-20 15:10', false],
      ['2026-11-21 17:10', true],
    ]);
    await past(unlike, [
      ['2026-11-20 20:10', true],
      ['2026-11-21 15:10', false],
    ]);
    await count();
    const [fresh = ''] = await centre.customers('m01', [5]);
    const scores = (await slotScoresOf(test.db, [fresh], test.clock.now())).get(fresh);
    expect(scores?.map(({ hour }) => hour)).toEqual([15, 17]);
    await test.db.run(sql`update customers.customer set call_consent = false where id <> ${fresh}`);
    await centre.campaign('spring');
    await centre.call('m01', { outcome: 'powered_off' });
    expect(await notBefore()).toBe('11-24 17:00');
  });

  it('where nothing is known the slots of the day stand', async () => {
    await centre.customers('m01', [5]);
    await centre.campaign('spring');
    await centre.call('m01', { outcome: 'cut_off' });
    expect(await notBefore()).toBe('11-24 14:00');
  });

  it('a number that does not exist is never dialled again, a suspended one a week later and marked, whatever the hours say', async () => {
    const ids = await centre.customers('m01', [5, 4]);
    await centre.draft('past');
    await past(ids, [
      ['2026-11-17 19:10', true],
      ['2026-11-18 15:20', true],
    ]);
    await centre.campaign('spring');
    await centre.call('m01', { outcome: 'invalid_number' });
    await centre.call('m01', { outcome: 'suspended' });
    expect(
      await test.db.rows(sql`select t.state, l.health from calls.task t join customers.line l on l.id = t.line_id order by t.star desc`),
    ).toEqual([
      { state: 'not_reached', health: 'invalid' },
      { state: 'open', health: 'suspended' },
    ]);
    expect(await notBefore()).toBe('12-01 09:00');
  });

  it('the statement for many says for each what the policy says for one', async () => {
    const ids = await centre.customers('m01', [5, 5, 4, 4, 3, 0]);
    await centre.draft('past');
    await past(ids, [['2026-11-17 19:10', true]]);
    const calls = fc.array(
      fc.record({
        who: fc.nat(ids.length - 1),
        minute: fc.integer({ min: 0, max: 250 * 1440 }),
        outcome: fc.constantFrom('reached', 'no_answer', 'busy', 'cut_off', 'converted'),
        channel: fc.constantFrom('call', 'call', 'call', 'wecom'),
      }),
      { maxLength: 60 },
    );
    const rates = fc.array(
      fc.record({ star: fc.nat(5), hour: fc.integer({ min: 7, max: 22 }), dials: fc.nat(60), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      {
        maxLength: 40,
      },
    );
    const now = test.clock.now();
    await fc.assert(
      fc.asyncProperty(calls, rates, async (made, known) => {
        await test.db.run(sql`delete from calls.attempt where note = 'made up'`);
        await test.db.run(sql`delete from calls.slot_rate`);
        const json = JSON.stringify(made.map(({ who, ...call }) => ({ ...call, customer: ids[who] })));
        await test.db.run(sql`
          insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_source, channel, note, created_at)
          select platform.uuid_v7(x.at), a.campaign_id, a.customer_id, a.line_id, a.manager_id, a.touch_id, 2, x.at, x.outcome, 'feed', 'switch', x.channel, 'made up', ${now}
          from (select m.*, ${now}::timestamptz - make_interval(mins => m.minute) as at
                from jsonb_to_recordset(${json}::jsonb) m(customer bigint, minute int, outcome text, channel text)) x
          join calls.attempt a on a.customer_id = x.customer and a.note is null`);
        await test.db.run(sql`
          insert into calls.slot_rate (star, hour, dials, answered)
          select star, hour, dials, floor(dials * share) from jsonb_to_recordset(${JSON.stringify(known)}::jsonb) k(star int, hour int, dials int, share float8)
          on conflict do nothing`);
        const many = await slotScoresOf(test.db, ids, now);
        for (const id of ids) {
          const { evidence, overall } = await slotEvidence(test.db, id, now);
          const one = slotScores(evidence, overall);
          expect((many.get(id) ?? []).map(({ hour }) => hour)).toEqual(one.map(({ hour }) => hour));
          for (const [i, { score }] of one.entries()) expect(many.get(id)?.[i]?.score).toBeCloseTo(score, 10);
        }
      }),
      { numRuns: 25 },
    );
  });
});
