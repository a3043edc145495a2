import type { Words } from '../exports/exports.types.js';
import type { Cell, SheetColumn } from '../platform/spreadsheet/workbook.js';
import { type CountKey, isCountKey, type RateKey } from './catalogue.js';
import type { Cut, FunnelFilter, FunnelReport, FunnelRow, ReportedRow } from './funnel.types.js';
import { columnsOf, type FunnelColumn } from './funnel-table.views.js';
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

/** The rows of a sheet are known: they can be counted. */
export interface KnownSheet {
  name: string;
  columns: SheetColumn[];
  rows: Cell[][];
}

/** A funnel's table as a sheet: rows and total, with what they were in the period before where the page shows it. */
export function funnelSheet(report: FunnelReport, { by, filter, t }: { by: Cut; filter: FunnelFilter; t: Words['t'] }): KnownSheet {
  const shown = columnsOf(filter);
  const figures = shown.flatMap(({ metric }) => figureColumns(metric, report.before !== undefined, t));
  const line = (label: string, row: Row): Cell[] => [label, ...figures.map(({ cell }) => cell(row)), tooFew(row, shown, t)];
  const columns = [
    { header: t(`reports.cut.${by}`), width: 18 },
    ...figures.map(({ header, format }) => ({ header, ...(format ? { format } : {}) })),
    { header: t('reports.few'), width: 30 },
  ];
  const name = report.before ? t('reports.file.compared', { from: report.before.from, to: report.before.to }) : t('reports.funnel');
  return { name, columns, rows: [...report.rows.map((row) => line(cutLabel(by, row, t), row)), line(t('reports.total'), report.total)] };
}
