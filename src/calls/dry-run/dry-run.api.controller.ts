import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CampaignsQueries } from '../../campaigns/campaigns.queries.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { DryRunForm } from './dry-run.forms.js';
import { DryRuns } from './dry-run.queries.js';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:code/dry-run')
@Roles('planner')
export class DryRunApiController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly dryRuns: DryRuns,
  ) {}

  /** A draft worked off on paper many times: whom it would take, who of them to whom, calls by hour, and between what its results would lie (CAM-2). Nothing is written. */
  @Get()
  async get(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Query() { seed }: DryRunForm) {
    return this.dryRuns.of(await this.campaigns.toChange(user, code), seed);
  }
}
