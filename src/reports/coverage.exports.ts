import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../exports/exports.types.js';
import { type Cell, cellsOf } from '../platform/spreadsheet/workbook.js';
import { stampText } from '../platform/views/formats.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CoverageReportForm, periodOf } from './funnel.forms.js';
import { VisitsQueries, type VisitRow } from './visits.queries.js';

const COLUMNS = ['visit.deadline', 'row.customer', 'row.star', 'visit.rule', 'row.manager', 'visit.attempts', 'visit.state', 'visit.closed'] as const;

/** The visits behind one figure of the coverage report (REP-4). */
@Injectable()
@DeclaresExport()
export class CoverageRowsExport implements ExportSource<CoverageReportForm> {
  readonly code = 'coverage-rows';
  readonly roles = ['manager', 'planner', 'supervisor'] as const;
  readonly form = CoverageReportForm;

  constructor(
    private readonly visits: VisitsQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, form: CoverageReportForm, { t }: Words): Promise<ExportContent> {
    const { metric } = form;
    if (!metric) throw new DomainError('metric_missing', { status: 400, param: 'metric' });
    const period = periodOf(form, dayOf(this.clock.now()));
    const figures = await this.visits.figures(user, period);
    const cells = (row: VisitRow): Cell[] => [
      row.deadlineOn,
      row.customerName,
      String(row.star),
      t(`care.rule.${row.rule}`),
      row.managerName,
      row.attempts,
      row.smsLeft ? t('reports.visit.sms_left') : t(`reports.visit.${row.state}`),
      stampText(row.closedAt),
    ];
    const columns = COLUMNS.map((name) => ({ header: t(`reports.${name}`), width: 18 }));
    const rows = cellsOf(this.visits.streamBehind(user, metric, period), cells);
    return { rows: figures[metric], sheet: { name: t(`metric.${metric}`), columns, rows } };
  }
}
