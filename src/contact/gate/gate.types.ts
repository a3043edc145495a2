import type { Day } from '../../kernel/day.js';
import type { BlockChannel, BlockScope, Channel, GatePurpose, Purpose, Reason, Slot } from '../contact.types.js';

/** What the rules read of an ask. */
export interface Question {
  channel: Channel;
  purpose: GatePurpose;
  at: Date;
  productFamily: string | null;
  campaignId: string | null;
  callWindow: readonly Slot[] | null;
  /** Who asks: '' = this product, else the name of another system (GOV-8). */
  system: string;
  /** The words are a wish for Spring Festival or National Day (GOV-6). */
  centralWish: boolean;
}

export interface BlockFact {
  channel: BlockChannel;
  scope: BlockScope;
  productFamily: string | null;
  campaignId: string | null;
  /** For people to read. */
  campaignName?: string | null;
  until: Date | null;
}

/** A touch that may count: confirmed and history count, a reservation while it lasts. */
export interface TouchFact {
  channel: Channel;
  purpose: Purpose;
  state: 'reserved' | 'confirmed' | 'voided' | 'refused' | 'history';
  at: Date;
  expiresAt: Date | null;
  /** As it stands in the ledger: 'desk', 'api:robot:spring'. */
  source: string;
}

/** A state in which marketing rests: what it is, who told, since when. */
export interface ProtectionFact {
  kind: string;
  until: Date | null;
  since?: Date;
  source?: string;
}

/** Everything the rules know of one customer. */
export interface GateFacts {
  /** null: the number belongs to nobody we know. */
  customer: { status: 'active' | 'suspended' | 'churned'; smsConsent: boolean | null; callConsent: boolean | null } | null;
  lineHealth: 'good' | 'suspended' | 'invalid' | null;
  /** Of the number asked about. */
  lineStatus: 'active' | 'suspended' | 'churned' | null;
  blocks: readonly BlockFact[];
  touches: readonly TouchFact[];
  protections: readonly ProtectionFact[];
  coolingOff: readonly { family: string; until: Date }[];
}

/** How often, per customer, over everything together (GOV-5). */
export interface Caps {
  greetingSmsPerMonth: number;
  marketingSmsPerWeek: number;
  callsPerDay: number;
  callsPerWeek: number;
  /** Callbacks asked for have an allowance of their own (R25). */
  callbacksPerDay: number;
}

/** Days a product line rests for a customer (GOV-7). */
export interface Rests {
  afterRefusal: number;
  afterSuccess: number;
}

/** What customers write back (GOV-2, R21). */
export interface ReplyWords {
  /** Opts out. A single letter only where the message did not ask for it. */
  stop: readonly string[];
  /** Ends an opt-out. */
  resume: readonly string[];
}

export interface GateSettings {
  /** Nobody is called or texted outside (GOV-4). */
  hardWindow: { call: readonly Slot[]; sms: readonly Slot[] };
  /** Where a campaign names none. */
  callWindow: readonly Slot[];
  caps: Caps;
  /** What a cap may be at most: set by administrators, so that no planner widens it. The lower of the two counts. */
  limits: Caps;
  rests: Rests;
  /** What a rest lasts at least: set by administrators, so that no planner shortens it. The longer of the two counts. */
  leastRests: Rests;
  replyWords: ReplyWords;
  holdMinutes: number;
}

/** One value that people may change, shown with the rule it belongs to. */
export interface SettingField {
  /** Part and key of {@link GateSettings}: 'caps.callsPerDay'. */
  path: string;
  kind: 'count' | 'slots' | 'words';
  /** hard: administrators only. */
  level: 'hard' | 'working';
  /** Of a count. */
  min: number;
  max: number;
  /** Of words: those that may not be missing. */
  needed?: readonly string[];
  /** The hard value that this one may not exceed. */
  within?: string;
  /** The hard value that this one may not fall below. */
  atLeast?: string;
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
  /** What may be set; a form, its limits and the history follow from it. */
  settings?: readonly SettingField[];
  /** False where the rule has no say for this channel and purpose. */
  applies(question: Question): boolean;
  check(question: Question, facts: GateFacts, context: GateContext): Finding | null;
}
