import { Injectable } from '@nestjs/common';
import { DomainError } from '../kernel/errors.js';
import { formatPhone, maskPhone } from '../kernel/phone.js';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../exports/exports.types.js';
import { type Cell, cellsOf } from '../platform/spreadsheet/workbook.js';
import { stampText } from '../platform/views/formats.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { BandQueries } from './band.queries.js';
import { type CountKey, isCountKey, type RateKey } from './catalogue.js';
import { filterOf, ReportForm } from './funnel.forms.js';
import { FunnelQueries } from './funnel.queries.js';
import type { AttemptRow, FunnelRow, ReportedRow } from './funnel.types.js';
import { columnsOf, type FunnelColumn } from './funnel-table.views.js';
import { FunnelReports } from './funnel-reports.queries.js';
import { cutLabel } from './funnel.views.js';

type Row = FunnelRow & ReportedRow;
interface FileColumn {
  header: string;
  format?: string;
  cell: (row: Row) => Cell;
}

/** A figure of the page: a rate with its interval, and beside both what they were in the period before. */
function figureColumns(metric: CountKey | RateKey, compare: boolean, t: Words['t']): FileColumn[] {
  const name = t(`metric.${metric}`);
  const format = isCountKey(metric) ? '#,##0' : '0.0%';
  const columns: FileColumn[] = [{ header: name, format, cell: (row) => row[metric] }];
  if (!isCountKey(metric)) {
    columns.push({ header: t('reports.file.low', { name }), format, cell: ({ sureness }) => sureness[metric]?.low ?? null });
    columns.push({ header: t('reports.file.high', { name }), format, cell: ({ sureness }) => sureness[metric]?.high ?? null });
  }
  if (!compare) return columns;
  return [
    ...columns,
    { header: t('reports.file.before', { name }), format, cell: ({ before }) => before?.[metric] ?? null },
    { header: t('reports.file.difference', { name }), format, cell: ({ difference }) => difference?.[metric] ?? null },
  ];
}

/** Which rates of a row have too few calls below them, by name. */
const tooFew = (row: Row, shown: readonly FunnelColumn[], t: Words['t']): string =>
  shown
    .map(({ metric }) => metric)
    .filter((metric) => !isCountKey(metric) && row.sureness[metric]?.few)
    .map((metric) => t(`metric.${metric}`))
    .join(t('reports.file.and'));

/** The funnel's table: the same query, columns and order as the page (REP-4, R47). */
@Injectable()
@DeclaresExport()
export class FunnelExport implements ExportSource<ReportForm> {
  readonly code = 'funnel';
  readonly roles = ['manager', 'planner', 'supervisor', 'judge', 'client'] as const;
  readonly form = ReportForm;

  constructor(
    private readonly reports: FunnelReports,
    private readonly bands: BandQueries,
  ) {}

  async open(user: CurrentUser, form: ReportForm, { t }: Words): Promise<ExportContent> {
    const by = form.by ?? 'manager';
    if (form.campaign) await this.bands.campaign(user, form.campaign);
    const filter = filterOf(form);
    const shown = columnsOf(filter);
    const report = await this.reports.report(user, by, filter);
    const figures = shown.flatMap(({ metric }) => figureColumns(metric, report.before !== undefined, t));
    const line = (label: string, row: Row): Cell[] => [label, ...figures.map(({ cell }) => cell(row)), tooFew(row, shown, t)];
    const rows = [...report.rows.map((row) => line(cutLabel(by, row.key, row.label), row)), line(t('reports.total'), report.total)];
    const columns = [
      { header: t(`reports.cut.${by}`), width: 18 },
      ...figures.map(({ header, format }) => ({ header, ...(format ? { format } : {}) })),
      { header: t('reports.few'), width: 30 },
    ];
    const name = report.before ? t('reports.file.compared', { from: report.before.from, to: report.before.to }) : t('reports.funnel');
    return { rows: rows.length, sheet: { name, columns, rows }, fileName: t(`reports.title.${by}`) };
  }
}

const ROW_COLUMNS = ['at', 'customer', 'star', 'number', 'campaign', 'manager', 'outcome', 'talk', 'order'] as const;

/** The attempts behind one figure of the funnel: those the page's drill-down shows. */
@Injectable()
@DeclaresExport()
export class FunnelRowsExport implements ExportSource<ReportForm> {
  readonly code = 'funnel-rows';
  readonly roles = ['manager', 'planner', 'supervisor'] as const;
  readonly form = ReportForm;

  constructor(private readonly funnels: FunnelQueries) {}

  async open(user: CurrentUser, form: ReportForm, { t, locale }: Words): Promise<ExportContent> {
    const { metric } = form;
    if (!metric) throw new DomainError('metric_missing', { status: 400, param: 'metric' });
    const filter = { ...filterOf(form), ...(form.key === undefined ? {} : { cut: form.by ?? 'manager', key: form.key }) };
    const phone = user.role === 'manager' ? maskPhone : formatPhone;
    const cells = (row: AttemptRow): Cell[] => [
      stampText(row.startedAt),
      row.customerName,
      String(row.star),
      phone(row.number),
      row.campaignName,
      row.managerName,
      locale === 'en' ? row.outcomeEn : row.outcomeZh,
      row.talkSeconds,
      row.orderState && t(`reports.order.${row.orderState}`),
    ];
    const columns = ROW_COLUMNS.map((name) => ({ header: t(`reports.row.${name}`), width: 18 }));
    const rows = cellsOf(this.funnels.streamBehind(user, metric, filter), cells);
    return { rows: await this.funnels.countBehind(user, metric, filter), sheet: { name: t(`metric.${metric}`), columns, rows } };
  }
}
