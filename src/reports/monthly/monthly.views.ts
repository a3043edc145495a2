import type { Words } from '../../exports/exports.types.js';
import type { Cell } from '../../platform/spreadsheet/workbook.js';
import { addDays, type Day, daysBetween } from '../../kernel/day.js';
import { COUNTS, type CountKey, type RateKey, RATES, VISIT_COUNTS, VISIT_RATES } from '../catalogue.js';
import { percent } from '../funnel.views.js';
import type { KnownSheet } from '../funnel-sheet.views.js';
import type { FunnelReport } from '../funnel.types.js';
import type { VisitFigures } from '../coverage/coverage.types.js';

type T = Words['t'];

/** Every count or every rate of the month, a line each: two sheets, because a column has one format. */
export function keyFigures({ total }: FunnelReport, of: 'counts' | 'rates', t: T): KnownSheet {
  const format = of === 'counts' ? '#,##0' : '0.0%';
  const keys: readonly (CountKey | RateKey)[] = (of === 'counts' ? COUNTS : RATES).map(({ key }) => key);
  const sure = (key: CountKey | RateKey) => (of === 'rates' ? total.sureness[key as RateKey] : undefined);
  const rows = keys.map((key): Cell[] => {
    const figures = [total[key], total.before?.[key] ?? null, total.difference?.[key] ?? null];
    const judged = of === 'rates' ? [sure(key)?.low ?? null, sure(key)?.high ?? null, sure(key)?.few ? t('reports.few') : null] : [];
    return [t(`metric.${key}`), ...figures, ...judged, t(`metric.${key}.about`)];
  });
  const judged =
    of === 'rates'
      ? [
          { header: t('monthly.low'), format },
          { header: t('monthly.high'), format },
          { header: t('reports.few'), width: 14 },
        ]
      : [];
  const columns = [
    { header: t('reports.count.name'), width: 22 },
    { header: t('monthly.value'), format },
    { header: t('reports.then'), format },
    { header: t('monthly.difference'), format },
    ...judged,
    { header: t('reports.count.about'), width: 80 },
  ];
  return { name: t(`monthly.${of}`), columns, rows };
}

/** Every day of the period, those without a call too, so that the days of the chart are evenly spaced. */
export function daysOf({ rows }: FunnelReport, from: Day, to: Day) {
  const known = new Map(rows.map((row) => [row.key, row]));
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, n) => {
    const key = addDays(from, n);
    const { attempts, connectRate, conversionRate } = known.get(key) ?? { attempts: 0, connectRate: null, conversionRate: null };
    return { key, attempts, connectRate, conversionRate, connect: percent(connectRate), conversion: percent(conversionRate) };
  });
}

/** The promises of care whose deadline lay in the month. */
export function coverageSheet(figures: VisitFigures, t: T): KnownSheet {
  const columns = [
    { header: t('reports.count.name'), width: 26 },
    { header: t('monthly.count'), format: '#,##0' },
    { header: t('monthly.share'), format: '0.0%' },
  ];
  const counts = VISIT_COUNTS.map(({ key }): Cell[] => [t(`metric.${key}`), figures[key], null]);
  const rates = VISIT_RATES.map(({ key }): Cell[] => [t(`metric.${key}`), null, figures[key]]);
  return { name: t('reports.coverage'), columns, rows: [...counts, ...rates] };
}
