import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CareRulesCommands } from './care-rules.commands.js';
import { CareRulesQueries } from './care-rules.queries.js';
import { ExplainForm, PlanRunForm, RuleForm } from './care.forms.js';
import type { RuleRow } from './care.types.js';
import { ruleView } from './care.views.js';
import { ExplanationsQueries, type Explanation } from './explanations.queries.js';
import type { PlanRun } from './planning/plan-run.types.js';
import { PlanRunsCommands } from './planning/plan-runs.commands.js';
import { PlanRunsQueries } from './planning/plan-runs.queries.js';

type RuleView = Pick<RuleRow, 'code' | 'enabled' | 'version' | 'settings'>;

@Roles('planner', 'supervisor')
@Controller('api/v1/care')
export class CareApiController {
  constructor(
    private readonly clock: Clock,
    private readonly rules: CareRulesQueries,
    private readonly ruleCommands: CareRulesCommands,
    private readonly runs: PlanRunsQueries,
    private readonly runCommands: PlanRunsCommands,
    private readonly explanations: ExplanationsQueries,
  ) {}

  @Get('rules')
  async list(): Promise<{ items: RuleView[]; nextCursor: null }> {
    return { items: (await this.rules.list()).map(ruleView), nextCursor: null };
  }

  @Get('rules/:code')
  async rule(@Param('code') code: string): Promise<RuleView> {
    return ruleView(await this.rules.byCode(code));
  }

  @Roles('planner')
  @Put('rules/:code')
  async change(@Param('code') code: string, @Body() form: RuleForm, @CurrentUser() user: CurrentUser): Promise<RuleView> {
    if (form.code !== undefined && form.code !== code) throw new DomainError('rule_code_differs', { param: 'code', params: { rule: code } });
    return ruleView(await this.ruleCommands.change(user, code, form));
  }

  @Roles('planner')
  @Post('plan-runs')
  @HttpCode(202)
  plan(@Body() form: PlanRunForm, @CurrentUser() user: CurrentUser): Promise<{ id: string }> {
    return this.runCommands.start(user, form);
  }

  @Get('plan-runs/:id')
  async run(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<PlanRun> {
    return this.runs.byId(user, id);
  }

  /** A manager may ask about her own customers. */
  @Roles('planner', 'supervisor', 'manager')
  @Get('explanations')
  async explain(@Query() form: ExplainForm, @CurrentUser() user: CurrentUser, @Req() request: FastifyRequest): Promise<{ decisions: Explanation[] }> {
    const date = form.date ?? dayOf(this.clock.now());
    const { decisions } = await this.explanations.explain(user, { phone: form.phone, date, locale: request.locale });
    return { decisions };
  }
}
