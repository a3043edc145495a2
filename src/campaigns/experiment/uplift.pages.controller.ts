import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsQueries, mayChange } from '../campaigns.queries.js';
import { headView } from '../campaigns.views.js';
import { ExperimentQueries } from './experiment.queries.js';
import { upliftView } from './experiment.views.js';

/** What the campaign brought: those called with those left alone, and script with script (CAM-10). */
@ApiExcludeController()
@Controller('campaigns/:code/uplift')
@Roles('planner', 'supervisor', 'client')
export class UpliftPagesController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly experiments: ExperimentQueries,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.campaigns.byCode(user, code);
    const [uplift, tasks] = await Promise.all([this.experiments.uplift(user, campaign), this.campaigns.taskCount(campaign, user)]);
    await reply.view('campaigns/show-uplift', {
      ...headView(campaign, mayChange(user, campaign)),
      tab: 'uplift',
      tasks,
      figuresOnly: user.role === 'client',
      ...upliftView(campaign, uplift),
    });
  }
}
