import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { Roles } from '../platform/http/access.js';
import { StaffQueries } from '../staff/staff.queries.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CareRulesQueries } from './care-rules.queries.js';
import { type PromotionClock, PromotionClockQueries } from './promotion-clock.queries.js';
import { CLOCK_STATES, type Step } from './promotion-clock.policy.js';
import { PROMOTION_CHECKS } from './rules/star-promotion.rule.js';

const TONES: Record<Step['state'], string> = {
  late: 'bad',
  missing: 'warn',
  running: 'info',
  waiting: '',
  done: 'ok',
  done_late: 'teal',
  passed: '',
};
const STATE_TONES = { late: 'bad', missing: 'warn', running: 'info', done: 'ok' } as const;
const A_PAGE = 50;

/** The clock of newly promoted customers: bound, told, visited (CAR-2). */
@Roles('planner', 'supervisor')
@ApiExcludeController()
@Controller('care/promotions')
export class PromotionsPagesController {
  constructor(
    private readonly clock: PromotionClockQueries,
    private readonly rules: CareRulesQueries,
    private readonly staff: StaffQueries,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const state = CLOCK_STATES.find((one) => one === query.state);
    const manager = typeof query.manager === 'string' && query.manager !== '' ? query.manager : undefined;
    const [all, rule, managers] = await Promise.all([
      this.clock.list(user, manager),
      this.rules.byCode('star-promotion'),
      this.staff.activeManagers(user),
    ]);
    const found = state ? all.filter((row) => row.state === state) : all;
    const page = pageAfter(found, query.cursor);
    await reply.view('care/promotions', {
      ask: { state, manager },
      filtered: state !== undefined || manager !== undefined,
      enabled: rule.enabled,
      states: CLOCK_STATES.map((code) => ({ code, tone: STATE_TONES[code], count: all.filter((row) => row.state === code).length })),
      managers: managers.map(({ username, name }) => ({ username, name })),
      found: found.length,
      next: page.nextCursor,
      rows: page.items.map((row) => ({ ...row, tone: STATE_TONES[row.state], steps: row.steps.map(stepView), checks: checksOf(row) })),
    });
  }
}

/** The rows behind the last one of the page before; all from the start where that one is gone meanwhile. @throws DomainError cursor_invalid */
function pageAfter(rows: readonly PromotionClock[], cursor?: string): Page<PromotionClock> {
  const key = decodeCursor(cursor, 2);
  const last = key ? rows.findIndex(({ customerId, promotedOn }) => customerId === key[0] && promotedOn === key[1]) : -1;
  return pageOf(rows.slice(last + 1, last + A_PAGE + 2), A_PAGE, ({ customerId, promotedOn }) => [customerId, promotedOn]);
}

/** How far the visit went through its checklist; null while there was none. */
function checksOf({ visitState, topics }: PromotionClock): object | null {
  if (visitState !== 'done') return null;
  const missing = PROMOTION_CHECKS.filter((check) => !topics.includes(check));
  return { done: PROMOTION_CHECKS.length - missing.length, of: PROMOTION_CHECKS.length, missing };
}

const stepView = (step: Step): object => ({
  ...step,
  tone: TONES[step.state],
  overdue: step.state === 'late',
  days: Math.abs(step.left ?? 0),
  counts: step.left !== null,
});
