import type { Day } from '../../kernel/day.js';

/** One hour of the calendar: `index` hours after midnight of the first day. */
export interface Cell {
  index: number;
  day: Day;
  /** 0–23 */
  hour: number;
  /** When an unanswered call of this hour is due again: the index of a cell, by the product's own rule of redials. */
  again: number;
  /** Minutes from the start of calling to the end of this hour, of that day; the share of a day's calls that may have been made by then. */
  share: number;
}

/** Somebody with a part of the list. */
export interface Hand {
  id: string;
  name: string;
  /** Customers the launch gives them. */
  people: number;
  /** Calls due of other lists: made first. */
  backlog: number;
  /** Calls by rota, by day; days without calls may be missing. */
  calls: ReadonlyMap<Day, number>;
}

/** Shares of what happens, each of what stands before it. */
export interface Rates {
  /** Of dials, by hour 0–23. */
  connect: readonly number[];
  /** Of connected calls: talked 18 seconds or more; the customer is done; took an order. */
  talk18: number;
  closes: number;
  converted: number;
  /** Of orders that have ended. */
  succeeded: number;
  /** Of unanswered dials: nobody will ever answer there. */
  dead: number;
}

/** Everything a run is decided by. */
export interface Plan {
  cells: readonly Cell[];
  hands: readonly Hand[];
  maxAttempts: number;
  /** Most calls of one customer on a day and in seven days, as the gate counts them (GOV-5). */
  perDay: number;
  perWeek: number;
  /** No first dial before this cell: a text goes first. */
  from: number;
  rates: Rates;
}

export interface Totals {
  attempts: number;
  connected: number;
  talk18: number;
  converted: number;
  succeeded: number;
  /** Customers: done, given up as not reached, still to be called at the end; never dialled is a part of the last. */
  finished: number;
  unreached: number;
  left: number;
  neverDialled: number;
  /** How often a customer who was due had to wait for a limit on calls. */
  held: number;
}

export interface HourCount {
  day: Day;
  hour: number;
  attempts: number;
  connected: number;
}

export interface Run {
  totals: Totals;
  /** Hours with a call, in order. */
  hours: HourCount[];
  /** The day of the last call; null: somebody is left over. */
  finishOn: Day | null;
}
