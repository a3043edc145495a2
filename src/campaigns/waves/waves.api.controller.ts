import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { apiCampaign } from '../campaigns.api.views.js';
import { CampaignsQueries, mayChange } from '../campaigns.queries.js';
import { Waves } from './waves.commands.js';
import { WaveForm } from './waves.forms.js';
import { WavesQueries } from './waves.queries.js';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:code/waves')
export class WavesApiController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly queries: WavesQueries,
    private readonly waves: Waves,
  ) {}

  /** What each wave brought, and all of them; for whom it belongs to, whom a next one could take (R38). */
  @Roles('planner', 'supervisor', 'client')
  @Get()
  async of(@CurrentUser() user: CurrentUser, @Param('code') code: string) {
    const campaign = await this.campaigns.byCode(user, code);
    const figures = await this.queries.of(user, campaign);
    return mayChange(user, campaign) ? { ...figures, takeable: await this.queries.takeable(campaign) } : figures;
  }

  /** A new wave, as a draft. */
  @Roles('planner')
  @Post()
  async add(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: WaveForm) {
    return apiCampaign(await this.waves.add(user, code, form));
  }
}
