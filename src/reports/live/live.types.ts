import type { BandState } from '../band.policy.js';
import type { BandRate, BandRule } from '../band/band.types.js';
import type { JudgedRate } from '../band/judgement.policy.js';

/** What one manager does at this moment, as the desk and the ledger know it. */
export interface AgentFacts {
  id: string;
  username: string;
  name: string;
  team: string;
  /** Percent of today that rota and absences leave. */
  share: number;
  absence: string | null;
  /** Since when a customer is held, and in which campaign. */
  heldSince: Date | null;
  heldCampaign: string | null;
  lastAttemptAt: Date | null;
  lastOutcomeZh: string | null;
  lastOutcomeEn: string | null;
  attempts: number;
  connected: number;
  /** Open tasks that may be dialled today. */
  left: number;
}

/** call: holds a customer · long: has done so for too long · idle: has work and holds nobody · dry: has no work left · off: no call today yet · away: not rostered */
export const AGENT_STATES = ['long', 'dry', 'idle', 'call', 'off', 'away'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

export interface Agent extends AgentFacts {
  state: AgentState;
  /** Since when; null where nothing tells. */
  since: Date | null;
}

export interface DueCallback {
  taskId: string;
  customerId: string;
  customerName: string | null;
  star: number;
  at: Date;
  owner: string | null;
  ownerName: string | null;
  /** What stands in the way. */
  ownerState: AgentState | null;
  late: boolean;
}

export interface LiveCampaign {
  id: string;
  code: string;
  name: string;
  agents: number;
  attempts: number;
  connected: number;
  converted: number;
  /** Open tasks, and those that may be dialled today. */
  left: number;
  ready: number;
  state: string;
}

export interface LiveHour {
  hour: number;
  attempts: number;
  connected: number;
}

/** Outcomes the board counts of whatever contact, each opened at its rows. */
export const LIVE_OUTCOMES = ['complaint', 'do_not_call'] as const;
export type LiveOutcome = (typeof LIVE_OUTCOMES)[number];

/** A contact of today behind such a count. */
export interface LiveContact {
  at: Date;
  customerId: string;
  customerName: string | null;
  star: number;
  number: string;
  channel: string;
  campaignName: string | null;
  managerName: string;
}

export interface LiveTotals {
  attempts: number;
  connected: number;
  converted: number;
  complaints: number;
  doNotCall: number;
  callbacksLate: number;
  promisesLate: number;
}

/** A campaign of the board with its band; null where nothing can be judged. */
/** How a campaign stands to its band: as the list of breaches has it, see `standingOf`. */
export interface Standing {
  state: BandState | 'pending';
  /** Of which rate the breach is. */
  rate: BandRate;
  /** Which rule says that it is out; null while it is not. */
  rule: BandRule | null;
  /** Since when it is a breach. */
  since: Date | null;
  /** Why what left its band is no breach yet. */
  why: 'not_looked' | 'not_running' | null;
}

export interface BandedCampaign extends LiveCampaign {
  band: JudgedRate | null;
  standing: Standing | null;
}
