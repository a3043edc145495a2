export const TICKET_KINDS = ['consultation', 'complaint', 'fault', 'suggestion', 'correction', 'business'] as const;
export type TicketKind = (typeof TICKET_KINDS)[number];

export const TICKET_SCOPES = ['inside', 'across'] as const;
/** Settled inside the province, or across provinces. */
export type TicketScope = (typeof TICKET_SCOPES)[number];

/** high: diamond, gold, silver. */
export type TicketTier = 'high' | 'other';

export const TICKET_STATES = ['open', 'assigned', 'answered', 'waiting', 'solved', 'closed'] as const;
export type TicketState = (typeof TICKET_STATES)[number];

export const TICKET_DEEDS = [
  'take',
  'assign',
  'transfer',
  'answer',
  'wait',
  'resume',
  'solve',
  'close',
  'reopen',
  'urge',
  'escalate',
  'merge',
] as const;
/** What people do with a ticket. */
export type TicketDeed = (typeof TICKET_DEEDS)[number];

export const TICKET_VIEWS = ['mine', 'unit', 'all'] as const;
export type TicketView = (typeof TICKET_VIEWS)[number];

export const TICKET_MARKS = ['todo', 'late', 'escalated', 'urged'] as const;
/** todo: a limit runs, somebody has to act · escalated: put before its superiors and not solved yet. */
export type TicketMark = (typeof TICKET_MARKS)[number];

/** Which tickets: what stands in the address of the list. */
export interface TicketFilter {
  view?: TicketView | undefined;
  kind?: TicketKind | undefined;
  scope?: TicketScope | undefined;
  state?: TicketState | undefined;
  mark?: TicketMark | undefined;
  /** Id of a customer. */
  customer?: string | undefined;
}

/** What the list is asked for most, each with how many there are. */
export const TICKET_PILLS = {
  mine: { view: 'mine', mark: 'todo' },
  all: { view: 'all' },
  late: { mark: 'late' },
  escalated: { mark: 'escalated' },
  urged: { mark: 'urged' },
  waiting: { state: 'waiting' },
  callBack: { state: 'solved' },
} as const satisfies Record<string, TicketFilter>;
export type TicketPill = keyof typeof TICKET_PILLS;

/** What was promised when it was opened. */
export interface TicketLimits {
  hours: 'clock' | 'working';
  /** `HH:MM` */
  workFrom: string;
  workTo: string;
  answerMinutes: number;
  solveMinutes: number;
}

/** A ticket as the list shows it. */
export interface TicketRow {
  id: string;
  no: string;
  kind: TicketKind;
  scope: TicketScope;
  tier: TicketTier;
  major: boolean;
  text: string;
  state: TicketState;
  customer: { id: string; name: string | null; starLevel: number };
  /** E.164; null: the ticket is of no line. */
  number: string | null;
  unit: string;
  unitCode: string;
  assignee: string | null;
  assigneeId: string | null;
  /** Whoever has it does not work here any more. */
  assigneeLeft: boolean;
  /** Of whoever asks: they have it, opened it, or it is of a customer of theirs. */
  own: boolean;
  openedAt: Date;
  openedBy: string | null;
  answerDue: Date;
  solveDue: Date;
  /** When it is put before its superiors, if the limit still runs then. */
  answerEscalate: Date;
  solveEscalate: Date;
  answeredAt: Date | null;
  waitingSince: Date | null;
  solvedAt: Date | null;
  closedAt: Date | null;
  /** The deadline that runs; null while the customer is waited for, and once it is solved. */
  dueAt: Date | null;
  late: boolean;
  urges: number;
  escalatedAt: Date | null;
  /** The limit that ran then. */
  escalatedLimit: 'answer' | 'solve' | null;
  /** The number of the ticket it became part of. */
  mergedInto: string | null;
  satisfaction: number | null;
  /** How often it was solved. */
  round: number;
  /** The outcome of a call opened it. */
  fromCall: boolean;
  limitVersion: number;
  limits: TicketLimits;
}

export interface TicketEntry {
  id: string;
  at: Date;
  by: string | null;
  deed: string;
  state: TicketState;
  target: string | null;
  note: string | null;
}

export interface LimitRule {
  kind: TicketKind;
  tier: TicketTier;
  scope: TicketScope;
  hours: 'clock' | 'working';
  /** Minutes, 1 to 100,000. */
  answerMinutes: number;
  solveMinutes: number;
}

export interface Limits {
  version: number;
  /** `HH:MM`, the hours that count as working time. */
  workFrom: string;
  workTo: string;
  madeBy: string | null;
  madeAt: Date;
  rules: LimitRule[];
}
