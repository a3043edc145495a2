import { dayOf, hourOf, minuteOfDay, type Day } from '../../kernel/day.js';
import { type BandJudgement, type BandLimits, judgeBand } from '../band.policy.js';
import type { BandRate, BestSlot, DayCount, Diagnosis, DialCount, Likeness, UsualCount } from './band.types.js';
import { diagnose } from './diagnosis.policy.js';
import { learntLimits, limitsOf, windowOf } from './limits.policy.js';
import { bestSlot, compare, type HourShare, usualOf } from './usual.policy.js';

/** One rate of one campaign, judged. */
export interface JudgedRate extends BandJudgement {
  rate: BandRate;
  attempts: number;
  connected: number;
  /** First and last Shanghai day that were judged. */
  from: Day;
  to: Day;
  lower: number | null;
  upper: number | null;
  /** Whether somebody set these limits, or days that are alike. */
  limits: 'set' | 'learnt' | 'none';
  /** Where the usual comes from; null where there is none. */
  likeness: Likeness | null;
  /** Only below the band, and where there is something to compare with. */
  diagnosis: Diagnosis | null;
  /** When to dial again. */
  bestSlot: BestSlot | null;
}

export interface RateFacts {
  rate: BandRate;
  recent: readonly DialCount[];
  usual: readonly UsualCount[];
  days: readonly DayCount[];
  likeness: Likeness | null;
  set: BandLimits;
  now: Date;
}

/** Hours the campaigns dial in, for the slot to redial in. */
const DIALLED = (hour: number): boolean => (hour >= 9 && hour < 12) || (hour >= 14 && hour < 20);

/** How much of each hour has passed: of today what the clock says, of other days all. */
export function passedAt(now: Date): HourShare {
  const [today, hour, minutes] = [dayOf(now), hourOf(now), minuteOfDay(now) % 60];
  return (day, one) => (day !== today || one < hour ? 1 : one === hour ? minutes / 60 : 0);
}

/** Judges one rate (CAM-8): the shortest window with calls enough, the limits set or learnt, the interval, and below the band the causes. */
export function judgeRate({ rate, recent, usual, days, likeness, set, now }: RateFacts): JudgedRate {
  const byDay = new Map<Day, number>();
  for (const row of recent) byDay.set(row.day, (byDay.get(row.day) ?? 0) + row.count);
  const window = windowOf(dayOf(now), byDay, set.minAttempts);
  const calls = recent.filter((row) => row.day >= window.from);
  const count = (rows: readonly DialCount[]): number => rows.reduce((sum, row) => sum + row.count, 0);
  const [attempts, connected] = [count(calls), count(calls.filter((row) => row.connected))];
  const comparison = likeness === null || attempts === 0 ? null : compare(calls, usualOf(usual), passedAt(now));
  const limits = limitsOf(set, comparison && learntLimits(comparison.expected, days));
  const judgement = judgeBand(attempts, connected, limits);
  return {
    ...judgement,
    rate,
    attempts,
    connected,
    ...window,
    lower: limits.lower,
    upper: limits.upper,
    limits: set.lower !== null || set.upper !== null ? 'set' : comparison ? 'learnt' : 'none',
    likeness,
    diagnosis: judgement.state === 'below' && comparison ? diagnose(calls, comparison) : null,
    bestSlot: bestSlot(usual, DIALLED),
  };
}
