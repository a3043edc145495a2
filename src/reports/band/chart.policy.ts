import type { DayCount } from './band.types.js';

/** One subgroup of a p-chart: the calls of a day, and the rate that is usual on such a day. */
export interface ChartPoint extends DayCount {
  centre: number;
}

export type Side = 'below' | 'above';

/** Days one after the other on one side of the centre. */
export interface Run {
  side: Side;
  points: readonly ChartPoint[];
}

/** 3: on a process left alone one point in 370 lies outside (Shewhart). */
const SIGMAS = 3;
/** Mean of the range of two values of a normal distribution, in standard deviations. */
const D2 = 1.128;
/** From fewer steps between days nothing is concluded about how much days differ. */
const LEAST_STEPS = 5;
/** Western Electric rule 4: chance alone puts eight in a row on one given side once in 256. */
export const RUN_LENGTH = 8;

/** The spread of a rate of n calls by chance alone; a centre of 0 or 1 has none. */
const chance = (centre: number, n: number): number => Math.sqrt((centre * (1 - centre)) / n);

/**
 * How many times more days differ than chance lets them: the σz of the p′ chart. Each day is standardised, z = (p − centre) ÷ √(centre·(1 − centre) ÷ n); σz is the mean of
 * |z − z of the day before| ÷ 1.128. Neither a trend nor a lasting difference between two campaigns widens it, as steps are taken within one campaign.
 *
 * Never less than 1: a band narrower than chance would call chance an alarm.
 *
 * D. B. Laney, "Improved Control Charts for Attributes", Quality Engineering 14 (2002) 531–537.
 *
 * @param series days of each campaign in their order
 */
export function laneySigma(series: readonly (readonly ChartPoint[])[]): number {
  const steps = series.flatMap((points) => {
    const z = points.filter(standardised).map((point) => (point.connected / point.attempts - point.centre) / chance(point.centre, point.attempts));
    return z.slice(1).map((one, i) => Math.abs(one - (z[i] ?? one)));
  });
  if (steps.length < LEAST_STEPS) return 1;
  return Math.max(1, steps.reduce((sum, step) => sum + step, 0) / steps.length / D2);
}

const standardised = ({ attempts, centre }: ChartPoint): boolean => attempts > 0 && centre > 0 && centre < 1;

/** Limits of a p′ chart for a rate of n calls: centre ± 3·√(centre·(1 − centre) ÷ n)·σz, within 0…1. */
export function chartLimits(centre: number, n: number, sigmaZ: number): { lower: number; upper: number } {
  const margin = SIGMAS * sigmaZ * chance(centre, n);
  return { lower: Math.max(0, centre - margin), upper: Math.min(1, centre + margin) };
}

const sideOf = ({ attempts, connected, centre }: ChartPoint): Side | null => {
  const rate = connected / attempts;
  return rate === centre ? null : rate < centre ? 'below' : 'above';
};

/** The last eight points where all of them lie on one side of their centres; null where they do not, or where there are fewer. @param points oldest first */
export function runOf(points: readonly ChartPoint[]): Run | null {
  const last = points.slice(-RUN_LENGTH);
  const [side, ...others] = last.map(sideOf);
  if (last.length < RUN_LENGTH || !side || others.some((one) => one !== side)) return null;
  return { side, points: last };
}
