import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { redirectTo } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import { campaignUrl } from '../campaigns.views.js';
import { BuildingViews } from './building.views.js';

/** What the head of a campaign's pages asks for while its launch is being computed. */
@ApiExcludeController()
@Controller('campaigns')
@Roles('planner', 'supervisor', 'client')
export class BuildingPagesController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly views: BuildingViews,
  ) {}

  @Get(':code/building')
  async progress(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.campaigns.byCode(user, code);
    const launching = await this.views.of(campaign, user.locale);
    if (!launching?.live) return void redirectTo(reply, campaignUrl(code));
    await reply.view('campaigns/building', { launching, url: campaignUrl(code) }, { layout: false });
  }
}
