import { wilson } from '../../kernel/statistics.js';

/** Connected calls of one manager by how long they lasted; talk times a person told of themselves are left out, they come in round numbers. */
export interface TalkTimes {
  manager: string;
  name: string;
  /** 18, 19 and 20 seconds. */
  inside: number;
  /** The six seconds before and the six after: 12–17 and 21–26. */
  around: number;
}

export interface Padding extends TalkTimes {
  /** Calls of 18–20 s that a smooth distribution would have. */
  expected: number;
  excess: number;
}

const SECONDS_INSIDE = 3;
const SECONDS_AROUND = 12;
const SMOOTH = SECONDS_INSIDE / (SECONDS_INSIDE + SECONDS_AROUND);
/** What everybody has there may be a hump of the talk itself, but no more than this. */
const MOST_USUAL = 0.3;
const LEAST_CALLS = 10;
/** One chance in two thousand a manager: a team of fifty stays quiet. */
const Z = 3.29;

/**
 * Who holds calls until they pass the 18-second mark (CAM-8): of the calls of 12–26 s, more last 18–20 s than a smooth distribution has there, by more
 * than chance. The smooth share is 3 of 15 seconds, or what all others have, whichever is larger.
 */
export function paddedBy(all: readonly TalkTimes[]): Padding[] {
  const inside = all.reduce((sum, one) => sum + one.inside, 0);
  const around = all.reduce((sum, one) => sum + one.around, 0);
  return all
    .map((one): Padding & { sure: boolean } => {
      const others = inside - one.inside + around - one.around;
      const usual = Math.min(MOST_USUAL, Math.max(SMOOTH, others > 0 ? (inside - one.inside) / others : SMOOTH));
      const expected = (usual * one.around) / (1 - usual);
      const sure = one.inside >= LEAST_CALLS && wilson(one.inside, one.inside + one.around, Z)[0] > usual;
      return { ...one, expected, excess: one.inside - expected, sure };
    })
    .filter(({ sure }) => sure)
    .map(({ sure: _sure, ...padding }) => padding)
    .sort((a, b) => b.excess - a.excess);
}
