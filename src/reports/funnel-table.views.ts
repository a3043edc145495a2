import { ENOUGH, newcombe } from '../kernel/statistics.js';
import { COUNT_KEYS, COUNTS, type CountKey, countMetric, isCountKey, RATE_KEYS, type RateKey, RATES } from './catalogue.js';
import type { Cut, FunnelFilter, FunnelReport, FunnelRow, ReportedRow } from './funnel.types.js';
import { cutLabel, percent, reportUrl } from './funnel.views.js';

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

/** How a figure has changed: `better` and `worse` only of rates whose difference is more than chance (95 %, Newcombe) and is not made of too few. */
export interface Change {
  before: number | null;
  difference: number | null;
  /** The difference without its sign: the arrow says which way. */
  size: number | null;
  direction: 'up' | 'down' | 'same' | undefined;
  tone: 'better' | 'worse' | undefined;
  /** The rows of then. */
  href: string | undefined;
}

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
  /** Of a rate: its 95 % interval, whether there are too few to judge by, and what it divides by. */
  low?: number;
  high?: number;
  few?: boolean;
  of?: number;
  change?: Change;
}

export interface FunnelLine {
  key: string;
  /** Empty where the dimension is not known. */
  label: string;
  cells: FunnelCell[];
}

interface LineContext {
  cut: Cut;
  query: Record<string, string | undefined>;
  filter: FunnelFilter;
  open?: { metric: string | undefined; key: string | undefined };
  lower?: number | null;
  minAttempts?: number;
  /** Whether the reader may open the rows behind a figure. */
  rows: boolean;
  t: (key: string) => string;
}

type Row = FunnelRow & ReportedRow & { key?: string };
type Metric = CountKey | RateKey;

/** How the figures of a report are shown in its table. */
class Table {
  constructor(
    private readonly report: FunnelReport,
    private readonly context: Omit<LineContext, 't'>,
  ) {}

  cells(row: Row): FunnelCell[] {
    return columnsOf(this.context.filter).map(({ metric }) => this.cell(row, metric));
  }

  private cell(row: Row, metric: Metric): FunnelCell {
    const { open, query, filter, rows } = this.context;
    const value = row[metric];
    const isRate = !isCountKey(metric);
    return {
      metric,
      isRate,
      none: value !== null ? undefined : ofPeople.has(metric) && !filter.distinct && row.key !== undefined ? 'unasked' : 'divides',
      value,
      plain: isRate ? percent(value) : value,
      href: isRate || value === null || !rows ? undefined : reportUrl({ ...query, metric, key: row.key }),
      current: open?.metric === metric && open.key === row.key,
      bad: metric === 'connectRate' && this.belowBand(row),
      ...(isRate ? row.sureness[metric] : {}),
      ...(row.before ? { change: this.change(row, row.before, metric) } : {}),
    };
  }

  private belowBand({ attempts, connectRate }: FunnelRow): boolean {
    const { lower, minAttempts } = this.context;
    return connectRate !== null && (attempts ?? 0) >= (minAttempts ?? 0) && lower != null && connectRate < lower;
  }

  private change(row: Row, before: FunnelRow, metric: Metric): Change {
    const difference = row.difference?.[metric] ?? null;
    const { from, to } = this.report.before ?? {};
    const key = row.key === undefined ? undefined : (row.beforeKey ?? row.key);
    const opens = this.context.rows && isCountKey(metric) && before[metric] !== null;
    return {
      before: before[metric],
      difference,
      size: difference && Math.abs(difference),
      direction: difference === null ? undefined : difference === 0 ? 'same' : difference > 0 ? 'up' : 'down',
      tone: isCountKey(metric) ? undefined : toneOf(row, before, metric),
      href: opens ? reportUrl({ ...this.context.query, compare: undefined, from, to, metric, key }) : undefined,
    };
  }
}

/** More than chance? Of two rates counted from different rows. */
function toneOf(now: FunnelRow, before: FunnelRow, key: RateKey): Change['tone'] {
  const rate = RATES.find((metric) => metric.key === key);
  if (!rate) return undefined;
  const side = (row: FunnelRow) => ({ part: row[rate.numerator] ?? 0, whole: row[rate.denominator] ?? 0 });
  const [later, earlier] = [side(now), side(before)];
  if ([later, earlier].some(({ part, whole }) => part > whole || whole < ENOUGH)) return undefined;
  const [low, high] = newcombe(later, earlier);
  return low > 0 ? 'better' : high < 0 ? 'worse' : undefined;
}

/** The figures of the whole, for a page that shows nothing else of the table. */
export const totalCells = (report: FunnelReport, context: Omit<LineContext, 't'>): FunnelCell[] => new Table(report, context).cells(report.total);

/** Rows and total of the table as the template shows them. */
export function funnelLines(report: FunnelReport, context: LineContext): { lines: FunnelLine[]; total: FunnelLine } {
  const table = new Table(report, context);
  return {
    lines: report.rows.map((row) => ({ key: row.key, label: cutLabel(context.cut, row, context.t), cells: table.cells(row) })),
    total: { key: '', label: '', cells: table.cells(report.total) },
  };
}

/** Whether some rate of the table has too few calls below it, so that the mark is explained. */
export const anyFew = ({ total, rows }: FunnelReport): boolean =>
  [total, ...rows].some(({ sureness }) => Object.values(sureness).some(({ few }) => few));
