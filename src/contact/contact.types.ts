import type { Sql } from '../platform/database/sql.js';

export { isCentralWish } from './gate/central-wish.policy.js';

export const CHANNELS = ['call', 'sms', 'wecom', 'qq', 'weibo', 'visit', 'inbound'] as const;
export type Channel = (typeof CHANNELS)[number];

export const PURPOSES = ['marketing', 'care', 'greeting', 'service', 'callback'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A test of a message, to a number of the house's own (R10): judged like the rest, counted with none of it. */
export type GatePurpose = Purpose | 'test';

/** Why somebody is not contacted. The gate's rules give the first ten, audiences and blasts add the others. */
export const REASONS = [
  'inactive',
  'blocked',
  'opted_out',
  'no_consent',
  'invalid_number',
  'protected',
  'cooling_off',
  'central_greeting',
  'cap_reached',
  'quiet_hours',
  'hold_out',
  'other_campaign',
  'no_manager',
  'duplicate',
  'expired',
] as const;
export type Reason = (typeof REASONS)[number];

/** `['09:00', '12:00']`: from the first minute, up to but not including the second. */
export type Slot = readonly [from: string, to: string];

/** What is asked of the gate at the moment of contact. */
export interface Ask {
  channel: Channel;
  purpose: Purpose;
  /** The moment of contact. */
  at: Date;
  campaignId?: string | null;
  /** The campaign's product family: a customer who refused or took it rests from it (GOV-7). Not given = no cooling-off applies. */
  productFamily?: string | null;
  /** The campaign's own working window for calls; the gate's default without it. */
  callWindow?: readonly Slot[] | null;
  /** What will be said, where it is known: a wish for Spring Festival or National Day is refused (GOV-6). */
  text?: string | null;
  /** Who asks, for the ledger: 'desk', 'blast:summer', 'care:birthday', 'api:robot'. */
  source: string;
  actorId?: string | null;
  /** How long the reservation counts when nothing follows; 30 minutes without it. */
  holdMinutes?: number;
}

/** A test message: to a number rather than a customer, for it may be nobody's. */
export interface TestAsk {
  /** E.164 */
  number: string;
  at: Date;
  text: string;
  /** 'test:summer'. */
  source: string;
  actorId: string;
}

export interface ReserveRequest extends Ask {
  customerId: string;
  /** E.164 */
  number: string;
}

export interface Recipient {
  customerId: string;
  number: string;
  /** Who asks for this one, where the request names nobody. */
  actorId?: string | null;
}

/** One question for many customers. A customer may stand in it once. */
export interface BatchRequest extends Ask {
  rows: readonly Recipient[];
}

export interface Verdict {
  allowed: boolean;
  /** Every rule that says no, in the order of precedence; empty when allowed. */
  reasons: Reason[];
  /** The row of the ledger, allowed or refused. */
  touchId: string;
  /** When an allowed reservation stops counting. */
  expiresAt: Date | null;
  /** When it may be tried again; null = waiting does not help, or it is allowed. */
  until: Date | null;
}

/** What is about to be handed to a gateway, for the last look at opt-outs. */
export type LastLook = Pick<Ask, 'purpose' | 'campaignId' | 'productFamily'>;

/** What planning asks: could this be done at some moment of that day, as far as is known now? */
export interface PlanAsk {
  channel: Channel;
  purpose: Purpose;
  /** 'YYYY-MM-DD' in Shanghai. */
  day: string;
  campaignId?: string | null;
  productFamily?: string | null;
  /** False: the caps of that day do not exclude (an audience that is worked on for weeks). */
  caps?: boolean;
}

/** A select yielding `customer_id, line_id, number`. */
export type Candidates = Sql;

export type BlockChannel = 'call' | 'sms' | 'all';

/**
 * all: do-not-contact, service included (reason code `blocked`). The others are opt-outs (`opted_out`): of marketing altogether, of one product
 * line, of one campaign; service goes on (R22).
 */
export const BLOCK_SCOPES = ['all', 'marketing', 'product', 'campaign'] as const;
export type BlockScope = (typeof BLOCK_SCOPES)[number];

/** What a block stands in the way of. */
export interface BlockReach {
  number: string;
  channel: BlockChannel;
  scope: BlockScope;
  /** Of scope product. */
  productFamily?: string | null;
  /** Of scope campaign. */
  campaignId?: string | null;
}

export interface BlockRequest extends BlockReach {
  reason: string;
  source: string;
  until?: Date | null;
  actorId: string | null;
}

export interface UnblockRequest extends BlockReach {
  reason: string;
  actorId: string | null;
  /** An opt-out ends only when the customer consents anew; nobody can override it (GOV-2). */
  consentedAnew?: boolean;
}

/** The states in which marketing rests (GOV-7); care and service go on, and after an application to port out service alone (RET-1). */
export const PROTECTION_KINDS = ['complaint', 'fault', 'retention', 'arrears', 'abroad', 'porting'] as const;
export type ProtectionKind = (typeof PROTECTION_KINDS)[number];

export interface ProtectRequest {
  customerId: string;
  kind: ProtectionKind;
  /** The id of the thing that protects, so that two complaints are two protections. */
  ref: string;
  /** Who knows: 'tickets', 'retention', 'api:crm'. */
  source: string;
  /** When it began; now without it. */
  since?: Date;
  until?: Date | null;
}

export interface CoolOffRequest {
  customerId: string;
  family: string;
  cause: 'refused' | 'converted';
  /** When the customer said so. */
  from: Date;
  /** Of an outcome that names its own; as the contact rules say without it. */
  days?: number | null;
}

/** Whether calls may go out right now by the default window, and until when that holds. */
export interface WindowState {
  open: boolean;
  /** The next change: the end of the open window, or the next opening. */
  until: Date | null;
}

/** Who had a customer last today, over all campaigns and systems (R24). */
export interface Contacted {
  customerId: string;
  at: Date;
  channel: Channel;
  purpose: Purpose;
  /** Reserved and not yet done: somebody has the customer right now. */
  held: boolean;
  /** The campaign's name, else the other system's; null where neither stands in the ledger. */
  by: string | null;
}

/** One line of the ledger as pages and the API show it. */
export interface TouchRow {
  id: string;
  at: Date;
  channel: Channel;
  purpose: Purpose;
  allowed: boolean;
  state: 'reserved' | 'confirmed' | 'voided' | 'refused' | 'history';
  reasons: Reason[];
  campaignId: string | null;
  source: string;
  /** Of a refusal: by reason, what the rule saw and the setting in force. */
  facts: Partial<Record<Reason, Readonly<Record<string, string | number | boolean>>>> | null;
}

/** What calls are held to on any day; see `ContactQueries.callRules`. */
export interface CallRules {
  slots: Slot[];
  usual: Slot[];
  closedDays: ReadonlySet<string>;
  perDay: number;
  perWeek: number;
}
