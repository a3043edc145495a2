import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { CurrentUser } from '../staff/staff.types.js';
import { type Band, BandQueries } from './band.queries.js';
import { COUNT_DEFINITIONS, DEFINITIONS } from './catalogue.js';
import { filterOf, FunnelForm, FunnelOfForm, periodOf } from './funnel.forms.js';
import { FunnelReports } from './funnel-reports.queries.js';
import type { FunnelReport } from './funnel.types.js';
import { CoverageForm } from './coverage/coverage.forms.js';
import type { VisitCutRow, VisitFigures } from './coverage/coverage.types.js';
import { VisitsQueries } from './coverage/visits.queries.js';

@ApiTags('reports')
@ApiBearerAuth()
@Controller('api/v1')
export class ReportsApiController {
  constructor(
    private readonly funnels: FunnelReports,
    private readonly bands: BandQueries,
    private readonly visits: VisitsQueries,
    private readonly clock: Clock,
  ) {}

  /** The funnel of one campaign (CAM-7): total and cut, rates as fractions with their 95 % intervals; with `compare=1` beside the period before. */
  @Get('campaigns/:code/funnel')
  async funnel(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Query() form: FunnelForm): Promise<FunnelReport> {
    await this.bands.campaign(user, code);
    return this.funnels.report(user, form.by ?? 'manager', filterOf({ ...form, campaign: code }));
  }

  /** The funnel of everything the reader sees, or of one campaign of it (CAM-7); as that of a campaign. */
  @Get('reports/funnel')
  async everything(@CurrentUser() user: CurrentUser, @Query() form: FunnelOfForm): Promise<FunnelReport> {
    if (form.campaign) await this.bands.campaign(user, form.campaign);
    return this.funnels.report(user, form.by ?? 'manager', filterOf(form));
  }

  /** The control band of one campaign (CAM-8). */
  @Get('campaigns/:code/band')
  band(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<Band> {
    return this.bands.band(user, code);
  }

  /**
   * Telephone visits due in a period and kept, with and without those that ended in a message (CAR-1). Default: this month. With `by` also `rows`, which
   * add up to the figures.
   */
  @Get('reports/coverage')
  async coverage(@CurrentUser() user: CurrentUser, @Query() form: CoverageForm): Promise<VisitFigures & { rows?: VisitCutRow[] }> {
    const period = periodOf(form, dayOf(this.clock.now()));
    if (!form.by) return this.visits.figures(user, period);
    const { total, rows } = await this.visits.cut(user, period, form.by);
    return { ...total, rows };
  }

  /** The metric catalogue: how every figure is counted, and whether it is a number of events, of people or of states (R46). A rate whose `source` is null has no data to be counted from yet. */
  @Get('reports/metrics')
  metrics() {
    return { counts: COUNT_DEFINITIONS, rates: DEFINITIONS };
  }
}
