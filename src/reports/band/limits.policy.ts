import type { BandLimits } from '../band.policy.js';
import { type Day, addDays } from '../../kernel/day.js';
import { LIKENESSES, type Likeness } from './band.types.js';

/** What is set on the campaign holds; where neither limit is set, both are learnt. */
export const limitsOf = (set: BandLimits, learnt: { lower: number; upper: number } | null): BandLimits =>
  set.lower !== null || set.upper !== null ? set : { ...set, lower: learnt?.lower ?? null, upper: learnt?.upper ?? null };

/** Weeks before the days that are judged in which the usual is looked for. */
export const USUAL_DAYS = 56;
export const WINDOWS = [1, 3, 7] as const;
export const LONGEST_WINDOW = 7;
/** Days back in which a run is looked for: eight working days with a long holiday between them. */
export const RUN_DAYS = 21;

/** The shortest of today, three and seven days that has calls enough to be judged; else seven days. @param attempts by day */
export function windowOf(today: Day, attempts: ReadonlyMap<Day, number>, least: number): { from: Day; to: Day } {
  const callsOf = (days: number): number =>
    Array.from({ length: days }, (_, i) => attempts.get(addDays(today, -i)) ?? 0).reduce((sum, count) => sum + count, 0);
  const days = WINDOWS.find((length) => callsOf(length) >= least) ?? LONGEST_WINDOW;
  return { from: addDays(today, 1 - days), to: today };
}

/** Fewer usual calls say nothing; to be its own measure a campaign needs a month of days that can be judged. */
const LEAST_USUAL: Readonly<Record<Likeness, number>> = { campaign: 4_000, segment: 400, kind: 400, all: 400 };

/** The narrowest likeness with calls enough; null when even all calls are too few. @param attempts usual calls by likeness */
export const likenessOf = (attempts: Readonly<Record<Likeness, number>>): Likeness | null =>
  LIKENESSES.find((one) => attempts[one] >= LEAST_USUAL[one]) ?? null;
