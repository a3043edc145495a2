import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { notFound } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { AudienceRows } from './audience-rows.queries.js';
import { CampaignHeads } from './campaign-heads.views.js';
import { CampaignsQueries } from './campaigns.queries.js';

/** Who of a launched campaign is not called, reason by reason, and its control group: each figure opens to its rows. */
@ApiExcludeController()
@Controller('campaigns/:code/list/out')
@Roles('planner', 'supervisor')
export class AudienceRowsController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly heads: CampaignHeads,
    private readonly rows: AudienceRows,
  ) {}

  @Get()
  async show(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query() { reason, cursor }: Record<string, string | undefined>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const campaign = await this.campaigns.byCode(user, code);
    const head = await this.heads.of(user, campaign, 'list');
    // the figures are those of the whole campaign: whoever sees a part of it is shown none of the people behind them
    if (!head.outHref) throw notFound('campaign', code);
    const page = await this.rows.list(campaign.id, { ...(reason ? { reason } : {}), ...(cursor ? { cursor } : {}) });
    const found = await this.rows.count(campaign.id, reason || undefined);
    await reply.view('campaigns/show-out', { ...head, reason, found, rows: page.items, next: page.nextCursor });
  }
}
