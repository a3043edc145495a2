import type { Day } from '../../kernel/day.js';

/** Who works in the house and may be away: everybody but the client. */
export const STAFF = ['manager', 'planner', 'supervisor', 'judge'] as const;

export const ABSENCE_KINDS = ['leave', 'training', 'on-site', 'visit'] as const;
export type AbsenceKindCode = (typeof ABSENCE_KINDS)[number];

export const PARTS = ['day', 'morning', 'afternoon'] as const;
/** Half days: until 13:00, from 13:00. */
export type Part = (typeof PARTS)[number];

export interface AbsenceKind {
  code: AbsenceKindCode;
  /** What it usually costs, percent of a day's calls. */
  lossPercent: number;
}

export interface RotaAbsence {
  id: string;
  from: Day;
  to: Day;
  kind: AbsenceKindCode;
  part: Part;
  lossPercent: number;
  deputyId: string | null;
}

/** A week that holds from a day on: percent of a day's calls, Monday first; null: official working days. */
export interface RotaPattern {
  from: Day;
  shares: readonly number[] | null;
}

/** What is known of one person. */
export interface RotaFacts {
  /** Calls a full day, at most. */
  dailyCapacity: number;
  patterns: readonly RotaPattern[];
  /** Single days: percent of a day's calls. */
  days: readonly { day: Day; share: number }[];
  absences: readonly RotaAbsence[];
}

/** Why a day is rostered as it is. */
export type RotaReason = 'official' | 'pattern' | 'makeup' | 'holiday' | 'single';

/** One person on one day. */
export interface RotaDay {
  day: Day;
  /** Percent by calendar, week and single day, 0–100. */
  rostered: number;
  /** What absences leave of it, percent, rounded down. */
  share: number;
  /** Calls that share allows, rounded down. */
  calls: number;
  /** The absence that takes most. */
  absenceId: string | null;
}

export interface RotaPerson {
  id: string;
  username: string;
  name: string;
  team: string;
  dailyCapacity: number;
}

/** One person on one day as the pages and the API have it. */
export interface RotaCell extends RotaDay {
  userId: string;
  absenceKind: AbsenceKindCode | null;
  deputyId: string | null;
  /** A single day was set, or its remark. */
  note: string | null;
}

/** An absence with its people. */
export interface AbsenceRow extends RotaAbsence {
  userId: string;
  username: string;
  name: string;
  deputy: string | null;
  deputyName: string | null;
  notedBy: string | null;
}

/** Somebody who works in a month: on how many days, and the calls that fit. */
export interface RotaMonth {
  username: string;
  name: string;
  team: string;
  days: number;
  calls: number;
}

/** Somebody at work on a day: percent of it that is left, and the calls that fit. */
export interface RotaAtWork {
  username: string;
  name: string;
  team: string;
  share: number;
  calls: number;
  absence: string | null;
}
