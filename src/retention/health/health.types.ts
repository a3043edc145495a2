import type { Day } from '../../kernel/day.js';

export const TIERS = ['healthy', 'sub-healthy', 'high-risk'] as const;
export type Tier = (typeof TIERS)[number];

/** Why somebody is not healthy, in the order of the rules. */
export const HEALTH_REASONS = ['intent', 'score', 'complaints', 'use_drop', 'refusals', 'unreached', 'suspended'] as const;
export type HealthReasonCode = (typeof HEALTH_REASONS)[number];
export type Level = 'sub' | 'high';

/** With what it rests on: a day, a percentage or a count. */
export interface HealthReason {
  code: HealthReasonCode;
  level: Level;
  on?: Day;
  percent?: number;
  count?: number;
}

/** What one line used in a month; null where the files do not tell. */
export interface UseFact {
  /** First day of the month. */
  month: Day;
  dataUsedMb: number | null;
  voiceUsedMin: number | null;
}

/** What the rules ask about a customer; days to come are not among them. */
export interface HealthFacts {
  status: 'active' | 'suspended' | 'churned';
  /** Signs that somebody told, with how likely such a customer is to leave, in per cent. */
  signs: readonly { on: Day; percent: number }[];
  /** Highest current score of the customer's lines, in whole per cent. */
  scorePercent: number | null;
  complaints: readonly Day[];
  /** Telephone calls, the earliest first. */
  calls: readonly { on: Day; outcome: string; effective: boolean }[];
  uses: readonly UseFact[];
}

/** Thresholds; 0 = the rule does not count. */
export interface HealthSettings {
  intentDays: number;
  intentPercent: number;
  scoreHigh: number;
  scoreSub: number;
  complaintDays: number;
  complaintsHigh: number;
  complaintsSub: number;
  dropHigh: number;
  dropSub: number;
  callDays: number;
  refusalsSub: number;
  unreachedSub: number;
  /** So many reasons of the lower level together make somebody high-risk. */
  subsMakeHigh: number;
}

/** Null: somebody who has left has no health. */
export type Health = { tier: Tier; reasons: HealthReason[] } | null;
