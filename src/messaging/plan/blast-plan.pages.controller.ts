import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { Roles } from '../../platform/http/access.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { BlastPlanQueries } from './blast-plan.queries.js';
import { planView } from './blast-plan.views.js';

/** Before the start: how many it goes to, and on which days. Counting them takes a moment, so the page of the draft fetches it as a part of its own. */
@ApiExcludeController()
@Controller('sms/blasts/:code/plan')
export class BlastPlanPagesController {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly plans: BlastPlanQueries,
    private readonly clock: Clock,
  ) {}

  @Roles('planner', 'supervisor', 'client')
  @Get()
  async show(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const blast = await this.blasts.byCode(user, code);
    const { audience, plan } = blast.state === 'draft' ? await this.plans.draft(blast) : { audience: blast.audience, plan: this.plans.rest(blast) };
    const page = { blast, audience, plan: planView(blast, plan, this.clock.now()) };
    if (isHtmx(request)) await reply.view('messaging/blast-plan', page, { layout: false });
    else await reply.view('messaging/blast-plan-page', page);
  }
}
