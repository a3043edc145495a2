import fc from 'fast-check';
import { type Day, dayOf } from '../../src/kernel/day.js';
import { sql } from '../../src/platform/database/sql.js';
import { type Counting, limitAfterWait, limitFrom, percentUsed } from '../../src/tickets/deadline.policy.js';
import type { TicketRow } from '../../src/tickets/tickets.types.js';
import { countdown } from '../../src/tickets/tickets.views.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const MINUTE_MS = 60_000;
const NOW = new Date('2026-11-24T10:30:00+08:00');
const DAYS: readonly Day[] = Array.from({ length: 400 }, (_, i) => dayOf(new Date(NOW.getTime() + (i - 30) * 1440 * MINUTE_MS))).filter(
  (_, i) => i % 7 < 5 && i % 31 > 2,
);

const minutes = (most: number) => fc.integer({ min: 1, max: most });
const counting = fc.constantFrom<Counting['hours']>('clock', 'working').map((hours) => ({ hours, workFrom: '09:00', workTo: '18:00', days: DAYS }));
const later = (from: Date, by: number): Date => new Date(from.getTime() + by * MINUTE_MS);

describe('TIC-2, TIC-3 the percent and the escalation', () => {
  it('are of the same time, however often the customer was waited for', () => {
    fc.assert(
      fc.property(
        fc.record({
          counting,
          whole: minutes(6000),
          start: minutes(10_000),
          waits: fc.array(fc.tuple(minutes(3000), minutes(6000)), { maxLength: 3 }),
        }),
        minutes(9000),
        ({ counting: how, whole, start, waits }, look) => {
          let at = later(NOW, start - 5000);
          let limit = limitFrom(at, whole, how);
          for (const [before, length] of waits) {
            const wait = { from: later(at, before), to: later(at, before + length) };
            limit = limitAfterWait(limit, wait, how);
            at = wait.to;
          }
          at = later(at, look);
          expect(percentUsed(whole, { due: limit.due, at }, how) >= 80).toBe(at >= limit.escalate);
          expect(percentUsed(whole, { due: limit.due, at }, how) === 100).toBe(at >= limit.due);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('TIC-3 what is put before superiors', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await createTestApp();
  });
  afterAll(() => test.close());

  const moment = fc.integer({ min: -3, max: 3 }).map((hours) => later(NOW, hours * 60));
  const ticket = fc.record({
    state: fc.constantFrom('open', 'assigned', 'answered', 'waiting', 'solved', 'closed'),
    answeredAt: fc.option(moment),
    answerDue: moment,
    solveDue: moment,
    answerEscalate: moment,
    solveEscalate: moment,
    escalatedLimit: fc.constantFrom('answer', 'solve', null),
  });

  it('is in the database what the countdown warns of, or says is late, and was not put there for this limit', async () => {
    await fc.assert(
      fc.asyncProperty(ticket, async (drawn) => {
        const { due } = await test.db.one<{ due: boolean }>(sql`
          with made as (
            insert into customers.customer (star_level, status, org_unit_id, created_at, updated_at)
            select 0, 'active', id, ${NOW}, ${NOW} from staff.org_unit order by path limit 1 returning id, org_unit_id)
          insert into tickets.ticket (kind, scope, tier, major, text, customer_id, state, org_unit_id, opened_at, limit_version, answered_at, waiting_since,
                                      answer_due, solve_due, answer_escalate, solve_escalate, escalated_at, escalated_limit)
          select 'complaint', 'inside', 'other', false, '', id, ${drawn.state}, org_unit_id, ${NOW}, 1, ${drawn.answeredAt}, ${drawn.state === 'waiting' ? NOW : null},
                 ${drawn.answerDue}, ${drawn.solveDue}, ${drawn.answerEscalate}, ${drawn.solveEscalate},
                 case when ${drawn.escalatedLimit}::text is not null then ${NOW}::timestamptz end, ${drawn.escalatedLimit}
          from made returning escalate_at <= ${NOW} as due`);
        const row = { openedAt: NOW, solvedAt: null, waitingSince: NOW, ...drawn } as TicketRow;
        const { tone, limit, kind } = countdown(row, NOW);
        const runs = kind === 'left' || kind === 'late';
        const warned = tone === 'warn' || (kind === 'late' && (limit === 'answer' ? row.answerEscalate : row.solveEscalate) <= NOW);
        const before = limit === 'answer' ? row.escalatedLimit !== null : row.escalatedLimit === 'solve';
        expect(due).toBe(runs && warned && !before);
      }),
      { numRuns: 300 },
    );
  });
});
