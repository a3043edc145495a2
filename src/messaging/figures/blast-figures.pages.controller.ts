import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { Roles } from '../../platform/http/access.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ArchivedBlasts } from '../archive/archived-blasts.queries.js';
import { isMoving } from '../blasts/blast-pages.views.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { BlastFiguresQueries } from './blast-figures.queries.js';
import { outcomeView } from './blast-figures.views.js';
import { BlastRuleQueries } from './blast-rule.queries.js';

/** What a blast brought; the page of the blast fetches it as a part of its own, now and then while it is under way: counting it is dearer than the figures above. */
@ApiExcludeController()
@Controller('sms/blasts/:code/figures')
export class BlastFiguresPagesController {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly figures: BlastFiguresQueries,
    private readonly rules: BlastRuleQueries,
    private readonly archived: ArchivedBlasts,
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
    const [outcome, rule, archived] = await Promise.all([this.figures.outcome(blast.id), this.rules.current(), this.archived.filesOf(blast.id)]);
    const page = {
      blast,
      live: isMoving(blast),
      asOf: this.clock.now(),
      archived: archived.join('、'),
      ...outcomeView(blast, outcome, rule),
      // a client reads figures, not the people behind them
      maySteer: ['planner', 'supervisor', 'admin'].includes(user.role),
      exportHref: exportHref('blast-figures', { blast: code }),
    };
    if (isHtmx(request)) await reply.view('messaging/blast-outcome', page, { layout: false });
    else await reply.view('messaging/blast-figures', page);
  }
}
