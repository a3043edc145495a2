import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { VISIT_RATE_KEYS, type VisitRateKey } from '../catalogue.js';
import { definitionsSheet } from '../definitions-sheet.views.js';
import { periodOf } from '../funnel.forms.js';
import { CoverageForm, CoverageReportForm } from './coverage.forms.js';
import { COVERAGE_COLUMNS, rowLabel } from './coverage.views.js';
import { VisitsQueries, type VisitRow } from './visits.queries.js';

/** The table of the coverage report as its page shows it (REP-4). */
@Injectable()
@DeclaresExport()
export class CoverageExport implements ExportSource<CoverageForm> {
  readonly code = 'coverage';
  readonly roles = ['manager', 'planner', 'supervisor', 'judge', 'client'] as const;
  readonly form = CoverageForm;

  constructor(
    private readonly visits: VisitsQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, form: CoverageForm, { t }: Words): Promise<ExportContent> {
    const by = form.by ?? 'star';
    const { total, rows } = await this.visits.cut(user, periodOf(form, dayOf(this.clock.now())), by);
    const lines = [...rows.map((row) => ({ ...row, name: rowLabel(by, row, t) })), { ...total, name: t('reports.total') }];
    const columns = [
      { header: t(`reports.cut.${by}`), width: 20 },
      ...COVERAGE_COLUMNS.map((key) => ({ header: t(`metric.${key}`), format: isRate(key) ? '0.0%' : '#,##0', width: 20 })),
    ];
    const cells = lines.map((line): Cell[] => [line.name, ...COVERAGE_COLUMNS.map((key) => line[key])]);
    return { rows: cells.length, sheet: { name: t('reports.coverage'), columns, rows: cells }, notes: definitionsSheet(t) };
  }
}

const isRate = (key: string): boolean => VISIT_RATE_KEYS.includes(key as VisitRateKey);

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
    const { metric, by, key } = form;
    if (!metric) throw new DomainError('metric_missing', { status: 400, param: 'metric' });
    const period = periodOf(form, dayOf(this.clock.now()));
    const of = { metric, by, key };
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
    const rows = cellsOf(this.visits.streamBehind(user, of, period), cells);
    return { rows: await this.visits.countBehind(user, of, period), sheet: { name: t(`metric.${metric}`), columns, rows } };
  }
}
