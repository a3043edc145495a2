import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { VERDICT_CHIPS } from '../../campaigns/experiment/experiment.queries.js';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { ENOUGH } from '../../kernel/statistics.js';
import { Roles } from '../../platform/http/access.js';
import { readForm } from '../../platform/http/forms.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { CurrentUser } from '../../staff/staff.types.js';
import type { Say } from '../cases/cases.views.js';
import { FOLLOW_UP_DAYS } from '../cases/case.types.js';
import { AnalysisForm } from './analysis.forms.js';
import { AnalysisQueries } from './analysis.queries.js';
import { analysisLines, askedForm, cellsFor, COLUMNS, kindOf } from './analysis.views.js';
import { CUTS } from './figures.policy.js';

/** Why customers leave, what was done, what it brought and what it cost (RET-3). */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('retention/analysis')
export class AnalysisPagesController {
  constructor(
    private readonly analysis: AnalysisQueries,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    const asked = askedForm(await readForm(AnalysisForm, query), dayOf(this.clock.now()));
    const { rows, total, comparison } = await this.analysis.figures(user, asked);
    const say: Say = (key, params) => this.catalogue.t(user.locale, key, params);
    const texts = Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, value === undefined ? undefined : String(value)]));
    const { by: _by, then: _then, from: _from, to: _to, days: _days, ...narrowing } = texts;
    await reply.view('retention/analysis', {
      asked,
      total,
      lines: total.cases === 0 ? [] : analysisLines(rows, asked, { locale: user.locale, say }),
      totalCells: cellsFor(total, asked, null),
      columns: COLUMNS.map((column) => ({
        column,
        chart: column === 'cases' ? 'bar' : column === 'successRate' ? 'line' : 'skip',
        kind: kindOf(column),
      })),
      comparison: { ...comparison, chip: VERDICT_CHIPS[comparison.verdict], low: comparison.interval?.[0], high: comparison.interval?.[1] },
      // reasons are asked of those who are called: among them alone nothing can be compared with the hold-out
      comparable: asked.reason === undefined && asked.direction === undefined,
      cuts: CUTS.map((cut) => ({ cut, current: cut === asked.by })),
      thens: CUTS.filter((cut) => cut !== asked.by),
      horizons: FOLLOW_UP_DAYS,
      kept: Object.entries(narrowing).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
      enough: ENOUGH,
      exportHref: exportHref('retention-analysis', texts),
    });
  }
}
