import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import { ExperimentQueries } from './experiment.queries.js';
import type { Uplift } from './experiment.types.js';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:code/uplift')
@Roles('planner', 'supervisor', 'client')
export class UpliftApiController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly experiments: ExperimentQueries,
  ) {}

  /** Hold-out and scripts of one campaign (CAM-10): the groups, and their differences with 95 % intervals as fractions. */
  @Get()
  async uplift(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<Uplift> {
    return this.experiments.uplift(user, await this.campaigns.byCode(user, code));
  }
}
