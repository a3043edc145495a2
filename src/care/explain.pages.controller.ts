import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { CurrentUser } from '../staff/staff.types.js';
import { ExplanationsQueries } from './explanations.queries.js';

/** Of a field that stands twice in an address the last one counts. */
function lastOf(value: unknown): string {
  const last: unknown = [value].flat().at(-1);
  return typeof last === 'string' ? last : '';
}

@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('care')
export class ExplainPagesController {
  constructor(
    private readonly clock: Clock,
    private readonly explanations: ExplanationsQueries,
    private readonly forms: Forms,
  ) {}

  /** Why a customer is contacted on a day, or is not. */
  @Get('explain')
  async explain(@CurrentUser() user: CurrentUser, @Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const [phone, day] = [lastOf(query.phone), lastOf(query.date)];
    const date = day || dayOf(this.clock.now());
    const asked = { phone, date };
    if (!phone) return reply.view('care/explain', { asked });
    try {
      const told = await this.explanations.explain(user, { phone, date, locale: reply.request.locale });
      await reply.view('care/explain', {
        asked,
        customer: told.customer,
        decisions: told.decisions.map((one) => ({ ...one, code: one.rule })),
      });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.forms.again(reply, { view: 'care/explain', context: () => ({ asked }) }, error);
    }
  }
}
