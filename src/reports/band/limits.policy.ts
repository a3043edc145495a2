import type { BandLimits } from '../band.policy.js';
import { type Day, addDays } from '../../kernel/day.js';
import { type DayCount, LIKENESSES, type Likeness } from './band.types.js';

/** Days differ by more than chance; a band narrower than this would call that an alarm. */
const LEAST_MARGIN = 0.025;
const SPREADS = 2.5;

/**
 * Limits from days that are alike: the usual rate, give or take 2.5 times the spread between days that chance does not explain (method of moments, as for a
 * random effect: DerSimonian & Laird 1986), at least 2.5 percentage points. What chance does explain is left to the interval of the rate that is judged.
 * @param centre usual connect rate, 0…1
 */
export function learntLimits(centre: number, days: readonly DayCount[]): { lower: number; upper: number } {
  const margin = Math.max(LEAST_MARGIN, SPREADS * spreadOf(days));
  return { lower: Math.max(0, centre - margin), upper: Math.min(1, centre + margin) };
}

function spreadOf(days: readonly DayCount[]): number {
  const dialled = days.filter((day) => day.attempts > 0);
  const calls = dialled.reduce((sum, day) => sum + day.attempts, 0);
  const mean = dialled.reduce((sum, day) => sum + day.connected, 0) / calls;
  const variance = mean * (1 - mean);
  if (dialled.length < 2 || !(variance > 0)) return 0;
  const q = dialled.reduce((sum, day) => sum + (day.attempts * (day.connected / day.attempts - mean) ** 2) / variance, 0);
  const weight = calls - dialled.reduce((sum, day) => sum + day.attempts ** 2, 0) / calls;
  return Math.sqrt(Math.max(0, ((q - (dialled.length - 1)) * variance) / weight));
}

/** What is set on the campaign holds; where neither limit is set, both are learnt. */
export const limitsOf = (set: BandLimits, learnt: { lower: number; upper: number } | null): BandLimits =>
  set.lower !== null || set.upper !== null ? set : { ...set, lower: learnt?.lower ?? null, upper: learnt?.upper ?? null };

/** Weeks before the days that are judged in which the usual is looked for. */
export const USUAL_DAYS = 56;
export const WINDOWS = [1, 3, 7] as const;
export const LONGEST_WINDOW = 7;

/** The shortest of today, three and seven days that has calls enough to be judged; else seven days. @param attempts by day */
export function windowOf(today: Day, attempts: ReadonlyMap<Day, number>, least: number): { from: Day; to: Day } {
  const callsOf = (days: number): number =>
    Array.from({ length: days }, (_, i) => attempts.get(addDays(today, -i)) ?? 0).reduce((sum, count) => sum + count, 0);
  const days = WINDOWS.find((length) => callsOf(length) >= least) ?? LONGEST_WINDOW;
  return { from: addDays(today, 1 - days), to: today };
}

/** Fewer usual calls say nothing. */
const LEAST_USUAL = 400;

/** The narrowest likeness with calls enough; null when even all calls are too few. @param attempts usual calls by likeness */
export const likenessOf = (attempts: Readonly<Record<Likeness, number>>): Likeness | null =>
  LIKENESSES.find((one) => attempts[one] >= LEAST_USUAL) ?? null;
