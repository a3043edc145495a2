import type { SubmitResult } from './gateway.types.js';

/** After the first failure a gateway is tried again soon, then ever more seldom. */
const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 60_000;

/** How long a gateway rests over which nothing could be sent `failures` times in a row. */
export const restAfter = (failures: number): number => Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - 1));

/**
 * How much longer the next message waits after throttling, in milliseconds: what the gateway asked for, or the time that the refused ones
 * took at the rate we thought was ours, so that the pace settles at what it really takes.
 */
export function slowDownBy(results: readonly SubmitResult[], ratePerSecond: number): number {
  const throttled = results.filter((result) => result.outcome === 'throttled');
  const asked = throttled.map(({ retryAfterMs }) => retryAfterMs ?? 0);
  return Math.max(0, ...asked, (throttled.length / ratePerSecond) * 1000);
}

/** The fault that nothing can be sent at present, when one of the answers says so and none of them says otherwise. */
export function outageIn(results: readonly SubmitResult[]): string | null {
  if (results.some(({ outcome }) => outcome === 'accepted' || outcome === 'rejected')) return null;
  return results.find((result) => result.outcome === 'not_sent')?.code ?? null;
}

export const answersAgain = (results: readonly SubmitResult[]): boolean => results.some(({ outcome }) => outcome === 'accepted');

/** Certainly not taken by anybody: may be sent anew. */
export const notTaken = (results: readonly SubmitResult[]): string[] =>
  results.filter(({ outcome }) => outcome === 'throttled' || outcome === 'not_sent').map(({ id }) => id);
