import { counted } from '../../kernel/statistics.js';

/**
 * How far the switch's start of a call may lie from the recorded one, in seconds, both ways and inclusive. The switch counts from dialling; the desk
 * from opening the customer's page, an entry by hand from the moment it was made minus the talk. In between lie reading and noting.
 */
export const TOLERANCE_SECONDS = 600;

/** What is not matched is tried again: after minutes, then after pauses as long as it has waited, in the end daily, for so many days. */
export const RETRY = { firstMinutes: 5, mostHours: 24, days: 30 } as const;

/** A call of the switch and an attempt of the same line and agent within the tolerance. */
export interface Near {
  call: number;
  attempt: string;
  /** Milliseconds between the two starts. */
  apart: number;
}

/** Rows of equal distance, the nearest first. */
function* byDistance(pairs: readonly Near[]): Generator<Near[]> {
  const sorted = [...pairs].sort((a, b) => a.apart - b.apart);
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to]?.apart === sorted[from]?.apart) to += 1;
    yield sorted.slice(from, to);
  }
}

/**
 * Which call is which attempt: the nearest first, one call per attempt and one attempt per call. Where two are equally near nothing is guessed, and
 * whoever has one of them as the nearest left stays open too. The order of the pairs does not matter.
 * @returns the pairs that are settled
 */
export function settle(pairs: readonly Near[]): Near[] {
  const settled: Near[] = [];
  const gone = new Set<number | string>();
  const doubtful = new Set<number | string>();
  for (const group of byDistance(pairs)) {
    const open = group.filter(({ call, attempt }) => !gone.has(call) && !gone.has(attempt));
    const calls = counted(open.map((pair) => pair.call));
    const attempts = counted(open.map((pair) => pair.attempt));
    const sure = ({ call, attempt }: Near): boolean =>
      calls.get(call) === 1 && attempts.get(attempt) === 1 && !doubtful.has(call) && !doubtful.has(attempt);
    const found = open.filter(sure);
    for (const { call, attempt } of open.filter((pair) => !sure(pair))) doubtful.add(call).add(attempt);
    for (const pair of found) {
      settled.push(pair);
      gone.add(pair.call).add(pair.attempt);
    }
  }
  return settled;
}
