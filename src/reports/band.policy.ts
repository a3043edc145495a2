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
 * Judges the connect rate against its control band (CAM-8). Below or above only when the whole 95 % interval lies outside the limit:
 * few calls or a rate near the limit raise no alarm. Fewer attempts than `minAttempts` are not judged at all.
 */
export function judgeBand(attempts: number, connected: number, limits: BandLimits): BandJudgement {
  const interval = wilson(connected, attempts);
  const connectRate = attempts === 0 ? null : connected / attempts;
  return { state: stateOf(attempts, interval, limits), connectRate, interval };
}

function stateOf(attempts: number, [low, high]: [number, number], { lower, upper, minAttempts }: BandLimits): BandState {
  if (attempts < minAttempts) return 'too-few';
  if (lower !== null && high < lower) return 'below';
  if (upper !== null && low > upper) return 'above';
  return 'within';
}

export interface OutcomeShare {
  outcome: string;
  labelZh?: string | undefined;
  labelEn?: string | undefined;
  /** Share of this campaign's attempts, and of everybody else's in the same days. */
  here: number;
  elsewhere: number;
}

export interface BandCause {
  cause: string;
  labelZh?: string | undefined;
  labelEn?: string | undefined;
  /** Percentage points of attempts, as a fraction, by which this outcome exceeds what is usual. */
  excess: number;
  share: number;
  action: 'technical_check' | 'return_numbers' | 'redial_other_slot' | 'watch';
}

const ACTIONS: Record<string, BandCause['action']> = {
  rejected: 'technical_check',
  out_of_area: 'technical_check',
  invalid_number: 'return_numbers',
  suspended: 'return_numbers',
  no_answer: 'redial_other_slot',
  powered_off: 'redial_other_slot',
  busy: 'redial_other_slot',
};
const TECHNICAL_FIRST = ['technical_check', 'return_numbers', 'redial_other_slot', 'watch'];

/** Names what is unusual about the calls that did not connect: each cause's share of the whole excess; technical causes first. */
export function causesOf(shares: readonly OutcomeShare[]): BandCause[] {
  const excess = shares.map((s) => ({ ...s, excess: Math.max(0, s.here - s.elsewhere) })).filter((s) => s.excess > 0.001);
  const whole = excess.reduce((sum, s) => sum + s.excess, 0);
  return excess
    .map((s): BandCause => ({
      cause: s.outcome,
      labelZh: s.labelZh,
      labelEn: s.labelEn,
      excess: s.excess,
      share: s.excess / whole,
      action: ACTIONS[s.outcome] ?? 'watch',
    }))
    .sort((a, b) => TECHNICAL_FIRST.indexOf(a.action) - TECHNICAL_FIRST.indexOf(b.action) || b.excess - a.excess);
}
