import type { ReceiptState } from './gateway.types.js';

/** The text of a receipt, which SMGP has from SMPP: `id:… sub:… dlvrd:… submit date:… done date:… stat:DELIVRD err:000 text:…`. */

/** SMPP's names and numbers of states, and what they are to us. */
const STATES: readonly { number: number; name: string; state: ReceiptState }[] = [
  { number: 1, name: 'ENROUTE', state: 'accepted' },
  { number: 2, name: 'DELIVRD', state: 'delivered' },
  { number: 3, name: 'EXPIRED', state: 'expired' },
  { number: 4, name: 'DELETED', state: 'undelivered' },
  { number: 5, name: 'UNDELIV', state: 'undelivered' },
  { number: 6, name: 'ACCEPTD', state: 'accepted' },
  { number: 7, name: 'UNKNOWN', state: 'unknown' },
  { number: 8, name: 'REJECTD', state: 'undelivered' },
];

export type NamedState = (typeof STATES)[number];

export const stateOfNumber = (number: number): NamedState | undefined => STATES.find((one) => one.number === number);
export const stateOfName = (name: string): NamedState | undefined => STATES.find((one) => one.name === name.toUpperCase());

/** What follows `text:` is the customer's message, and may itself look like a field. */
export function headOf(text: string): string {
  const end = text.search(/\stext:/i);
  return end < 0 ? text : text.slice(0, end);
}

/** The fields that tell something. */
const FIELDS = {
  id: /(?:^|\s)id:\s*(\S+)/i,
  stat: /(?:^|\s)stat:\s*(\S+)/i,
  err: /(?:^|\s)err:\s*(\S+)/i,
} as const;

/** In any order and case, each up to the next space. */
export const fieldIn = (head: string, name: keyof typeof FIELDS): string | null => FIELDS[name].exec(head)?.[1] ?? null;
