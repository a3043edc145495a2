/** How a task goes on after an outcome that does not close it. */
export const REDIALS = ['other_slot', 'same_day', 'later', 'never', 'callback'] as const;
export type Redial = (typeof REDIALS)[number];
export type LineHealth = 'good' | 'suspended' | 'invalid';
export const TONES = ['grey', 'info', 'ok', 'warn', 'bad'] as const;

/** One row of calls.outcome: what is recorded after a call, and everything that follows from it (CAM-6). */
export interface Outcome {
  code: string;
  labelZh: string;
  labelEn: string;
  sort: number;
  /** The key of the call desk that chooses it. */
  key: string;
  /** As the switch counts. */
  connected: boolean;
  /** A person spoke. */
  effective: boolean;
  /** Counts as a visit of a care programme. */
  visit: boolean;
  converted: boolean;
  closesTask: boolean;
  redial: Redial;
  /** Days the product family rests for this customer; 0 = none, null = as the contact rules say. */
  coolingOffDays: number | null;
  opensTicket: boolean;
  blocksCalls: boolean;
  /** The page asks for a second-level reason; the API takes an attempt without it, flagged. */
  needsReason: boolean;
  /** What the call says about the number; null = nothing. */
  lineHealth: LineHealth | null;
  tone: (typeof TONES)[number];
}

/** A second-level reason: why refused, what of interest, why already there. */
export interface OutcomeReason {
  code: string;
  labelZh: string;
  labelEn: string;
  sort: number;
}

/** What is kept beside an outcome or a reason. */
export interface Kept {
  /** Since when the desk does not offer it any more; calls that have it keep it. null: it is offered. */
  retiredAt: Date | null;
  /** Counts its changes, so that nobody overwrites what they have not seen. */
  version: number;
}

export type KeptOutcome = Outcome & Kept;
export type KeptReason = OutcomeReason & Kept;
