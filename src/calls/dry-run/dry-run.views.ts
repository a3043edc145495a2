import type { DryRunResult } from './dry-run.queries.js';
import type { HourCount, Totals } from './dry-run.types.js';

/** So many days with calls are drawn hour by hour. */
const DRAWN_DAYS = 5;
/** The funnel from top to bottom. */
const STEPS: readonly (keyof Totals)[] = ['attempts', 'connected', 'talk18', 'converted', 'succeeded'];
const ENDS: readonly (keyof Totals)[] = ['finished', 'unreached', 'left', 'held'];

function byDay(hours: readonly HourCount[]) {
  const days = new Map<string, { day: string; attempts: number; connected: number }>();
  for (const { day, attempts, connected } of hours) {
    const row = days.get(day) ?? { day, attempts: 0, connected: 0 };
    days.set(day, { day, attempts: row.attempts + attempts, connected: row.connected + connected });
  }
  return [...days.values()];
}

/** The card: ranges, the middle run hour by hour, and why customers are skipped. */
export function dryRunView(result: DryRunResult) {
  const { outlook, shown, rates, learnt, count } = result;
  const rows = (keys: readonly (keyof Totals)[]) => keys.map((key) => ({ key, ...outlook.totals[key] }));
  const days = byDay(shown.hours);
  const drawn = new Set(days.slice(0, DRAWN_DAYS).map(({ day }) => day));
  return {
    ...result,
    skipped: Object.entries(count.excluded)
      .map(([reason, people]) => ({ reason, people }))
      .sort((a, b) => b.people - a.people || a.reason.localeCompare(b.reason)),
    included: count.included,
    out: count.matched - count.included,
    steps: rows(STEPS),
    ends: rows(ENDS),
    days,
    hours: shown.hours
      .filter(({ day }) => drawn.has(day))
      .map((row) => ({ ...row, label: `${row.day.slice(5)} ${String(row.hour).padStart(2, '0')}:00` })),
    drawnDays: drawn.size,
    usualConnect: rates.connect.filter((_, hour) => hour >= 9 && hour < 20).reduce((sum, one) => sum + one, 0) / 11,
    assumed: learnt.assumed,
  };
}
