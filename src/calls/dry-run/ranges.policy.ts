import type { Day } from '../../kernel/day.js';
import type { Run, Totals } from './dry-run.types.js';

export interface Range {
  p10: number;
  median: number;
  p90: number;
}

/** Never: after every day. */
const NEVER = '9999-12-31';

/** The value below which this share of the sorted ones lies (nearest rank). */
const at = <T>(sorted: readonly T[], share: number): T => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as T;

export interface Outlook {
  runs: number;
  /** The run to be shown hour by hour: the middle one by orders, then by calls. */
  shown: number;
  totals: Record<keyof Totals, Range>;
  finishOn: { p10: Day | null; median: Day | null; p90: Day | null };
}

/** What most runs agree on: eight in ten lie between p10 and p90. */
export function outlookOf(runs: readonly Pick<Run, 'totals' | 'finishOn'>[]): Outlook {
  const keys = Object.keys(runs[0]?.totals ?? {}) as (keyof Totals)[];
  const range = (key: keyof Totals): Range => {
    const sorted = runs.map(({ totals }) => totals[key]).sort((a, b) => a - b);
    return { p10: at(sorted, 0.1), median: at(sorted, 0.5), p90: at(sorted, 0.9) };
  };
  const days = runs.map(({ finishOn }) => finishOn ?? NEVER).sort();
  const day = (share: number): Day | null => (at(days, share) === NEVER ? null : at(days, share));
  const order = runs
    .map((run, nth) => ({ ...run.totals, nth }))
    .sort((a, b) => a.converted - b.converted || a.attempts - b.attempts || a.nth - b.nth);
  return {
    runs: runs.length,
    shown: at(order, 0.5).nth,
    totals: Object.fromEntries(keys.map((key) => [key, range(key)])) as Outlook['totals'],
    finishOn: { p10: day(0.1), median: day(0.5), p90: day(0.9) },
  };
}
