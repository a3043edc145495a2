import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CampaignsQueries } from '../../campaigns/campaigns.queries.js';
import { Roles } from '../../platform/http/access.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { DryRunForm } from './dry-run.forms.js';
import { DryRuns } from './dry-run.queries.js';
import { dryRunView } from './dry-run.views.js';

/** The dry run of a draft, as a card for its pages and as a page of its own. */
@ApiExcludeController()
@Controller('campaigns/:code/dry-run')
@Roles('planner')
export class DryRunPagesController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly dryRuns: DryRuns,
  ) {}

  @Get()
  async show(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query() { seed }: DryRunForm,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const campaign = await this.campaigns.toChange(user, code);
    const context = { campaign, ...dryRunView(await this.dryRuns.of(campaign, seed)) };
    await (isHtmx(reply.request) ? reply.view('calls/dry-run', context, { layout: false }) : reply.view('calls/dry-run', context));
  }
}
