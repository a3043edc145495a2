import type { Day } from '../kernel/day.js';
import type { Sql } from '../platform/database/sql.js';
import type { EventKind } from './events/events.types.js';
import type { GreetingFacts } from './greetings/greetings.types.js';
import type { Replan } from './rules/replan.types.js';
import type { SettingField, Settings } from './rules/setting.types.js';

/** Every care rule there is; each is a standing campaign of the same code (CAR-1 to CAR-9, CAR-14, CUS-5). */
export const RULE_CODES = [
  'star-revisit',
  'periodic-attention',
  'star-promotion',
  'star-rights',
  'sms-visit',
  'birthday',
  'calendar-greeting',
  'roaming-return',
  'package-usage',
  'silent',
  'service-follow-up',
] as const;
export type RuleCode = (typeof RULE_CODES)[number];
export const isRuleCode = (text: string): text is RuleCode => RULE_CODES.includes(text as RuleCode);

export type CareChannel = 'call' | 'sms';

/** One contact whose outcome counts as a visit. */
export interface VisitFact {
  /** The Shanghai day it began. */
  on: Day;
  /** Code of its campaign. */
  campaign: string;
  topics: readonly string[];
  /** Came by a feed, which knows no topics. */
  imported: boolean;
}

export interface RoamingFact {
  /** First day of the month of use. */
  month: Day;
  destination: string;
  days: number | null;
  feeFen: number | null;
  returnedOn: Day | null;
}

/** What one line of the customer was billed for a month. */
export interface BillFact {
  /** First day of the month. */
  month: Day;
  amountFen: number;
}

/** What one line of the customer used of its package in a month; null where the files do not tell. */
export interface UseFact {
  lineId: string;
  /** First day of the month. */
  month: Day;
  dataQuotaMb: number | null;
  dataUsedMb: number | null;
  voiceQuotaMin: number | null;
  voiceUsedMin: number | null;
}

export interface StarChangeFact {
  on: Day;
  from: number;
  to: number;
}

/** How much care the customer needs, as retention judged it last (CUS-5). */
export interface HealthFact {
  tier: 'healthy' | 'sub-healthy' | 'high-risk';
  /** Of this tier since. */
  since: Day;
  /** Code of the gravest reason; null for healthy. */
  reason: string | null;
}

/** The day the rights of a star were changed. */
export interface RightsChangeFact {
  on: Day;
  star: number;
}

/** The customer went from one manager to another; null = nobody, or not known. */
export interface ManagerChangeFact {
  on: Day;
  from: string | null;
  to: string | null;
}

export const FOLLOW_UP_KINDS = ['service', 'order', 'complaint', 'fault'] as const;
export type FollowUpKind = (typeof FOLLOW_UP_KINDS)[number];

/** Something is over for the customer, and somebody wants to know how it went. */
export interface FollowUpFact {
  kind: FollowUpKind;
  /** The number of the order or ticket. */
  reference: string;
  closedOn: Day;
}

export type DueState = 'open' | 'done' | 'not_reached' | 'cancelled';

/** A contact that a rule planned before. */
export interface PlannedFact {
  rule: RuleCode;
  cycle: string;
  on: Day;
  state: DueState;
  closedOn: Day | null;
}

export interface Birthday {
  month: number;
  day: number;
  calendar: 'solar' | 'lunar';
}

/** What the rules ask about a customer. */
export interface CareFacts {
  /** Spreads what would fall on one day for everybody. */
  id: string;
  status: 'active' | 'suspended' | 'churned';
  /** 0 = not rated */
  star: number;
  birthday: Birthday | null;
  /** Of whoever uses the card the customer is reached on. */
  userBirthday: Birthday | null;
  visits: readonly VisitFact[];
  /** Visits and events the customer came to. */
  attended: readonly { on: Day; kind: EventKind }[];
  roaming: readonly RoamingFact[];
  joinedOn: Day | null;
  /** Null: not judged yet, or gone. */
  health: HealthFact | null;
  /** The last day a person was spoken with, on whatever channel; not after the day asked about. */
  lastTalkOn: Day | null;
  bills: readonly BillFact[];
  uses: readonly UseFact[];
  /** Days of the care messages and greetings that went out, not after the day asked about. */
  messagedOn: readonly Day[];
  /** In the order they took effect. */
  starChanges: readonly StarChangeFact[];
  rightsChanges: readonly RightsChangeFact[];
  /** In the order they took effect. */
  managerChanges: readonly ManagerChangeFact[];
  followUps: readonly FollowUpFact[];
  today: GreetingFacts;
  planned: readonly PlannedFact[];
  /** Whose customer it is, whether that person is at work or not. */
  managerId: string | null;
  /** Somebody at work owns the customer. */
  hasManager: boolean;
}

/** A customer of whom nothing is known but that there is one: what facts are added to. */
export const NOTHING_KNOWN: CareFacts = {
  id: '0',
  status: 'active',
  star: 0,
  birthday: null,
  userBirthday: null,
  visits: [],
  attended: [],
  roaming: [],
  joinedOn: null,
  health: null,
  lastTalkOn: null,
  bills: [],
  uses: [],
  messagedOn: [],
  starChanges: [],
  rightsChanges: [],
  managerChanges: [],
  followUps: [],
  today: { central: false, occasions: [], approval: null },
  planned: [],
  managerId: null,
  hasManager: false,
};

/** The day that is asked about, and what the calendar says around it. */
export interface Moment {
  day: Day;
  isWorking: (day: Day) => boolean;
  /** A day off, a solar term or a festival, but no statutory day of Spring Festival or National Day (CAR-14, GOV-6). */
  isOccasion: (day: Day) => boolean;
}

/** Stored with what was planned, so that its sentence can be said again. */
export type DueFacts = Readonly<Record<string, string | number | null>>;

/** A contact that a rule wants. Its key (rule, customer, cycle) never holds the day of the run. */
export interface Due {
  cycle: string;
  channel: CareChannel;
  /** The first day it may take place. */
  fromOn: Day;
  /** The last day that keeps the promise. */
  deadlineOn: Day;
  /** The promise is broken already, or was never made: to be kept as soon as there is room. */
  late: boolean;
  /** The first day on which a visit keeps it. */
  countsFrom: Day;
  facts: DueFacts;
}

/** A text by its key. Days are said in the reader's language, amounts are in fen, a key is looked up itself. */
export type SentenceValue =
  string | number | { day: Day } | { month: Day } | { fen: number } | { key: string; params?: Readonly<Record<string, SentenceValue>> };
export interface Sentence {
  key: string;
  params: Readonly<Record<string, SentenceValue>>;
}

/** What a rule says of one customer: the contacts that are due, or why there is none. */
export interface Decision {
  due: Due[];
  why: Sentence;
  /** The next promise, when one is known. */
  nextOn: Day | null;
}

/** What the set-based form of a rule is asked. */
export interface CandidateAsk {
  day: Day;
  /** A condition on `customers.v_customer c`. */
  who: Sql;
  /** Where contacts are read; `calls.v_attempt` without it. A forecast adds those that are still to come. */
  attempts?: Sql;
  /** Who had a care message on which day, of the month asked about: a relation of customer_id, on_day; the ledger without it. */
  messaged?: Sql;
}

/** How an outcome keeps a promise: every visit of the customer does, or only one on the contact that was planned. */
export type Counting = 'any-visit' | 'own-task';

/**
 * A care rule: one file, stated twice, as a pure function for one customer and as SQL for all of them. A property test
 * holds both together.
 */
export interface CareRule {
  code: RuleCode;
  /** The best reason comes first: contacts that fall together belong to its campaign. */
  sort: number;
  icon: string;
  fields: readonly SettingField[];
  /** Faults that concern several settings together, by the name of one: `minGapDays`, or `minGapDays.6` for that of a star. */
  check?(settings: Settings): { name: string; code: string; params?: Record<string, string | number> } | null;
  counting: Counting;
  /** For `own-task`: what the call must have brought besides, as a condition on `care.due x` and `calls.v_attempt a`. */
  keptBy?: Sql;
  /** For `any-visit`: which visits count, as a condition on `calls.v_attempt a`. */
  countingVisits?(settings: Settings): Sql;
  /** Attendances that keep it too: a select of customer_id, event_id, starts_at. */
  countingAttendance?(settings: Settings): Sql | null;
  replan: Replan;
  decide(facts: CareFacts, settings: Settings, moment: Moment): Decision;
  /** For promises that an event can take back: what must hold for a planned contact to stand, as a condition on `care.due d`. */
  stands?(day: Day): Sql;
  /** A select of customer_id, cycle, channel, from_on, deadline_on, late, counts_from, facts: what {@link decide} calls due. */
  candidates(settings: Settings, ask: CandidateAsk): Sql | null;
  /**
   * The calls that {@link candidates} would name first on any day from `ask.day` to `until`, asked once instead of day by day: only quicker.
   * Null: the rule never calls. What happens after `ask.day` is not
   * known to it, and a first call that is owed now is taken to be made.
   */
  callsThrough?(settings: Settings, ask: CandidateAsk, until: Day): Sql | null;
  /** The same of its messages. */
  messagesThrough?(settings: Settings, ask: CandidateAsk, until: Day): Sql | null;
  /** So many days from a day on, all is named that the events known on that day give rise to: a forecast asks no further. */
  namesWithinDays?: number;
  /** What it says of a month hangs on nothing that is called within it: a forecast asks it once a month. */
  monthly?: boolean;
  /** What its call goes through, ticked off one by one on the desk: topics, each also the end of `care.check.<topic>`. */
  checklist?(settings: Settings): readonly string[];
  /** Why the customer is contacted. */
  sentence(facts: DueFacts, deadlineOn: Day): Sentence;
  /** The template of its messages, for rules that send any. */
  template?(settings: Settings): string;
  /** The facts of what is due name the template as `template`, one for all customers of a day. */
  templateOfDue?: boolean;
  /** The template that is left once a call was tried as often as its campaign asks for (CAR-1); null = nothing is left. */
  leftWhenUnreached?(settings: Settings): string | null;
  /** What the gate takes its messages for: `care` unless said. `greeting` is filler, which is capped and rests after an opt-out (GOV-5). */
  messagePurpose?: 'care' | 'greeting' | 'service';
}

export interface RuleRow {
  code: RuleCode;
  enabled: boolean;
  version: number;
  settings: Settings;
  updatedAt: Date;
  updatedBy: string | null;
}

export type ExplainedDecision = 'planned' | 'not-due' | 'disabled' | 'refused' | 'already-planned';
