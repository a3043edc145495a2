import type { Day } from '../../kernel/day.js';
import type { Reason } from '../model/model.types.js';

/**
 * open: nobody has spoken with the customer yet · talking: somebody has · kept, lost: what they said in the end · unreached: tried in vain ·
 * stopped: applied to port out, so nobody asks them to stay · withdrawn: it was none · held_out: left alone, to compare with.
 */
export const CASE_STATES = ['open', 'talking', 'kept', 'lost', 'unreached', 'stopped', 'withdrawn', 'held_out'] as const;
export type CaseState = (typeof CASE_STATES)[number];
/** A customer has one such case at most. */
export const LIVE_STATES: readonly CaseState[] = ['open', 'talking'];

/** In these something may be given: who has just said they stay may still get what was promised. */
export const GIVING_STATES: readonly CaseState[] = [...LIVE_STATES, 'kept'];

/** What somebody does to a case by hand. */
export const CASE_DEEDS = ['note', 'call', 'keep', 'lose', 'withdraw', 'reopen', 'lift'] as const;
export type CaseDeed = (typeof CASE_DEEDS)[number];

export const MEASURE_KINDS = ['offer', 'explain', 'repair', 'visit', 'compensation', 'other'] as const;
export type MeasureKind = (typeof MEASURE_KINDS)[number];
/** waiting: for a second person · granted: may be promised · accepted, declined: what the customer said. */
export const MEASURE_STATES = ['waiting', 'refused', 'granted', 'accepted', 'declined'] as const;
export type MeasureState = (typeof MEASURE_STATES)[number];

/** Days after a case was opened on which it is asked whether the customer is still there (RET-3). */
export const FOLLOW_UP_DAYS = [30, 60, 90] as const;
export type FollowUpDays = (typeof FOLLOW_UP_DAYS)[number];
export type Status = 'active' | 'suspended' | 'churned';

/** Something with a name in both languages, kept as data. */
export interface Named {
  code: string;
  labelZh: string;
  labelEn: string;
}

/** A case as lists, page and API read it; the number is still whole. */
export interface CaseRow {
  id: string;
  no: string;
  customerId: string;
  customerName: string | null;
  lineId: string;
  number: string | null;
  star: number;
  city: string | null;
  source: string;
  sourceZh: string;
  sourceEn: string;
  reason: string | null;
  reasonZh: string | null;
  reasonEn: string | null;
  direction: string | null;
  directionZh: string | null;
  directionEn: string | null;
  state: CaseState;
  openedAt: Date;
  callBy: Date;
  firstCallAt: Date | null;
  firstTalkAt: Date | null;
  lastCallAt: Date | null;
  closedAt: Date | null;
  calls: number;
  talks: number;
  score: number;
  scored: boolean;
  valueFen: number;
  rank: number;
  /** What the score rests on: as the list tells it, or as a model of ours does. */
  scoreText: string | null;
  why: Reason[] | null;
  drawn: boolean;
  strategy: string | null;
  strategyName: string | null;
  strategyId: string | null;
  owner: string | null;
  ownerName: string | null;
  taskId: string | null;
  nextOn: Day | null;
  callbackAt: Date | null;
  late: boolean;
  costFen: number;
  /** Measures that wait for a second person. */
  waiting: number;
  status30: Status | null;
  status60: Status | null;
  status90: Status | null;
}

export interface SignRow {
  source: string;
  labelZh: string;
  labelEn: string;
  notedOn: Day;
  text: string | null;
}

export interface EntryRow {
  at: Date;
  by: string | null;
  deed: string;
  state: CaseState;
  target: string | null;
  note: string | null;
}

export interface MeasureRow {
  id: string;
  kind: MeasureKind;
  offer: string | null;
  offerName: string | null;
  costFen: number;
  state: MeasureState;
  note: string | null;
  proposedBy: string;
  proposedById: string;
  proposedAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
  refusal: string | null;
  answeredAt: Date | null;
}

export interface FollowUpRow {
  days: FollowUpDays;
  dueOn: Day;
  status: Status | null;
  toldOn: Day | null;
  settledAt: Date | null;
}
