import { wilson } from '../kernel/statistics.js';
import {
  COUNT_KEYS,
  COUNTS,
  type COUNT_DEFINITIONS,
  type CountKey,
  countMetric,
  type DEFINITIONS,
  isCountKey,
  type MetricSource,
  RATE_KEYS,
  type RateKey,
  RATES,
} from './catalogue.js';
import type { Cut, Funnel, FunnelCutRow, FunnelFilter, FunnelRow } from './funnel.types.js';

/** The columns of the funnel table, in page and XLSX alike (R47). `chart` says how the chart reads the column. */
export interface FunnelColumn {
  metric: CountKey | RateKey;
  chart: 'bar' | 'line' | 'skip';
  color?: string;
}

export const FUNNEL_COLUMNS: readonly FunnelColumn[] = [
  { metric: 'attempts', chart: 'bar' },
  { metric: 'connected', chart: 'skip' },
  { metric: 'connectRate', chart: 'line', color: 'brand' },
  { metric: 'firstDialConnectRate', chart: 'skip' },
  { metric: 'talk18', chart: 'skip' },
  { metric: 'talk18Share', chart: 'skip' },
  { metric: 'converted', chart: 'skip' },
  { metric: 'conversionRate', chart: 'line', color: 'ok' },
  { metric: 'ordersSucceeded', chart: 'skip' },
  { metric: 'orderSuccessRate', chart: 'skip' },
];

const usual = FUNNEL_COLUMNS.map(({ metric }) => metric);
const ALL_COLUMNS: readonly FunnelColumn[] = [
  ...FUNNEL_COLUMNS,
  ...[...COUNT_KEYS, ...RATE_KEYS].filter((metric) => !usual.includes(metric)).map((metric) => ({ metric, chart: 'skip' as const })),
];

/** The usual columns, or every figure of the catalogue: in page and file alike. */
export const columnsOf = ({ columns }: FunnelFilter): readonly FunnelColumn[] => (columns === 'all' ? ALL_COLUMNS : FUNNEL_COLUMNS);

/** People do not add up: in the rows of a cut they are counted only when asked for. */
const ofPeople = new Set<string>([
  ...COUNTS.filter(({ distinct }) => distinct).map(({ key }) => key),
  ...RATES.filter(({ denominator }) => countMetric(denominator).distinct).map(({ key }) => key),
]);

export interface FunnelCell {
  metric: string;
  isRate: boolean;
  /** Nothing divides, or people were not asked for: shown as — with the reason. */
  none: 'divides' | 'unasked' | undefined;
  value: number | null;
  /** The plain number for the chart: rates in percent. */
  plain: number | null;
  href: string | undefined;
  current: boolean;
  bad: boolean;
}

export interface FunnelLine {
  key: string;
  /** Empty where the dimension is not known. */
  label: string;
  cells: FunnelCell[];
  interval: [number, number] | undefined;
}

/** Address of the report with some of its values replaced; empty ones are left out. */
export function reportUrl(values: Record<string, string | number | undefined>, path = '/reports/funnel'): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== '') query.set(name, String(value));
  return query.size > 0 ? `${path}?${query.toString()}` : path;
}

/** `9` → `9–10`, star `5` → `★5`; others as they are. */
export function cutLabel(cut: Cut, key: string, label: string): string {
  if (cut === 'hour') return `${key}–${Number(key) + 1}`;
  return cut === 'star' ? `★${key}` : label || key;
}

/** A fraction as percent with one decimal, for a chart. */
export const percent = (fraction: number | null): number | null => (fraction === null ? null : Math.round(fraction * 1000) / 10);

interface LineContext {
  cut: Cut;
  query: Record<string, string | undefined>;
  filter: FunnelFilter;
  open?: { metric: string | undefined; key: string | undefined };
  lower?: number | null;
  minAttempts?: number;
  /** Whether the reader may open the rows behind a figure. */
  rows: boolean;
}

function cellsOf(row: FunnelRow, key: string | undefined, context: LineContext): FunnelCell[] {
  return columnsOf(context.filter).map(({ metric }): FunnelCell => {
    const value = row[metric];
    const isRate = !isCountKey(metric);
    const enough = (row.attempts ?? 0) >= (context.minAttempts ?? 0);
    return {
      metric,
      isRate,
      none: value !== null ? undefined : ofPeople.has(metric) && !context.filter.distinct && key !== undefined ? 'unasked' : 'divides',
      value,
      plain: isRate ? percent(value) : value,
      href: isRate || value === null || !context.rows ? undefined : reportUrl({ ...context.query, metric, key }),
      current: context.open?.metric === metric && context.open.key === key,
      bad: metric === 'connectRate' && value !== null && enough && context.lower != null && value < context.lower,
    };
  });
}

const interval = (row: FunnelRow): [number, number] | undefined => (row.attempts ? wilson(row.connected ?? 0, row.attempts) : undefined);

/** Rows and total of the table as the template shows them. */
export function funnelLines(funnel: Funnel, context: LineContext): { lines: FunnelLine[]; total: FunnelLine } {
  const line = (row: FunnelCutRow): FunnelLine => ({
    key: row.key,
    label: cutLabel(context.cut, row.key, row.label),
    cells: cellsOf(row, row.key, context),
    interval: interval(row),
  });
  return {
    lines: funnel.rows.map(line),
    total: { key: '', label: '', cells: cellsOf(funnel.total, undefined, context), interval: interval(funnel.total) },
  };
}

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

const REPORT_OF: Readonly<Record<MetricSource, string>> = { attempts: '/reports/funnel', visits: '/reports/coverage' };

/** A count of the catalogue with the address of its rows; none for who may not see them. */
export const countView = (count: (typeof COUNT_DEFINITIONS)[number], seen: boolean) => ({
  ...count,
  href: seen ? `${reportUrl({ metric: count.key }, REPORT_OF[count.source])}#drill` : undefined,
});

/** A definition of the catalogue with the addresses of the rows its parts count; none where there is no data source yet, or for who may not see them. */
export function definitionView(rate: (typeof DEFINITIONS)[number], seen: boolean) {
  const rows = (metric: string): string | undefined => (rate.source && seen ? `${reportUrl({ metric }, REPORT_OF[rate.source])}#drill` : undefined);
  return { ...rate, numeratorHref: rows(rate.numerator), denominatorHref: rows(rate.denominator) };
}
