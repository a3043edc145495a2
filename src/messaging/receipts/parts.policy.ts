import { PARTLY } from '../blasts/blast.states.js';
import type { ReceiptState, SubmitResult } from '../gateways/gateway.types.js';

/** One message of several parts: what is said of each becomes one word of the whole. */

type Word = Exclude<ReceiptState, 'unknown'>;

/** A later word wins over an earlier one in this order: nothing leaves `delivered`. */
const WEIGHT: readonly (Word | null)[] = [null, 'accepted', 'expired', 'undelivered', 'delivered'];

/** What is known of a part after one more receipt. `unknown` says nothing. */
export const stronger = (known: Word | null, said: ReceiptState): Word | null =>
  said !== 'unknown' && WEIGHT.indexOf(said) > WEIGHT.indexOf(known) ? said : known;

/**
 * Delivered only if all parts are, undelivered if one is and nothing more is to come of the others; null while nothing can be said. One that fails first says
 * nothing yet: `undelivered` is the end, and of which all parts fail is sent again (R8) while of which some came is not.
 * @param states of the parts known so far, fewer than `parts` where the id of one got lost
 * @param over its validity has run out: nothing more is to come of any
 */
export function wordOfParts(states: readonly (Word | null)[], parts: number, over = false): Word | null {
  const open = !over && states.some((state) => state === null || state === 'accepted');
  if (states.includes('undelivered')) return open ? 'accepted' : 'undelivered';
  if (states.includes('expired')) return 'expired';
  const delivered = states.filter((state) => state === 'delivered').length;
  if (delivered >= parts) return 'delivered';
  return states.some((state) => state !== null) ? 'accepted' : null;
}

/** Why the whole is undelivered: the network's code, marked where some of it is with the customer, or may be for all that is known. */
export function codeOfParts(states: readonly (Word | null)[], parts: number, code: string | null): string | null {
  const whole = states.length >= parts && states.every((state) => state === 'undelivered' || state === 'expired');
  return whole ? code : [PARTLY, ...(code === null ? [] : [code])].join(' ');
}

/** What a gateway said of one part at the hand-over. */
export type PartAnswer =
  | { outcome: 'accepted'; ref: string }
  | { outcome: 'rejected'; code: string }
  | { outcome: 'throttled' }
  | { outcome: 'not_sent'; code: string }
  | { outcome: 'unknown' };

/**
 * The answer for the whole message. Once a part is with the gateway, or may be, the message is never again handed over: it would come twice. So one of
 * which the rest is refused is in doubt, not rejected: its receipts, a person or its validity decide, nobody is offered to try again, and its touch counts.
 * @param ref under which the whole is kept: of a message of one part the gateway's id
 */
export function answerOfParts(id: string, answers: readonly PartAnswer[]): SubmitResult {
  const refs = answers.flatMap((answer) => (answer.outcome === 'accepted' ? [answer.ref] : []));
  if (refs.length === answers.length) return { id, outcome: 'accepted', ref: refs.length === 1 ? (refs[0] ?? id) : wholeRef(id) };
  if (answers.some(({ outcome }) => outcome === 'unknown')) return { id, outcome: 'unknown' };
  if (refs.length > 0) return { id, outcome: 'unknown', half: lackOf(answers) };
  const rejected = answers.find((answer) => answer.outcome === 'rejected');
  if (rejected) return { id, ...rejected };
  const notSent = answers.find((answer) => answer.outcome === 'not_sent');
  return notSent ? { id, ...notSent } : { id, outcome: 'throttled' };
}

/** Why the rest was not taken: what is of the message before what is of the gateway, and that before its pace. */
const lackOf = (answers: readonly PartAnswer[]): 'rejected' | 'throttled' | 'not_sent' =>
  (['rejected', 'not_sent'] as const).find((lack) => answers.some(({ outcome }) => outcome === lack)) ?? 'throttled';

/** No gateway's own id: receipts of parts must not pass for those of the whole. */
export const wholeRef = (id: string): string => `parts-of-${id}`;

export interface HintedReceipt {
  gateway: string;
  ref: string;
  hint: string;
  at: Date;
}

export interface HeldMessage {
  id: string;
  gateway: string;
  parts: number;
  since: Date;
  /** What its receipts may carry, most telling first: number and reference, the number alone. */
  hints: readonly string[];
}

/**
 * Receipts under ids nobody knows, and messages in doubt: brought together where exactly one message can be meant. A message of more
 * parts may be meant by several receipts, but by no more than it has parts.
 */
export function matchHints(receipts: readonly HintedReceipt[], held: readonly HeldMessage[]): Map<string, HeldMessage> {
  const meant = new Map<string, HeldMessage[]>();
  for (const message of held) {
    for (const hint of message.hints) {
      const key = `${message.gateway} ${hint}`;
      meant.set(key, [...(meant.get(key) ?? []), message]);
    }
  }
  const refs = new Map<HeldMessage, Set<string>>();
  for (const { gateway, ref, hint, at } of receipts) {
    const [message, ...others] = (meant.get(`${gateway} ${hint}`) ?? []).filter(({ since }) => since <= at);
    if (message && others.length === 0) refs.set(message, (refs.get(message) ?? new Set()).add(ref));
  }
  const fitting = [...refs].filter(([message, found]) => found.size <= message.parts);
  return new Map(fitting.flatMap(([message, found]) => [...found].map((ref) => [`${message.gateway} ${ref}`, message] as const)));
}
