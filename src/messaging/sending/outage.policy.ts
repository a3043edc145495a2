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
  const throttled = results.filter(tooQuick);
  const again = allThrottled(results) && failures > 0 ? restAfter(failures) : 0;
  return Math.min(LONGEST_SLOWING_MS, Math.max(again, longestAsked(results), (throttled.length / ratePerSecond) * 1000));
}

/** A gateway that asks for a day is asked again before: nobody may be there to end it by hand. */
const LONGEST_SLOWING_MS = 600_000;
/** Who asks for longer than this is no way out meanwhile. */
const OUT_AFTER_MS = 30_000;

/** So many hand-overs in a row of which all was throttled are a gateway that takes nothing: another way is better than more of the same. */
const THROTTLED_OUT = 4;

/** What the gateway asked us to wait, in milliseconds. */
const longestAsked = (results: readonly SubmitResult[]): number =>
  Math.max(0, ...results.map((result) => (result.outcome === 'throttled' ? (result.retryAfterMs ?? 0) : 0)));

const tooQuick = (result: SubmitResult): boolean => result.outcome === 'throttled' || halfOf(result) === 'throttled';

/** Of a message that was taken in part: why its other parts were not; null for every other. */
const halfOf = (result: SubmitResult): 'rejected' | 'throttled' | 'not_sent' | null => (result.outcome === 'unknown' ? (result.half ?? null) : null);

/** All of it was too much for the gateway. */
export const allThrottled = (results: readonly SubmitResult[]): boolean => results.length > 0 && results.every(tooQuick);

/** Fewer without an answer may be those messages' own fault; once more, it is the gateway's. */
const MANY = 20;

/** What is wrong where none of it was answered for, or each of it was taken in part only; null where something else came of it. */
function doubtIn(results: readonly SubmitResult[]): 'no_answer' | 'half_taken' | null {
  if (results.length === 0 || results.some(({ outcome }) => outcome !== 'unknown')) return null;
  const halves = results.filter((result) => halfOf(result) !== null).length;
  if (halves === results.length) return 'half_taken';
  return halves === 0 ? 'no_answer' : null;
}

/** Nothing came of it, and nobody says that the gateway is down: a second time it may be. */
export const countsAsFailure = (results: readonly SubmitResult[]): boolean => allThrottled(results) || doubtIn(results) !== null;

/** A message refused, or taken, be it in part: the gateway is there. */
const speaks = (result: SubmitResult): boolean => result.outcome === 'accepted' || result.outcome === 'rejected' || halfOf(result) !== null;

/**
 * The fault that nothing can be sent at present, when one of the answers says so and none of them says otherwise. Where none says anything (a proxy without
 * its gateway, a hung one) the next batch would be in doubt like this one (R7): better another way. So it would where each message is taken in part only:
 * the gateway answers, and the customers would read half a text.
 * @param failures in a row before this
 */
export function outageIn(results: readonly SubmitResult[], failures = 0): string | null {
  if (allThrottled(results)) return failures + 1 >= THROTTLED_OUT || longestAsked(results) > OUT_AFTER_MS ? 'throttled' : null;
  const doubt = doubtIn(results);
  if (doubt) return failures > 0 || results.length >= MANY ? doubt : null;
  if (results.some(speaks)) return null;
  return results.find((result) => result.outcome === 'not_sent')?.code ?? null;
}

export const answersAgain = (results: readonly SubmitResult[]): boolean =>
  results.some((result) => result.outcome === 'accepted' || halfOf(result) !== null);

/** Certainly not taken by anybody: may be sent anew. */
export const notTaken = (results: readonly SubmitResult[]): string[] =>
  results.filter(({ outcome }) => outcome === 'throttled' || outcome === 'not_sent').map(({ id }) => id);
