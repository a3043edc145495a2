/** How a task goes on after an outcome that does not close it. */
export type Redial = 'other_slot' | 'same_day' | 'never' | 'later' | 'callback';
export type LineHealth = 'good' | 'suspended' | 'invalid';

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
  tone: 'grey' | 'info' | 'ok' | 'warn' | 'bad';
}

/** A second-level reason: why refused, what of interest, why already there. */
export interface OutcomeReason {
  code: string;
  labelZh: string;
  labelEn: string;
  sort: number;
}
