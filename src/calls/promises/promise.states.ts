import type { Day } from '../../kernel/day.js';

export const PROMISE_KINDS = ['top_up', 'refund', 'material', 'other'] as const;
export type PromiseKind = (typeof PROMISE_KINDS)[number];
/** open is on its way; the others are ends, and there are no more of them. */
export const PROMISE_STATES = ['open', 'kept', 'broken', 'handed_over'] as const;
export type PromiseState = (typeof PROMISE_STATES)[number];
export type PromiseDeed = 'keep' | 'expire' | 'hand_over';

export interface PromiseStanding {
  state: PromiseState;
  /** To be kept by the end of this day. */
  dueOn: Day;
  /** A broken one that was kept after all. */
  done: boolean;
}

/**
 * Where a deed leads; null: not from here. What is kept after its day is broken all the same, and off the list; only what still can be kept is handed
 * over, so that nobody inherits a broken word.
 */
export function promiseAfter(standing: PromiseStanding, deed: PromiseDeed, today: Day): PromiseStanding | null {
  const { state, dueOn, done } = standing;
  const late = today > dueOn;
  if (state === 'broken' && deed === 'keep' && !done) return { ...standing, done: true };
  if (state !== 'open') return null;
  if (deed === 'keep') return late ? { ...standing, state: 'broken', done: true } : { ...standing, state: 'kept' };
  if (deed === 'expire') return late ? { ...standing, state: 'broken' } : null;
  return late ? null : { ...standing, state: 'handed_over' };
}

/** Somebody still waits for it. */
export const isUndone = ({ state, done }: Pick<PromiseStanding, 'state' | 'done'>): boolean => state === 'open' || (state === 'broken' && !done);
