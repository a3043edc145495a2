import { dayOf, type Day, hourOf, minuteOfDay } from '../../kernel/day.js';
import { type BandJudgement, type BandLimits, judgeBand } from '../band.policy.js';
import type { BandRate, BandRule, BestSlot, DayCount, Diagnosis, DialCount, Likeness, UsualCount } from './band.types.js';
import { learntPoints, perDay, pointsOf, recentRun } from './chart-days.policy.js';
import { chartLimits, laneySigma, type Run } from './chart.policy.js';
import { diagnose } from './diagnosis.policy.js';
import { limitsOf, windowOf } from './limits.policy.js';
import { bestSlot, compare, type HourShare, type Usual, usualOf } from './usual.policy.js';

/** One rate of one campaign, judged. */
export interface JudgedRate extends BandJudgement {
  rate: BandRate;
  /** Why it is out; null while it is not. A run is one of whole days, and figures and causes are then those of its days. */
  rule: BandRule | null;
  /** Days of the run; null where no run is what is out. */
  runDays: number | null;
  attempts: number;
  connected: number;
  /** First and last Shanghai day that were judged. */
  from: Day;
  to: Day;
  lower: number | null;
  upper: number | null;
  /** Whether somebody set these limits, or days that are alike. */
  limits: 'set' | 'learnt' | 'none';
  /** What is usual for these days and hours, the centre of the chart; null where there is nothing to compare with. */
  centre: number | null;
  /** How many times more days differ than by chance: σz of Laney's p′ chart, at least 1. */
  dispersion: number | null;
  /** Where the usual comes from; null where there is none. */
  likeness: Likeness | null;
  /** Only below the band, and where there is something to compare with. */
  diagnosis: Diagnosis | null;
  /** When to dial again. */
  bestSlot: BestSlot | null;
}

export interface RateFacts {
  rate: BandRate;
  /** The campaign's own calls of the last three weeks. */
  recent: readonly DialCount[];
  usual: readonly UsualCount[];
  /** Days of the weeks before, by campaign, oldest first. */
  series: readonly (readonly DayCount[])[];
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

/** Judges one rate (CAM-8): the shortest window with calls enough against the limits set or learnt, then the days before for a run, and below the band the causes. */
export function judgeRate(facts: RateFacts): JudgedRate {
  const usual = facts.likeness === null ? null : usualOf(facts.usual);
  return { ...judgeBy(facts, usual), bestSlot: bestSlot(facts.usual, DIALLED) };
}

/** As {@link judgeRate}, with the usual calls tallied already; null: there are none. */
export function judgeBy(facts: Omit<RateFacts, 'usual'>, usual: Usual | null): Omit<JudgedRate, 'bestSlot'> {
  const days = perDay(facts.recent);
  const window = windowOf(dayOf(facts.now), new Map(days.map((day) => [day.day, day.attempts])), facts.set.minAttempts);
  const sigmaZ = usual && laneySigma(learntPoints(facts.series, usual, facts.set.minAttempts));
  const judged = judgeCalls(facts, { ...window, calls: facts.recent.filter((row) => row.day >= window.from) }, { usual, sigmaZ });
  if (judged.state !== 'within') return judged;
  const run = usual && recentRun(pointsOf(days, usual, facts.set.minAttempts), dayOf(facts.now));
  return run ? { ...judgeCalls(facts, callsOf(run, facts.recent), { usual, sigmaZ, run }), state: run.side, rule: 'run' } : judged;
}

interface Judged {
  from: Day;
  to: Day;
  calls: readonly DialCount[];
}

interface Measure {
  usual: Usual | null;
  sigmaZ: number | null;
  run?: Run;
}

function judgeCalls({ rate, likeness, set, now }: Omit<RateFacts, 'usual'>, { from, to, calls }: Judged, { usual, sigmaZ, run }: Measure) {
  const count = (rows: readonly DialCount[]): number => rows.reduce((sum, row) => sum + row.count, 0);
  const [attempts, connected] = [count(calls), count(calls.filter((row) => row.connected))];
  const comparison = usual === null || attempts === 0 ? null : compare(calls, usual, passedAt(now));
  const limits = limitsOf(set, comparison && chartLimits(comparison.expected, attempts, sigmaZ ?? 1));
  const by: JudgedRate['limits'] = set.lower !== null || set.upper !== null ? 'set' : comparison ? 'learnt' : 'none';
  const judgement = judgeBand(attempts, connected, limits, by === 'learnt' ? 'learnt' : 'set');
  const out = judgement.state === 'below' || judgement.state === 'above';
  return {
    ...judgement,
    rate,
    rule: out ? ('limit' as BandRule) : null,
    runDays: run ? run.points.length : null,
    attempts,
    connected,
    from,
    to,
    lower: limits.lower,
    upper: limits.upper,
    limits: by,
    centre: comparison?.expected ?? null,
    dispersion: comparison && sigmaZ,
    likeness,
    diagnosis: comparison && (run ? run.side === 'below' : judgement.state === 'below') ? diagnose(calls, comparison) : null,
  };
}

function callsOf({ points }: Run, recent: readonly DialCount[]): Judged {
  const days = new Set(points.map(({ day }) => day));
  return { from: points[0]?.day ?? '', to: points[points.length - 1]?.day ?? '', calls: recent.filter((row) => days.has(row.day)) };
}
