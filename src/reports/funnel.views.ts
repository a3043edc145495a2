import type { CurrentUser } from '../staff/staff.types.js';
import { type COUNT_DEFINITIONS, type CountKey, countMetric, type DEFINITIONS, type MetricSource, type RateKey, RATES } from './catalogue.js';
import type { Cut, FunnelRow } from './funnel.types.js';
import { seesRowsOf } from './visibility.js';

/** Address of the report with some of its values replaced; empty ones are left out. */
export function reportUrl(values: Record<string, string | number | undefined>, path = '/reports/funnel'): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== '') query.set(name, String(value));
  return query.size > 0 ? `${path}?${query.toString()}` : path;
}

export const ROWS_A_PAGE = 50;
export const offsetOf = (page: number): number => (page - 1) * ROWS_A_PAGE;

/** Which of the rows behind a figure a page shows, and the pages beside it. */
export const drillPages = (count: number, page: number, url: (page: number) => string) => ({
  first: Math.min(count, offsetOf(page) + 1),
  last: Math.min(count, page * ROWS_A_PAGE),
  previous: page > 1 ? url(page - 1) : undefined,
  next: page * ROWS_A_PAGE < count ? url(page + 1) : undefined,
});

/** What a row is called on the page, in its chart and in its file: `9` is 9–10点, star `5` is ★5, others as they are. */
export function cutLabel(cut: Cut, { key, label }: { key: string; label: string }, t: (key: string) => string): string {
  if (cut === 'hour') return `${key}–${Number(key) + 1}${t('reports.oclock')}`;
  return cut === 'star' ? `★${key}` : label || key || t('reports.unknown');
}

/** A fraction as percent with one decimal, for a chart. */
export const percent = (fraction: number | null): number | null => (fraction === null ? null : Math.round(fraction * 1000) / 10);

/** The five steps of the funnel with their rates, each drawn as a wedge that narrows to its share of the attempts. */
export function funnelSteps(total: FunnelRow, query: Record<string, string | undefined>, rows: boolean) {
  const steps: { metric: CountKey; rate: RateKey; tone: string }[] = [
    { metric: 'attempts', rate: 'reach', tone: 'f-brand2' },
    { metric: 'connected', rate: 'connectRate', tone: 'f-brand2' },
    { metric: 'talk18', rate: 'talk18Share', tone: 'f-brand2' },
    { metric: 'converted', rate: 'conversionRate', tone: 'f-brand' },
    { metric: 'ordersSucceeded', rate: 'orderSuccessRate', tone: 'f-ok' },
  ];
  const whole = total.attempts ?? 0;
  const top = (value: number): number => (whole === 0 ? 0 : Math.round((44 - Math.max(3, (value / whole) * 44)) * 10) / 10);
  return steps.map(({ metric, rate, tone }, i) => {
    const value = total[metric] ?? 0;
    const next = steps[i + 1] ? (total[steps[i + 1]?.metric ?? metric] ?? 0) : value;
    return {
      metric,
      value,
      rate,
      rateValue: total[rate],
      tone,
      points: `0,${top(value)} 100,${top(next)} 100,44 0,44`,
      href: rows ? reportUrl({ ...query, metric }) : undefined,
    };
  });
}

/** The definition popover of a figure; of a rate with its parts as they are today (R46). */
export function definitionOf(key: CountKey | RateKey, total: FunnelRow) {
  const rate = RATES.find((metric) => metric.key === key);
  if (!rate) return countMetric(key as CountKey);
  return { ...rate, part: total[rate.numerator], whole: total[rate.denominator], value: total[key] };
}

const REPORT_OF: Readonly<Record<MetricSource, string>> = { attempts: '/reports/funnel', visits: '/reports/coverage', work: '/reports/productivity' };

/** A count of the catalogue with the address of its rows; none for who may not see them. */
export const countView = (count: (typeof COUNT_DEFINITIONS)[number], user: CurrentUser) => ({
  ...count,
  href: seesRowsOf(user, count.source) ? `${reportUrl({ metric: count.key }, REPORT_OF[count.source])}#drill` : undefined,
});

/** A definition of the catalogue with the addresses of the rows its parts count; none where there is no data source yet, or for who may not see them. */
export function definitionView(rate: (typeof DEFINITIONS)[number], user: CurrentUser) {
  const rows = (metric: string): string | undefined =>
    rate.source && seesRowsOf(user, rate.source) ? `${reportUrl({ metric }, REPORT_OF[rate.source])}#drill` : undefined;
  return { ...rate, numeratorHref: rows(rate.numerator), denominatorHref: rows(rate.denominator) };
}
