import type { Day } from '../kernel/day.js';
import type { Variant } from './experiment/variant.types.js';
import type { Script } from './script/script.types.js';

export type { Difference, Told } from './experiment/experiment.types.js';
export type { Variant } from './experiment/variant.types.js';
export type { RenderedScript, Script, ScriptFields, ScriptLine, ScriptSegment } from './script/script.types.js';

/** What a campaign is for (CAM-1). Only `marketing` needs marketing consent. */
export const CAMPAIGN_KINDS = ['marketing', 'care', 'fee-care', 'revisit', 'retention', 'survey'] as const;
export type CampaignKind = (typeof CAMPAIGN_KINDS)[number];

export const CAMPAIGN_STATES = ['draft', 'scheduled', 'running', 'paused', 'closed'] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

/** To the customer's own manager · in turn over the active managers of the scope · to whoever has least open work: of the scope, of the customer's team, of its city (CAM-3). */
export const ASSIGNMENTS = ['owner', 'round-robin', 'load', 'team', 'region'] as const;
export type Assignment = (typeof ASSIGNMENTS)[number];

/** How the limits of a list are counted: by the clock, or in calling hours of working days (CAM-4). */
export const LIMIT_HOURS = ['clock', 'working'] as const;
export type LimitHours = (typeof LIMIT_HOURS)[number];

/** A text before the first dial or after a call (CAM-1). The first template has what the others leave (CAM-10). */
export interface SmsStep {
  when: 'before' | 'after';
  /** Before: hours from the text to the first dial, 1 or more. After: hours from the call to the text. */
  hours: number;
  /** After a call: with which outcomes. */
  outcomes: string[];
  /** One to three, by code; `percent` of the customers, whole, of all but the first. */
  templates: { code: string; percent?: number }[];
}

/** The standing campaign that ad hoc contacts belong to (CAM-5). */
export const DAILY_CARE = 'daily-care';

/** The class of contact the gate is asked for: everything but marketing is care. */
export const purposeOf = (kind: CampaignKind): 'marketing' | 'care' => (kind === 'marketing' ? 'marketing' : 'care');

/** What rests after a refusal or a sale (GOV-7). Campaigns that name no product family share one: a refusal of something unknown rests all of them. */
export const familyOf = ({ productFamily }: { productFamily: string | null }): string => productFamily ?? 'marketing';

/** Times of day, `HH:MM` from–to, in which the campaign calls; null = the working window of the gate. */
export type CallWindow = [string, string][];

/** A campaign as it is read everywhere. Rates are fractions, `holdoutPercent` is 0–90. */
export interface Campaign {
  id: string;
  code: string;
  name: string;
  kind: CampaignKind;
  state: CampaignState;
  goal: string | null;
  startsOn: Day;
  endsOn: Day | null;
  standing: boolean;
  segmentId: string | null;
  segment: string | null;
  segmentName: string | null;
  /** Whose columns its script and its texts may name: its own, of a later wave that of the first. */
  columnsSegmentId: string | null;
  filter: Record<string, unknown> | null;
  /** Whose members are left out, with their codes; and whom a filter leaves out. */
  excludeSegmentIds: string[];
  excludeSegments: string[];
  excludeFilter: Record<string, unknown> | null;
  /** The first wave; null where this is it. */
  waveOf: string | null;
  waveOfCode: string | null;
  wave: number;
  /** Which results of the earlier waves it takes; see `WAVE_RESULTS`. */
  waveTake: string[];
  /** Most dials of one customer in all waves together. */
  mostTogether: number | null;
  script: Script;
  variants: Variant[];
  maxAttempts: number;
  minGapMinutes: number;
  firstDialHours: number;
  /** Hours from when a task is on the list to when it ends undone; null: the last day of the campaign. */
  completionHours: number | null;
  limitHours: LimitHours;
  assignment: Assignment;
  bandLower: number | null;
  bandUpper: number | null;
  bandMinAttempts: number;
  holdoutPercent: number;
  callWindow: CallWindow | null;
  smsStep: SmsStep | null;
  callerNumber: string | null;
  productFamily: string | null;
  orgUnitId: string;
  orgUnitName: string;
  orgPath: string;
  createdBy: string | null;
  createdByName: string | null;
  createdAt: Date;
  updatedAt: Date;
  version: number;
  /** How often a second person's word was asked for. */
  approvals: number;
  frozenAt: Date | null;
  /** Its launch is being computed by a job; until then it is a draft nobody changes. */
  building: boolean;
  launchedAt: Date | null;
}

/** matched = included + the sum of excluded, always. */
export interface AudienceCount {
  matched: number;
  included: number;
  excluded: Record<string, number>;
}

/** Tasks by state; `total` is their sum. `recycled` ones were not dialled in time and have nobody. */
export interface TaskCount {
  open: number;
  claimed: number;
  done: number;
  notReached: number;
  cancelled: number;
  recycled: number;
  total: number;
}

export interface TransitionRow {
  fromState: CampaignState | null;
  toState: CampaignState;
  byName: string | null;
  at: Date;
  why: string | null;
}
