import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { VISIT_COUNTS, VISIT_RATES } from '../catalogue.js';
import { type Period, periodOf } from '../funnel.forms.js';
import { drillPages, offsetOf, reportUrl, ROWS_A_PAGE } from '../funnel.views.js';
import { checkRows, seesRows } from '../visibility.js';
import { CoverageReportForm } from './coverage.forms.js';
import { VISIT_CUTS, type VisitCut, type VisitCutRow, type VisitFigures } from './coverage.types.js';
import { rowLabel } from './coverage.views.js';
import { VisitsQueries } from './visits.queries.js';

const PATH = '/reports/coverage';

interface Asked {
  user: CurrentUser;
  form: CoverageReportForm;
  by: VisitCut;
  period: Period;
}

@ApiExcludeController()
@Controller('reports')
export class CoveragePagesController {
  constructor(
    private readonly visits: VisitsQueries,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
  ) {}

  /** Telephone visits due and kept, in all and cut; with `metric` the visits behind one figure stand under them. */
  @Get('coverage')
  async report(@CurrentUser() user: CurrentUser, @Query() form: CoverageReportForm, @Res() reply: FastifyReply): Promise<void> {
    checkRows(user, form.metric);
    const period = periodOf(form, dayOf(this.clock.now()));
    const asked = { user, form, by: form.by ?? 'star', period };
    const { total, rows } = await this.visits.cut(user, period, asked.by);
    await reply.view('reports/coverage', {
      period,
      by: asked.by,
      cuts: VISIT_CUTS.map((cut) => ({ cut, href: reportUrl({ ...period, by: cut }, PATH), current: cut === asked.by })),
      counts: this.cells(asked, total),
      rates: VISIT_RATES.map((rate) => ({ ...rate, part: total[rate.numerator], whole: total[rate.denominator], value: total[rate.key] })),
      rows: rows.map((row) => ({
        ...row,
        name: this.label(asked.by, row, user),
        cells: this.cells(asked, row, row.key),
        rates: VISIT_RATES.map(({ key }) => row[key]),
      })),
      exportHref: reportUrl({ ...period, by: asked.by }, '/exports/files/coverage'),
      drill: await this.drill(asked, total, rows),
      closeHref: reportUrl({ ...period, by: asked.by }, PATH),
    });
  }

  private label(by: VisitCut, row: VisitCutRow, { locale }: CurrentUser): string {
    return rowLabel(by, row, (key) => this.catalogue.t(locale, key));
  }

  /** The counts of all, or of one row, each with the address of its rows. */
  private cells({ user, period, by }: Asked, figures: VisitFigures, rowKey?: string) {
    const href = (metric: string): string => reportUrl({ ...period, by, key: rowKey, metric }, PATH);
    return VISIT_COUNTS.map(({ key, unit, nature, version }) => ({
      key,
      unit,
      nature,
      version,
      value: figures[key],
      href: seesRows(user) ? href(key) : undefined,
    }));
  }

  private async drill({ user, form, by, period }: Asked, total: VisitFigures, rows: readonly VisitCutRow[]) {
    const { metric, key, page = 1 } = form;
    if (!metric) return undefined;
    const row = rows.find((each) => each.key === key);
    const count = key === undefined ? total[metric] : (row?.[metric] ?? 0);
    const asked = { ...period, by, key, metric };
    return {
      metric,
      name: row && this.label(by, row, user),
      rows: await this.visits.rowsBehind(user, { metric, by, key }, period, { limit: ROWS_A_PAGE, offset: offsetOf(page) }),
      count,
      ...drillPages(count, page, (other) => reportUrl({ ...asked, page: other }, PATH)),
      exportHref: reportUrl(asked, '/exports/files/coverage-rows'),
    };
  }
}
