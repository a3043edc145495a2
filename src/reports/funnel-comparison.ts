import type { Day } from '../kernel/day.js';
import { sureness } from '../kernel/statistics.js';
import { COUNT_KEYS, type CountKey, RATE_KEYS, RATES } from './catalogue.js';
import type { Cut, Funnel, FunnelCutRow, FunnelReport, FunnelRow, ReportedRow, RowSureness } from './funnel.types.js';
import { counterpart, type PeriodBefore } from './period-before.policy.js';

const IN_ORDER_OF_KEY: readonly Cut[] = ['hour', 'day', 'variant'];
const METRICS = [...COUNT_KEYS, ...RATE_KEYS];

export function surenessOf(row: FunnelRow): RowSureness {
  const pairs = RATES.map(({ key, numerator, denominator }) => [key, sureness(row[numerator], row[denominator])] as const);
  return Object.fromEntries(pairs.filter(([, found]) => found !== undefined));
}

/** A row in which nothing happened; people are null where they were not asked for, as in `like`. */
function nothing(like: FunnelRow): FunnelRow {
  const count = (key: CountKey): number | null => (like[key] === null ? null : 0);
  return Object.fromEntries([...COUNT_KEYS.map((key) => [key, count(key)]), ...RATE_KEYS.map((key) => [key, null])]) as FunnelRow;
}

function differenceOf(now: FunnelRow, before: FunnelRow): FunnelRow {
  const of = (key: (typeof METRICS)[number]): number | null => {
    const [later, earlier] = [now[key], before[key]];
    return later === null || earlier === null ? null : later - earlier;
  };
  return Object.fromEntries(METRICS.map((key) => [key, of(key)])) as FunnelRow;
}

const plain = <R extends FunnelRow>(row: R): R & ReportedRow => ({ ...row, sureness: surenessOf(row) });
const against = <R extends FunnelRow>(row: R, before: FunnelRow): R & ReportedRow => ({
  ...plain(row),
  before,
  difference: differenceOf(row, before),
});

/** A funnel as it is shown, without anything to compare it with. */
export const reportOf = ({ total, rows }: Funnel): FunnelReport => ({ total: plain(total), rows: rows.map(plain) });

/** Stars from seven down, hours, days and scripts in their own order, all else by calls. */
export function orderOf(cut: Cut): (a: FunnelCutRow, b: FunnelCutRow) => number {
  if (cut === 'star') return (a, b) => Number(b.key) - Number(a.key);
  if (IN_ORDER_OF_KEY.includes(cut)) return (a, b) => a.key.localeCompare(b.key, 'en', { numeric: true });
  return (a, b) => (b.attempts ?? 0) - (a.attempts ?? 0) || a.key.localeCompare(b.key);
}

interface Sides {
  cut: Cut;
  period: { from: Day; to: Day };
  before: PeriodBefore;
}

/**
 * Each row of now with its own of before. What only was before has a row too, with zeros for now; so both columns add up. Days stand over against each other
 * by {@link counterpart}; a 31st that has none keeps its own date.
 */
export function compared(now: Funnel, earlier: Funnel, { cut, period, before }: Sides): FunnelReport {
  const keyNow = (row: FunnelCutRow): string => (cut === 'day' ? (counterpart(row.key, period) ?? row.key) : row.key);
  const was = new Map(earlier.rows.map((row) => [keyNow(row), row]));
  const known = new Set(now.rows.map(({ key }) => key));
  const gone = [...was].filter(([key]) => !known.has(key)).map(([key, row]) => ({ ...nothing(row), key, label: cut === 'day' ? key : row.label }));
  const rows = [...now.rows, ...gone].sort(orderOf(cut)).map((row) => {
    const found = was.get(row.key);
    return { ...against(row, found ? figuresOf(found) : nothing(row)), ...(found ? { beforeKey: found.key } : {}) };
  });
  return { before, total: against(now.total, earlier.total), rows };
}

/** The figures of a row without its key and label. */
const figuresOf = (row: FunnelRow): FunnelRow => Object.fromEntries(METRICS.map((key) => [key, row[key]])) as FunnelRow;
