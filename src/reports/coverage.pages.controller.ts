import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { CurrentUser } from '../staff/staff.types.js';
import { VISIT_COUNTS, VISIT_RATES } from './catalogue.js';
import { CoverageReportForm, type Period, periodOf } from './funnel.forms.js';
import { reportUrl } from './funnel.views.js';
import { checkRows, seesRows } from './visibility.js';
import { type VisitFigures, VisitsQueries } from './visits.queries.js';

const PATH = '/reports/coverage';
const ROWS_A_PAGE = 50;

@ApiExcludeController()
@Controller('reports')
export class CoveragePagesController {
  constructor(
    private readonly visits: VisitsQueries,
    private readonly clock: Clock,
  ) {}

  /** Telephone visits due and kept; with `metric` the visits behind one figure stand under the tiles. */
  @Get('coverage')
  async report(@CurrentUser() user: CurrentUser, @Query() form: CoverageReportForm, @Res() reply: FastifyReply): Promise<void> {
    checkRows(user, form.metric);
    const period = periodOf(form, dayOf(this.clock.now()));
    const figures = await this.visits.figures(user, period);
    await reply.view('reports/coverage', {
      period,
      counts: VISIT_COUNTS.map(({ key, unit, nature, version }) => ({
        key,
        unit,
        nature,
        version,
        value: figures[key],
        href: seesRows(user) ? reportUrl({ ...period, metric: key }, PATH) : undefined,
      })),
      rates: VISIT_RATES.map((rate) => ({ ...rate, part: figures[rate.numerator], whole: figures[rate.denominator], value: figures[rate.key] })),
      drill: await this.drill(user, form, period, figures),
      closeHref: reportUrl({ ...period }, PATH),
    });
  }

  private async drill(user: CurrentUser, form: CoverageReportForm, period: Period, figures: VisitFigures) {
    if (!form.metric) return undefined;
    const page = form.page ?? 1;
    const count = figures[form.metric];
    const rows = await this.visits.rowsBehind(user, form.metric, period, { limit: ROWS_A_PAGE, offset: (page - 1) * ROWS_A_PAGE });
    const at = (other: number): string => reportUrl({ ...period, metric: form.metric, page: other }, PATH);
    return {
      metric: form.metric,
      rows,
      count,
      first: Math.min(count, (page - 1) * ROWS_A_PAGE + 1),
      last: Math.min(count, page * ROWS_A_PAGE),
      previous: page > 1 ? at(page - 1) : undefined,
      exportHref: reportUrl({ ...period, metric: form.metric }, '/exports/files/coverage-rows'),
      next: page * ROWS_A_PAGE < count ? at(page + 1) : undefined,
    };
  }
}
