import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../staff/staff.types.js';
import { type Band, BandQueries } from './band.queries.js';
import { COUNTS, RATES } from './catalogue.js';
import { filterOf, FunnelForm } from './funnel.forms.js';
import { FunnelQueries } from './funnel.queries.js';
import type { Funnel } from './funnel.types.js';

@ApiTags('reports')
@ApiBearerAuth()
@Controller('api/v1')
export class ReportsApiController {
  constructor(
    private readonly funnels: FunnelQueries,
    private readonly bands: BandQueries,
  ) {}

  /** The funnel of one campaign (CAM-7): total and cut, rates as fractions. */
  @Get('campaigns/:code/funnel')
  async funnel(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Query() form: FunnelForm): Promise<Funnel> {
    await this.bands.campaign(user, code);
    return this.funnels.funnel(user, form.by ?? 'manager', filterOf({ ...form, campaign: code }));
  }

  /** The control band of one campaign (CAM-8). */
  @Get('campaigns/:code/band')
  band(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<Band> {
    return this.bands.band(user, code);
  }

  /** The metric catalogue: how every figure is counted. */
  @Get('reports/metrics')
  metrics() {
    return {
      counts: COUNTS.map(({ key, unit, version, distinct }) => ({ key, unit, version, distinct: distinct ?? false })),
      rates: RATES.map(({ key, unit, version, numerator, denominator }) => ({ key, unit, version, numerator, denominator })),
    };
  }
}
