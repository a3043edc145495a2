import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { ENOUGH } from '../../kernel/statistics.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BandQueries } from '../band.queries.js';
import { queryOf } from '../funnel.forms.js';
import { FunnelReports } from '../funnel-reports.queries.js';
import { columnsOf, totalCells } from '../funnel-table.views.js';
import { definitionOf } from '../funnel.views.js';
import { seesRows } from '../visibility.js';
import { monthFilter, MonthlyForm } from './monthly.forms.js';
import { daysOf } from './monthly.views.js';

/** A month's figures beside those of the month before, day by day, and the pack of them to take away (REP-4). */
@ApiExcludeController()
@Controller('reports/monthly')
export class MonthlyPagesController {
  constructor(
    private readonly reports: FunnelReports,
    private readonly bands: BandQueries,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() form: MonthlyForm, @Res() reply: FastifyReply): Promise<void> {
    const today = dayOf(this.clock.now());
    const filter = monthFilter(form, today);
    const campaign = filter.campaign ? await this.bands.campaign(user, filter.campaign) : undefined;
    // people are shown of the whole month only: those of each day, which the pack has, are counted from the calls themselves
    const [report, campaigns] = await Promise.all([this.reports.report(user, 'day', { ...filter, distinct: false }), this.bands.campaigns(user)]);
    const query = { ...queryOf(filter, 'day'), columns: undefined, distinct: undefined };
    const cells = totalCells(report, { cut: 'day', query, filter, rows: seesRows(user) });
    const month = filter.from.slice(0, 7);
    await reply.view('reports/monthly', {
      month,
      filter,
      campaign,
      campaigns,
      before: report.before,
      notOver: filter.to >= today,
      enough: ENOUGH,
      figures: columnsOf(filter).map(({ metric }, n) => ({ ...cells[n], definition: definitionOf(metric, report.total) })),
      days: daysOf(report, filter.from, filter.to > today ? today : filter.to),
      empty: report.total.attempts === 0 && !report.total.before?.attempts,
      exportHref: exportHref('monthly', { month, campaign: filter.campaign }),
    });
  }
}
