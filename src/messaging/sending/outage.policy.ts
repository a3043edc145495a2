import type { GatewayAccount, SubmitResult } from '../gateways/gateway.types.js';

/** After the first failure a gateway is tried again soon, then ever more seldom. */
const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 60_000;

/** How long a gateway rests over which nothing could be sent `failures` times in a row. */
export const restAfter = (failures: number): number => Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - 1));

/**
 * How much longer the next message waits after throttling, in milliseconds: what the gateway asked for, or the time that the refused ones
 * took at the rate we thought was ours, so that the pace settles at what it really takes. Where all was refused again and again, ever longer.
 */
export function slowDownBy(
  results: readonly SubmitResult[],
  { ratePerSecond, failures }: Pick<GatewayAccount, 'ratePerSecond' | 'failures'>,
): number {
  const throttled = results.filter((result) => result.outcome === 'throttled');
  const asked = throttled.map(({ retryAfterMs }) => retryAfterMs ?? 0);
  const again = allThrottled(results) && failures > 0 ? restAfter(failures) : 0;
  return Math.max(0, again, ...asked, (throttled.length / ratePerSecond) * 1000);
}

/** So many hand-overs in a row of which all was throttled are a gateway that takes nothing: another way is better than more of the same. */
const THROTTLED_OUT = 4;

/** All of it was too much for the gateway. */
export const allThrottled = (results: readonly SubmitResult[]): boolean =>
  results.length > 0 && results.every(({ outcome }) => outcome === 'throttled');

/**
 * The fault that nothing can be sent at present, when one of the answers says so and none of them says otherwise.
 * @param failures in a row before this
 */
export function outageIn(results: readonly SubmitResult[], failures = 0): string | null {
  if (allThrottled(results) && failures + 1 >= THROTTLED_OUT) return 'throttled';
  if (results.some(({ outcome }) => outcome === 'accepted' || outcome === 'rejected')) return null;
  return results.find((result) => result.outcome === 'not_sent')?.code ?? null;
}

export const answersAgain = (results: readonly SubmitResult[]): boolean => results.some(({ outcome }) => outcome === 'accepted');

/** Certainly not taken by anybody: may be sent anew. */
export const notTaken = (results: readonly SubmitResult[]): string[] =>
  results.filter(({ outcome }) => outcome === 'throttled' || outcome === 'not_sent').map(({ id }) => id);
