import type { RenderedScript } from '../campaigns/campaigns.types.js';
import type { Day } from '../kernel/day.js';

export type TaskState = 'open' | 'claimed' | 'done' | 'not_reached' | 'cancelled' | 'recycled';
export const TASK_STATES: readonly TaskState[] = ['open', 'claimed', 'done', 'not_reached', 'cancelled', 'recycled'];

/** How long a customer is kept for the person who took them (CAM-5). */
export const LEASE_MINUTES = 30;

/** Why there is no next customer: nothing left · closed hours · the gate holds all of them back. */
export type EmptyReason = 'empty' | 'quiet_hours' | 'all_capped';

/** The customer of a task as lists and the API show it. */
export interface TaskCustomer {
  id: string;
  name: string | null;
  /** Full E.164, or masked where the reader may not see it. */
  phone: string;
  starLevel: number;
  city: string | null;
  package: string | null;
}

/** A task as the API gives it. `script` and `closingLine` come with the one task that is held. */
export interface TaskItem {
  id: string;
  campaign: string;
  campaignName: string;
  state: TaskState;
  closeReason: string | null;
  customer: TaskCustomer;
  owner: string | null;
  reasons: string[];
  script: RenderedScript | null;
  closingLine: string | null;
  /** Offers of partners the customer may use, each a sentence. */
  partnerOffers?: string[];
  /** What the campaign wrote to the customer before the call; null when nothing. */
  sentMessage?: string | null;
  dueOn: Day;
  deadlineOn: Day | null;
  callbackAt: Date | null;
  notBefore: Date | null;
  overCapacity: boolean;
  attempts: number;
  lastOutcome: string | null;
  leaseUntil: Date | null;
}

/** An attempt as the API gives it. */
export interface AttemptItem {
  id: string;
  taskId: string | null;
  campaign: string;
  customerId: string;
  manager: string;
  ordinal: number;
  startedAt: Date;
  outcome: string;
  reason: string | null;
  talkSeconds: number;
  talkSource: 'switch' | 'desk' | 'self';
  topics: string[];
  /** 1 to 5, where the customer was asked. */
  satisfaction: number | null;
  note: string | null;
  channel: 'call' | 'wecom' | 'qq' | 'weibo' | 'visit' | 'inbound';
  flags: string[];
  correctedAt: Date | null;
  order: { product: string | null; orderNo: string | null; state: 'open' | 'succeeded' | 'failed' | 'expired' } | null;
  /** What became of the task; null for an ad hoc contact. */
  task: { state: TaskState; notBefore: Date | null; callbackAt: Date | null } | null;
}
