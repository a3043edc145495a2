import type { Day } from '../kernel/day.js';
import type { BlockChannel, Channel, Purpose, Reason, Slot } from './contact.types.js';

/** What the rules read of an ask. */
export interface Question {
  channel: Channel;
  purpose: Purpose;
  at: Date;
  productFamily: string | null;
  callWindow: readonly Slot[] | null;
}

export interface BlockFact {
  channel: BlockChannel;
  scope: 'all' | 'marketing';
  until: Date | null;
}

/** A touch that may count: confirmed and history count, a reservation while it lasts. */
export interface TouchFact {
  channel: Channel;
  purpose: Purpose;
  state: 'reserved' | 'confirmed' | 'voided' | 'refused' | 'history';
  at: Date;
  expiresAt: Date | null;
}

/** Everything the rules know of one customer. */
export interface GateFacts {
  /** null: the number belongs to nobody we know. */
  customer: { status: 'active' | 'suspended' | 'churned'; smsConsent: boolean | null; callConsent: boolean | null } | null;
  lineHealth: 'good' | 'suspended' | 'invalid' | null;
  blocks: readonly BlockFact[];
  touches: readonly TouchFact[];
  protections: readonly { kind: string; until: Date | null }[];
  coolingOff: readonly { family: string; until: Date }[];
}

export interface GateSettings {
  /** Nobody is called or texted outside (GOV-4). */
  hardWindow: { call: readonly Slot[]; sms: readonly Slot[] };
  /** Where a campaign names none. */
  callWindow: readonly Slot[];
  caps: {
    greetingSmsPerMonth: number;
    marketingSmsPerWeek: number;
    callsPerDay: number;
    callsPerWeek: number;
  };
  holdMinutes: number;
}

export interface GateContext {
  settings: GateSettings;
  /** Statutory days of Spring Festival and National Day around the moment asked for. */
  closedDays: ReadonlySet<Day>;
}

/** A rule that says no. `until` is when it stops saying so by itself; null = never by waiting. */
export interface Finding {
  reason: Reason;
  until: Date | null;
}

/** One rule of the gate. */
export interface GateRule {
  reason: Reason;
  /** The rule of the requirements it comes from. */
  source: string;
  /** False where the rule has no say for this channel and purpose. */
  applies(question: Question): boolean;
  check(question: Question, facts: GateFacts, context: GateContext): Finding | null;
}
