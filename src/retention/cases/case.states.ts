import type { CaseDeed, CaseState } from './case.types.js';

/** `again`: where it stands by its calls. */
type Move = CaseState | 'again' | 'same';

const MOVES: Record<CaseState, Partial<Record<CaseDeed, Move>>> = {
  open: { note: 'same', call: 'same', lose: 'lost', withdraw: 'withdrawn' },
  talking: { note: 'same', call: 'same', keep: 'kept', lose: 'lost', withdraw: 'withdrawn' },
  unreached: { note: 'same', call: 'again', lose: 'lost', withdraw: 'withdrawn', reopen: 'again' },
  kept: { note: 'same', reopen: 'again' },
  lost: { note: 'same', reopen: 'again' },
  withdrawn: { reopen: 'again' },
  // only the customer's own word ends an application to port out
  stopped: { note: 'same', lift: 'again' },
  held_out: { withdraw: 'withdrawn' },
};

const byTalks = (talks: number): CaseState => (talks > 0 ? 'talking' : 'open');

/** The state a deed leads to; null: not from here. */
export function stateAfter({ state, talks }: { state: CaseState; talks: number }, deed: CaseDeed): CaseState | null {
  const move = MOVES[state][deed];
  if (move === undefined) return null;
  return move === 'same' ? state : move === 'again' ? byTalks(talks) : move;
}

export const deedsOf = (state: CaseState): CaseDeed[] => Object.keys(MOVES[state]) as CaseDeed[];

/** What calls say of a case, all of them together. */
export interface CallsOfCase {
  state: CaseState;
  /** What brought it to its state: a person's word stands against any call. */
  by: 'sign' | 'call' | 'person';
  talks: number;
  /** The customer took something on a call. */
  converted: boolean;
  /** A call is still to be made. */
  open: boolean;
  /** How the last round of calls ended, null while there was none. */
  last: 'done' | 'not_reached' | 'cancelled' | null;
}

const SETTLED: readonly CaseState[] = ['stopped', 'withdrawn', 'held_out'];

/** The state by the calls as they stand now: recorded, or corrected. */
export function stateByCalls({ state, by, talks, converted, open, last }: CallsOfCase): CaseState {
  if (SETTLED.includes(state) || (by === 'person' && (state === 'kept' || state === 'lost'))) return state;
  if (converted) return 'kept';
  return !open && last === 'not_reached' ? 'unreached' : byTalks(talks);
}
