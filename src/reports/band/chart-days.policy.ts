import { addDays, type Day, weekday } from '../../kernel/day.js';
import type { DayCount, DialCount } from './band.types.js';
import { type ChartPoint, type Run, runOf } from './chart.policy.js';
import { LONGEST_WINDOW } from './limits.policy.js';
import { expectedOn, type Usual } from './usual.policy.js';

/** Days with calls enough, each with what is usual on it. */
export function pointsOf(days: readonly DayCount[], usual: Usual, least: number): ChartPoint[] {
  const centres = new Map<number, number>();
  const centreOn = (day: Day): number => {
    const centre = centres.get(weekday(day)) ?? expectedOn(usual, day);
    centres.set(weekday(day), centre);
    return centre;
  };
  return days.filter(({ attempts }) => attempts >= least).map((day) => ({ ...day, centre: centreOn(day.day) }));
}

/**
 * Days the centre was learnt from, for {@link laneySigma}. Each is held against what the others say of its weekday: a day that is part of its own measure lies too near
 * to it, and a new day lies further off by as much as the measure itself is unsure.
 */
export function learntPoints(series: readonly (readonly DayCount[])[], usual: Usual, least: number): ChartPoint[][] {
  const calls = new Map<number, number>();
  for (const { day, attempts } of series.flat()) calls.set(weekday(day), (calls.get(weekday(day)) ?? 0) + attempts);
  const without = (point: ChartPoint): number => {
    const others = (calls.get(weekday(point.day)) ?? 0) - point.attempts;
    if (others <= 0) return point.centre;
    return Math.min(1, Math.max(0, (point.centre * (others + point.attempts) - point.connected) / others));
  };
  return series.map((days) => pointsOf(days, usual, least).map((point) => ({ ...point, centre: without(point) })));
}

/** The run that the last whole days are in, unless it is a week old: today is no point yet, a morning would end it and begin it from hour to hour. */
export function recentRun(points: readonly ChartPoint[], today: Day): Run | null {
  const run = runOf(points.filter(({ day }) => day < today));
  const last = run?.points[run.points.length - 1];
  return last && last.day > addDays(today, -LONGEST_WINDOW) ? run : null;
}

export function perDay(rows: readonly DialCount[]): DayCount[] {
  const days = new Map<Day, DayCount>();
  for (const row of rows) {
    const { attempts, connected } = days.get(row.day) ?? { attempts: 0, connected: 0 };
    days.set(row.day, { day: row.day, attempts: attempts + row.count, connected: connected + (row.connected ? row.count : 0) });
  }
  return [...days.values()].sort((a, b) => a.day.localeCompare(b.day));
}
