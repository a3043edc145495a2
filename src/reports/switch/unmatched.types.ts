/** Why a raw record of the switch belongs to no attempt. */
export const UNMATCHED_REASONS = ['no_attempt_near', 'attempt_taken', 'several_near', 'agent_unknown', 'agent_missing', 'line_unknown'] as const;
/** It belongs to one, but says connected where the agent said not connected, or the other way round. Counted apart. */
export const CONTRADICTS = 'contradicts';
export const RECORD_REASONS = [...UNMATCHED_REASONS, CONTRADICTS] as const;
export type RecordReason = (typeof RECORD_REASONS)[number];

export const RECORD_CUTS = ['agent', 'day'] as const;
export type RecordCut = (typeof RECORD_CUTS)[number];

export interface RecordFilter {
  /** Without it all that are unmatched. */
  reason?: RecordReason | undefined;
  /** As the switch names the agent: her number, else the user name. */
  agentNo?: string | undefined;
  /** Shanghai days of the start, both included. */
  from?: string | undefined;
  to?: string | undefined;
  /** Number of the import they came with. */
  import?: string | undefined;
}

/** A raw record for the API. */
export interface SwitchRecord {
  id: string;
  reason: RecordReason;
  startedAt: Date;
  /** E.164 */
  phone: string;
  agentNo: string | null;
  /** Username, where the agent is known. */
  manager: string | null;
  managerName: string | null;
  customerId: string | null;
  /** What the switch says of the end, as an outcome; null when it says nothing. */
  outcome: string | null;
  cause: string | null;
  talkSeconds: number;
  answeredAt: Date | null;
  endedAt: Date | null;
  callerNumber: string | null;
  recordingRef: string | null;
  importId: string | null;
  /** The attempt it contradicts, and what was recorded there. */
  attemptId: string | null;
  recordedOutcome: string | null;
}

export type ReasonCounts = Record<RecordReason, number> & {
  /** All that are unmatched. */
  unmatched: number;
};

export interface CountRow extends ReasonCounts {
  key: string;
  /** Name of the agent, where she is known. */
  label: string | null;
}
