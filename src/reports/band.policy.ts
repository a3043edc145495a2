import { wilson } from '../kernel/statistics.js';

export type BandState = 'below' | 'within' | 'above' | 'too-few';

export interface BandLimits {
  lower: number | null;
  upper: number | null;
  minAttempts: number;
}

export interface BandJudgement {
  state: BandState;
  connectRate: number | null;
  /** 95 % Wilson interval of the connect rate. */
  interval: [number, number];
}

/**
 * Judges the connect rate against its control band (CAM-8). Against limits that somebody set: below or above only when the whole 95 % interval lies outside,
 * so few calls or a rate near the limit raise no alarm. Learnt limits are those of a p′ chart, chance is in them already: the rate itself has to lie outside.
 * Fewer attempts than `minAttempts` are not judged at all.
 */
export function judgeBand(attempts: number, connected: number, limits: BandLimits, by: 'set' | 'learnt' = 'set'): BandJudgement {
  const interval = wilson(connected, attempts);
  const connectRate = attempts === 0 ? null : connected / attempts;
  const judged: [number, number] = by === 'learnt' && connectRate !== null ? [connectRate, connectRate] : interval;
  return { state: stateOf(attempts, judged, limits), connectRate, interval };
}

function stateOf(attempts: number, [low, high]: [number, number], { lower, upper, minAttempts }: BandLimits): BandState {
  if (attempts < minAttempts) return 'too-few';
  if (lower !== null && high < lower) return 'below';
  if (upper !== null && low > upper) return 'above';
  return 'within';
}
