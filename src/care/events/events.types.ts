export const EVENT_KINDS = ['home-visit', 'counter-visit', 'customer-event', 'salon', 'club-day'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** The standing campaign that invitations by call and by message belong to. */
export const INVITATIONS = 'event-invitation';

/** Of one customer, arranged with them, at the cost of calls of the host's day. */
export const VISIT_KINDS = ['home-visit', 'counter-visit'] as const satisfies readonly EventKind[];
export const isVisit = (kind: EventKind): boolean => (VISIT_KINDS as readonly EventKind[]).includes(kind);

export const INVITE_CHANNELS = ['call', 'sms'] as const;
export type InviteChannel = (typeof INVITE_CHANNELS)[number];

export const ANSWERS = ['yes', 'maybe', 'no'] as const;
export type Answer = (typeof ANSWERS)[number];

export const RESULTS = ['order', 'intention', 'none'] as const;
export type EventResult = (typeof RESULTS)[number];

/** The rows of an event that can be looked at; each figure of its page is one of them. */
export const SHOWS = ['matched', 'excluded', 'listed', 'invited', 'answered', 'coming', 'attended', 'result'] as const;
export type Show = (typeof SHOWS)[number];

export const EVENT_STATES = ['ahead', 'today', 'over', 'cancelled'] as const;
export type EventState = (typeof EVENT_STATES)[number];

/** matched = listed + excluded; all others are part of listed. Only customers the reader sees are counted. */
export type EventCounts = Record<Show, number>;

export interface EventRow {
  id: string;
  kind: EventKind;
  title: string;
  place: string;
  startsAt: Date;
  endsAt: Date;
  capacity: number | null;
  host: string;
  hostName: string;
  inviteBy: InviteChannel;
  /** A visit takes calls of its host's day: the absence that says so. */
  absenceId: string | null;
  cancelledAt: Date | null;
  cancelReason: string | null;
  state: EventState;
  version: number;
  orgUnit: string;
  orgUnitName: string;
  counts: EventCounts;
}

export interface InvitationRow {
  customerId: string;
  name: string | null;
  number: string;
  starLevel: number;
  manager: string | null;
  /** The gate's reason; null: on the list. */
  excluded: string | null;
  invitedAt: Date | null;
  answer: Answer | null;
  answerBy: string | null;
  answerAt: Date | null;
  attended: boolean | null;
  result: EventResult | null;
  note: string | null;
}
