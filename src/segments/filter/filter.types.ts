import type { Day } from '../../kernel/day.js';

export const OPS = ['in', 'notIn', 'atLeast', 'atMost', 'is', 'within', 'notWithin', 'part', 'known', 'unknown'] as const;
export type Op = (typeof OPS)[number];

/** A share of all customers, drawn by hash of the name and the customer: the same people each time, other people under another name. */
export interface Part {
  name: string;
  /** Per cent, 0 ≤ from < to ≤ 100. */
  from: number;
  to: number;
}

export type FilterValue = readonly string[] | readonly number[] | string | number | boolean | Part | null;

/** One question about a customer. A fact that is not known answers no to everything but `unknown`, `notIn` and `notWithin`. */
export interface Condition {
  field: string;
  op: Op;
  value: FilterValue;
}

/** A filter as it is read: nothing in it has not been checked against the list of fields. */
export type FilterNode = { and: readonly FilterNode[] } | { or: readonly FilterNode[] } | { not: FilterNode } | Condition;

/** For whom and for which day a filter is asked. */
export interface FilterAt {
  today: Day;
  /** Segments and campaigns of units beside this one answer nothing. */
  orgPath: string;
}
