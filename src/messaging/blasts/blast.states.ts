/** The life of a blast and of each recipient, as data. Nothing changes a state but through these tables (R11). */

export type BlastState = 'draft' | 'running' | 'paused' | 'done' | 'cancelled';

export type BlastDeed = 'start' | 'pause' | 'resume' | 'finish' | 'cancel';

/** What is done to a blast, in which states, and how it stands after it. */
export const BLAST_MOVES: Readonly<Record<BlastDeed, { from: readonly BlastState[]; to: BlastState }>> = {
  start: { from: ['draft'], to: 'running' },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  finish: { from: ['running'], to: 'done' },
  cancel: { from: ['draft', 'running', 'paused'], to: 'cancelled' },
};
export const BLAST_STATES = ['draft', 'running', 'paused', 'done', 'cancelled'] as const satisfies readonly BlastState[];

export const canDo = (deed: BlastDeed, state: BlastState): boolean => BLAST_MOVES[deed].from.includes(state);

/** Why a deed is refused, or null: of what was never started there is nothing to stop or to go on with. */
export function refusalOf(deed: BlastDeed, state: BlastState): 'blast_not_started' | 'blast_state' | null {
  if (canDo(deed, state)) return null;
  return state === 'draft' ? 'blast_not_started' : 'blast_state';
}

/** Somebody may still be sent to. */
export const isOpen = (state: BlastState): boolean => Object.values(BLAST_MOVES).some(({ from }) => from.includes(state));

export type RecipientState =
  'planned' | 'refused' | 'queued' | 'submitted' | 'accepted' | 'rejected' | 'delivered' | 'undelivered' | 'expired' | 'in_doubt' | 'cancelled';

/**
 * planned → refused | rejected (its row cannot be made into a message) | queued → submitted → accepted | rejected → delivered | undelivered | expired | in_doubt.
 * A receipt may beat the submit mark, so `queued` reaches the end states directly. Out of `in_doubt` and `expired` leads only what the
 * gateway says: a late receipt, its word that the message never came (then, and only then, the recipient is planned anew, or over with a cancelled blast),
 * or what a person found in its records.
 */
export const RECIPIENT_MOVES: Readonly<Record<RecipientState, readonly RecipientState[]>> = {
  planned: ['refused', 'queued', 'rejected', 'expired', 'cancelled'],
  queued: ['planned', 'refused', 'submitted', 'accepted', 'rejected', 'delivered', 'undelivered', 'expired', 'in_doubt', 'cancelled'],
  submitted: ['accepted', 'rejected', 'delivered', 'undelivered', 'expired', 'in_doubt'],
  accepted: ['delivered', 'undelivered', 'expired'],
  in_doubt: ['planned', 'accepted', 'rejected', 'delivered', 'undelivered', 'expired', 'cancelled'],
  expired: ['delivered', 'undelivered'],
  refused: [],
  rejected: [],
  undelivered: [],
  delivered: [],
  cancelled: [],
};

const ALL = Object.keys(RECIPIENT_MOVES) as RecipientState[];

/** The states from which `to` may be reached: the guard of every UPDATE. */
export const sourcesOf = (to: RecipientState): RecipientState[] => ALL.filter((from) => RECIPIENT_MOVES[from].includes(to));

/** Work is left while anybody is planned or handed over without an answer. */
export const OPEN_STATES: readonly RecipientState[] = ['planned', 'queued', 'submitted', 'accepted', 'in_doubt'];
/** Handed over, no word yet: what a receipt or its absence decides. */
export const WAITING_STATES: readonly RecipientState[] = ['queued', 'submitted', 'accepted', 'in_doubt'];

/** Whoever stands apart says why: these states have a reason, all others have none. The network's code where it is the network that says so. */
export const APART_STATES: readonly RecipientState[] = ['refused', 'cancelled', 'rejected', 'undelivered', 'expired', 'in_doubt'];
/** The network said no, and no more. */
export const NO_CODE = '-';
/** Before the network's code of a message of which a part came, or may have: whoever sends it again sends what was read already. */
export const PARTLY = 'partly';

/** The seven figures of a blast; their sum is the audience at every instant. */
export const COUNT_KEYS = ['queued', 'submitted', 'delivered', 'failed', 'expired', 'inDoubt', 'refused'] as const;
export type CountKey = (typeof COUNT_KEYS)[number];

export const COUNT_OF: Readonly<Record<RecipientState, CountKey>> = {
  planned: 'queued',
  queued: 'queued',
  submitted: 'submitted',
  accepted: 'submitted',
  delivered: 'delivered',
  rejected: 'failed',
  undelivered: 'failed',
  expired: 'expired',
  in_doubt: 'inDoubt',
  refused: 'refused',
  cancelled: 'refused',
};

/** The states behind a figure: a list opened from a number counts exactly these. A state's own name is taken too. */
export function statesOf(filter: string): RecipientState[] {
  const states = ALL.filter((state) => COUNT_OF[state] === filter);
  return states.length > 0 ? states : ALL.filter((state) => state === filter);
}
