import type { Day } from '../../kernel/day.js';

/** What may be greeted for, the best first (CAR-5). */
export const OCCASION_KINDS = ['festival', 'solar-term', 'member-day', 'cold', 'heat'] as const;
export type OccasionKind = (typeof OCCASION_KINDS)[number];

/** What a day is to a customer. */
export interface OccasionFact {
  kind: OccasionKind;
  name: string;
  /** Of a day mark; null for what the almanac knows. */
  markId: string | null;
}

/** The day asked about, as greetings see it. */
export interface GreetingFacts {
  /** The province greets on that day (GOV-6). */
  central: boolean;
  occasions: readonly OccasionFact[];
  /** The text the client approved for the day, and whether it is the one in use. */
  approval: { template: string; current: boolean } | null;
}

export type ApprovalState = 'asked' | 'approved' | 'refused';

/** The client's word for a text on a day. */
export interface GreetingApproval {
  id: string;
  day: Day;
  template: string;
  templateName: string;
  version: number;
  /** The text that was asked about, as the template has it. */
  body: string;
  state: ApprovalState;
  /** The template has another wording in use by now: the approval is not for that one. */
  outdated: boolean;
  askedBy: string;
  decidedBy: string | null;
  decidedAt: Date | null;
  reference: string | null;
  reason: string | null;
}

/** A day to greet on, and what the client says to it. */
export interface GreetingDay {
  day: Day;
  names: string[];
  /** A greeting approved in its present wording. */
  approved: boolean;
}
