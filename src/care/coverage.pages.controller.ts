import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { dayOf, isDay } from '../kernel/day.js';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { isRuleCode } from './care.types.js';
import { COVERAGE_SHOWN, type CoverageAsk, CoverageQueries } from './coverage.queries.js';

const A_PAGE = 50;

/** The promises behind a figure of the overview: whose, by when, and how they stand (REP-1, CAR-1). */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('care/coverage')
export class CoverageRowsController {
  constructor(
    private readonly clock: Clock,
    private readonly coverage: CoverageQueries,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const today = dayOf(this.clock.now());
    const ask = asAsk(query, today);
    const found = await this.coverage.count(user, ask, today);
    const page = await this.coverage.rows(user, ask, { today, limit: A_PAGE, ...(query.cursor ? { cursor: query.cursor } : {}) });
    await reply.view('care/coverage', {
      ask: { ...ask, month: ask.month.slice(0, 7) },
      parts: COVERAGE_SHOWN,
      found,
      rows: page.items,
      next: page.nextCursor,
    });
  }
}

/** What the address says, as far as it can be understood. */
function asAsk({ month, part, rule, star }: Record<string, string | undefined>, today: string): CoverageAsk {
  const first = `${month ?? ''}-01`;
  return {
    month: isDay(first) ? first : `${today.slice(0, 7)}-01`,
    part: COVERAGE_SHOWN.find((one) => one === part) ?? 'due',
    ...(rule && isRuleCode(rule) ? { rule } : {}),
    ...(star && /^[0-7]$/.test(star) ? { star: Number(star) } : {}),
  };
}
