import type { Day } from '../kernel/day.js';

export const GENDERS = ['male', 'female'] as const;
export type Gender = (typeof GENDERS)[number];
export const TIERS = ['diamond', 'gold', 'silver', 'member', 'ordinary'] as const;
export type Tier = (typeof TIERS)[number];
export const CLASSES = ['individual', 'household', 'enterprise'] as const;
export type CustomerClass = (typeof CLASSES)[number];
/** extra: a second or third card with a package of its own. */
export const LINE_KINDS = ['main', 'secondary', 'extra', 'broadband', 'other'] as const;
export type LineKind = (typeof LINE_KINDS)[number];
export const STATUSES = ['active', 'suspended', 'churned'] as const;
export type CustomerStatus = (typeof STATUSES)[number];
export type NumberHealth = 'good' | 'suspended' | 'invalid';

/** The calendars of a box: a leap month is a choice of its own, so that one box says all. */
export const FORM_CALENDARS = ['solar', 'lunar', 'lunar_leap'] as const;
export type FormCalendar = (typeof FORM_CALENDARS)[number];
export const WECOM_STATES = ['not_added', 'asked', 'added', 'removed'] as const;

/** Who may look at a masked number: the customer's own manager, and those who see numbers whole. */
export const MAY_REVEAL: readonly string[] = ['manager', 'planner', 'supervisor', 'admin'];
/** Why a masked number is looked at. */
export const REVEAL_REASONS = ['call_back', 'asked_by_customer', 'check', 'other'] as const;

/** A birthday as told: the year may be unknown; lunar month and day are those of the lunar calendar. */
export interface Birthday {
  year: number | null;
  month: number;
  day: number;
  calendar: 'solar' | 'lunar';
  /** Born in a leap month of the lunar calendar. */
  leap: boolean;
}

export interface ManagerName {
  id: string;
  username: string;
  name: string;
  agentNo: string | null;
}

export interface LineRow {
  id: string;
  /** E.164 */
  number: string;
  kind: LineKind;
  package: string | null;
  /** Average monthly revenue in fen. */
  arpuFen: number | null;
  contractEnd: Day | null;
  status: CustomerStatus;
  health: NumberHealth;
  /** Who uses the card; its holder is often somebody else (CUS-2). */
  userName: string | null;
  userBirthday: Birthday | null;
  /** No manual service on the hotline: says nothing of contacts that we begin (CUS-1). */
  hotlineBlacklisted: boolean;
  /** On the do-not-contact list, service included. */
  doNotCall: boolean;
  doNotText: boolean;
  /** Opted out of marketing on some channel. */
  noMarketing: boolean;
  /** Opted out of some product line or campaign (R22). */
  optedOutPartly: boolean;
}

/** The facts of a customer, without its lines. */
export interface CustomerFacts {
  id: string;
  customerNo: string | null;
  name: string | null;
  gender: Gender | null;
  /** 0 = not rated, else 1–7. */
  starLevel: number;
  tier: Tier | null;
  /** The tier of the feed; null: the one shown goes with the star. */
  tierTold: Tier | null;
  class: CustomerClass;
  province: string | null;
  city: string | null;
  district: string | null;
  birthday: Birthday | null;
  joinedOn: Day | null;
  status: CustomerStatus;
  /** null: not known, which marketing treats as no. */
  smsConsent: boolean | null;
  callConsent: boolean | null;
  manager: ManagerName | null;
  orgUnit: string;
  createdAt: Date;
  /** Forgotten on request: what is left is nobody's (SYS-6). */
  erasedAt: Date | null;
}

/** One line of a list of customers; `number` is the line they are reached on. */
export interface CustomerRow {
  id: string;
  name: string | null;
  number: string | null;
  starLevel: number;
  tier: Tier | null;
  class: CustomerClass;
  city: string | null;
  district: string | null;
  package: string | null;
  status: CustomerStatus;
  manager: string | null;
  managerName: string | null;
}

/** A customer with everything the 360 page and the API show. */
export interface CustomerCard extends CustomerFacts {
  lines: LineRow[];
  /** The next solar day of the birthday, today included. */
  birthdayOn: Day | null;
  profile: ProfileFact[];
}

/** What somebody learned of a customer, newest value of each field (CUS-2). */
export interface ProfileFact {
  field: string;
  /** The line it is told of, for what is asked of a card. */
  lineId: string | null;
  value: string | null;
  oldValue: string | null;
  note: string | null;
  /** An apology was made for the old value (CUS-3). */
  apologised: boolean;
  learnedBy: string | null;
  learnedAt: Date;
  attemptId: string | null;
}

/** A field a caller asks for by the way; the type says which box fits. */
export interface AskedField {
  name: string;
  type: string;
}

/** What a caller needs to see and say: read for the call desk, scripts and templates. */
export interface CallCard {
  customerId: string;
  customerNo: string | null;
  name: string | null;
  gender: Gender | null;
  /** 陈先生; never empty. */
  honorific: string;
  surname: string;
  starLevel: number;
  tier: Tier | null;
  class: CustomerClass;
  province: string | null;
  city: string | null;
  district: string | null;
  joinedOn: Day | null;
  status: CustomerStatus;
  line: LineRow;
  birthday: (Birthday & { nextOn: Day | null }) | null;
  manager: ManagerName | null;
  /** Profile fields that are known. */
  profile: Record<string, string>;
  /** What is worth asking in this call. */
  asks: AskedField[];
}

/** Who taught us something, in which call. */
export interface Learning {
  by: string | null;
  at: Date;
  attemptId?: string | null;
  /** The line that was talked about; without it the one the customer is reached on. */
  lineId?: string | null;
  /** For the record. */
  note?: string | null;
  /** An apology was made for what stood there (CUS-3). */
  apologised?: boolean;
}
