import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CampaignsQueries } from '../../campaigns/campaigns.queries.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { StepSetting } from './step-setting.commands.js';
import { checkedStep, StepApiForm } from './step.forms.js';
import { StepQueries } from './step.queries.js';

/** The SMS step of a campaign (CAM-1). */
@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:code/sms-step')
export class StepApiController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly setting: StepSetting,
    private readonly queries: StepQueries,
  ) {}

  /** The step, what it brought by text, and the differences of the texts with their intervals (CAM-10). */
  @Roles('planner', 'supervisor', 'client')
  @Get()
  async get(@CurrentUser() user: CurrentUser, @Param('code') code: string) {
    const campaign = await this.campaigns.byCode(user, code);
    return { step: campaign.smsStep, ...(await this.queries.figures(user, campaign)) };
  }

  @Roles('planner')
  @HttpCode(200)
  @Post()
  async set(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: StepApiForm) {
    return { step: (await this.setting.set(user, code, checkedStep({ ...form }))).smsStep };
  }

  /** How many would get each text, and who not and why; nothing is sent. */
  @Roles('planner')
  @HttpCode(200)
  @Post('preview')
  async preview(@CurrentUser() user: CurrentUser, @Param('code') code: string) {
    const campaign = await this.campaigns.toChange(user, code);
    return { texts: campaign.smsStep ? await this.queries.dryRun(campaign, campaign.smsStep) : [] };
  }

  @Roles('planner')
  @HttpCode(204)
  @Delete()
  async remove(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<void> {
    await this.setting.set(user, code, null);
  }
}
