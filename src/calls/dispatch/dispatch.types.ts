import type { Reason } from '../../contact/contact.types.js';
import type { Day } from '../../kernel/day.js';

/** A dispatch is open until it is handed back; dispatched = returned + open, always (FED-5). */
export type DispatchState = 'open' | 'returned';

/** How a dispatch ended: the customer was spoken to · not reached for all the attempts · handed back undone. */
export type DispatchResult = 'done' | 'not_reached' | 'returned';

/** Reasons of the gate that no waiting mends: what they hold back goes back to its sender. */
export const FOR_GOOD: readonly Reason[] = ['blocked', 'opted_out', 'no_consent', 'inactive', 'invalid_number'];

/** A dispatched contact and one of our own rule, of the same kind and no further apart, are one: the least gap between two visits (CAR-1). */
export const SAME_CONTACT_DAYS = 15;

/** Open dispatches whose last day lies this near are due soon; today counts. */
export const SOON_DAYS = 3;

/** What a list may be asked for: open ones, those that ended in any way, or those that ended in one. */
export const DISPATCH_CHOICES = ['open', 'returned', 'done', 'not_reached', 'undone'] as const;
export type DispatchChoice = (typeof DISPATCH_CHOICES)[number];

/** A dispatch as the API gives it. */
export interface DispatchItem {
  id: string;
  dispatchNo: string;
  source: string | null;
  bizType: string | null;
  /** Full E.164. */
  phone: string;
  customer: { id: string; name: string | null; starLevel: number };
  campaign: string;
  deadline: Day;
  note: string | null;
  state: DispatchState;
  result: DispatchResult | null;
  /** An outcome, a reason of the gate, or `max_attempts`, `campaign_closed`, `care_fulfilled`, `expired`; null while open. */
  reason: string | null;
  finishedAt: Date | null;
  /** Username. */
  manager: string | null;
  attempts: number;
  taskId: string | null;
  createdAt: Date;
  /** When the sender was told last. */
  handedOverAt: Date | null;
  /** The sender had been told something else before. */
  corrected: boolean;
}

/** How many there are of each; `dispatched` = `returned` + `open`, `returned` = `done` + `notReached` + `undone`. */
export interface DispatchBalance {
  dispatched: number;
  open: number;
  returned: number;
  done: number;
  notReached: number;
  /** Handed back undone. */
  undone: number;
  /** Open, and the last day is near. */
  dueSoon: number;
  /** Not done by their last day: handed back as expired, and what is still open past it. */
  overdue: number;
  /** Returned, and the sender was not told yet. */
  toTell: number;
}

/** The balance of one source system and one business type. */
export interface BalanceRow extends DispatchBalance {
  source: string;
  bizType: string | null;
}

export interface DispatchFilter {
  state?: DispatchChoice | undefined;
  /** `-` = those that name none. */
  source?: string | undefined;
  /** `-` = those that name none. */
  bizType?: string | undefined;
  /** Code. */
  campaign?: string | undefined;
  dispatchNo?: string | undefined;
  due?: 'soon' | 'overdue' | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}
