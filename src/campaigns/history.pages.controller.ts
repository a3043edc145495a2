import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../platform/http/access.js';
import { AuditQueries } from '../staff/audit/audit.queries.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CampaignHeads } from './campaign-heads.views.js';
import { CampaignsQueries } from './campaigns.queries.js';
import { editRow, historyRow } from './campaigns.views.js';

/** What became of a campaign and what was changed in it, the newest first. */
@ApiExcludeController()
@Controller('campaigns/:code/history')
@Roles('planner', 'supervisor')
export class HistoryPagesController {
  constructor(
    private readonly queries: CampaignsQueries,
    private readonly heads: CampaignHeads,
    private readonly audit: AuditQueries,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.queries.byCode(user, code);
    const edits = await this.audit.entries(user, { object: `campaign ${campaign.id}`, action: 'campaign.edited' });
    const rows = [...(await this.queries.history(campaign.id)).map(historyRow), ...edits.items.map(editRow)];
    rows.sort((a, b) => b.at.getTime() - a.at.getTime());
    await reply.view('campaigns/show-history', { ...(await this.heads.of(user, campaign, 'history')), rows, more: edits.nextCursor !== null });
  }
}
