import type { BandState } from '../band.policy.js';

export type Direction = 'below' | 'above';
export interface Step {
  close?: 'within' | 'turned';
  /** A breach begins. */
  open?: Direction;
  /** The open one is still there: its figures follow. */
  follow?: true;
}

/** What a look at a campaign does to its breach. Too few calls say nothing: an open breach stays open until enough of them lie in the band. */
export function stepOf(open: Direction | undefined, state: BandState): Step {
  if (state === 'too-few') return {};
  if (state === 'within') return open ? { close: 'within' } : {};
  if (open === state) return { follow: true };
  return open ? { close: 'turned', open: state } : { open: state };
}

/** Whether the hour of `now` has been looked at already. */
export const lookedThisHour = (last: Date | null, now: Date): boolean =>
  last !== null && Math.floor(last.getTime() / HOUR_MS) === Math.floor(now.getTime() / HOUR_MS);

const HOUR_MS = 3_600_000;
