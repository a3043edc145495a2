import type { Words } from '../../exports/exports.types.js';
import type { Cell } from '../../platform/spreadsheet/workbook.js';
import type { KnownSheet } from '../funnel-sheet.views.js';
import type { Productivity, WorkCut, WorkRow } from './productivity.types.js';
import { isFew, WORK_COLUMNS } from './productivity.views.js';

const FORMATS = { count: '#,##0', seconds: '#,##0', rate: '0.0%' } as const;

/** The productivity table as a sheet; times in seconds. */
export function productivitySheet({ rows, total }: Productivity, by: WorkCut, t: Words['t']): KnownSheet {
  const few = (row: WorkRow): string =>
    WORK_COLUMNS.filter(({ metric }) => isFew(row, metric))
      .map(({ metric }) => t(`metric.${metric}`))
      .join(t('reports.file.and'));
  const columns = [
    { header: t(`reports.cut.${by}`), width: 18 },
    { header: t('reports.cut.team'), width: 18 },
    ...WORK_COLUMNS.map(({ metric, kind }) => ({
      header: kind === 'seconds' ? t('reports.file.seconds', { name: t(`metric.${metric}`) }) : t(`metric.${metric}`),
      format: FORMATS[kind],
    })),
    { header: t('reports.few'), width: 24 },
  ];
  const line = (row: WorkRow): Cell[] => [row.label, row.team, ...WORK_COLUMNS.map(({ metric }) => row[metric]), few(row)];
  return { name: t('reports.productivity'), columns, rows: [...rows, { ...total, label: t('reports.total') }].map(line) };
}
