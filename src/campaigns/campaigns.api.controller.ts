import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { AudienceQueries } from './audience.queries.js';
import { apiCampaign } from './campaigns.api.views.js';
import { CampaignsCommands } from './campaigns.commands.js';
import { CampaignForm, CampaignListForm, ReasonForm } from './campaigns.forms.js';
import { CampaignsQueries } from './campaigns.queries.js';
import type { AudienceCount, Campaign } from './campaigns.types.js';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns')
@Roles('planner')
export class CampaignsApiController {
  constructor(
    private readonly commands: CampaignsCommands,
    private readonly queries: CampaignsQueries,
    private readonly audience: AudienceQueries,
  ) {}

  @Get()
  @Roles('planner', 'supervisor', 'client')
  async list(@CurrentUser() user: CurrentUser, @Query() ask: CampaignListForm) {
    const { state, kind, q, limit, cursor } = ask;
    const which = state === 'standing' ? { standing: true } : { state };
    const page = await this.queries.list(user, { ...which, kind, text: q, limit, cursor });
    return { items: page.items.map((campaign) => apiCampaign(campaign)), nextCursor: page.nextCursor };
  }

  @Post()
  async create(@CurrentUser() user: CurrentUser, @Body() form: CampaignForm) {
    return this.whole(user, await this.commands.create(user, form));
  }

  @Get(':code')
  @Roles('planner', 'supervisor', 'client')
  async get(@CurrentUser() user: CurrentUser, @Param('code') code: string) {
    return this.whole(user, await this.queries.byCode(user, code));
  }

  @Post(':code/preview')
  @HttpCode(200)
  preview(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<AudienceCount> {
    return this.commands.preview(user, code);
  }

  @Post(':code/launch')
  @HttpCode(200)
  async launch(@CurrentUser() user: CurrentUser, @Param('code') code: string) {
    return this.whole(user, await this.commands.launch(user, code));
  }

  @Post(':code/pause')
  @HttpCode(200)
  async pause(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: ReasonForm) {
    return this.whole(user, await this.commands.pause(user, code, form.reason));
  }

  @Post(':code/resume')
  @HttpCode(200)
  async resume(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: ReasonForm) {
    return this.whole(user, await this.commands.resume(user, code, form.reason));
  }

  @Post(':code/close')
  @HttpCode(200)
  async close(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: ReasonForm) {
    return this.whole(user, await this.commands.close(user, code, form.reason));
  }

  private async whole(user: CurrentUser, campaign: Campaign) {
    const tasks = await this.queries.taskCount(campaign, user);
    return apiCampaign(campaign, tasks, campaign.frozenAt ? await this.audience.frozen(campaign.id) : null);
  }
}
