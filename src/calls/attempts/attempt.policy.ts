import type { SlotScore } from '../claims/best-slot.policy.js';
import type { LineHealth, Outcome } from '../outcomes/outcomes.types.js';
import { redialAt } from '../lists/redial.policy.js';
import { CONTRADICTED } from '../switch/contradiction.policy.js';

/** Why a task is off its list: the campaign was closed. */
export const CAMPAIGN_CLOSED = 'campaign_closed';

/** What a decision about an attempt stands on. */
export interface AttemptFacts {
  outcome: Outcome;
  /** When the call ended: redial times count from here. */
  at: Date;
  callbackAt: Date | null;
  /** Attempts of this task including this one. */
  attempts: number;
  campaign: { kind: string; productFamily: string; maxAttempts: number; minGapMinutes: number; closed?: boolean };
  given: { reason: boolean; order: boolean; orderProduct: boolean };
  /** What the switch saw, if a record of it belongs to this attempt. */
  switchConnected?: boolean | null;
  /** When the customer is likely to answer, if it is asked for. */
  slots?: readonly SlotScore[];
}

/** What becomes of the task. */
export type TaskNext =
  { state: 'open'; notBefore: Date | null; callbackAt: Date | null } | { state: 'done' | 'not_reached' | 'cancelled'; closeReason: string };

/** Everything that follows from one recorded outcome. */
export interface Decision {
  task: TaskNext;
  flags: string[];
  order: boolean;
  block: boolean;
  lineHealth: LineHealth | null;
  /** The product family rests, for days of the outcome's own or, null, as the contact rules say; null = nothing follows. */
  coolOff: { family: string; days: number | null } | null;
}

function taskNext({ outcome, at, callbackAt, attempts, campaign, slots = [] }: AttemptFacts): TaskNext {
  if (outcome.closesTask) return { state: outcome.effective ? 'done' : 'not_reached', closeReason: outcome.code };
  // a promise is kept whatever the number of attempts
  if (outcome.redial === 'callback') return { state: 'open', notBefore: null, callbackAt };
  if (outcome.redial === 'never') return { state: 'not_reached', closeReason: outcome.code };
  if (attempts >= campaign.maxAttempts) return { state: 'not_reached', closeReason: 'max_attempts' };
  return { state: 'open', notBefore: redialAt(outcome.redial, at, campaign.minGapMinutes, slots), callbackAt: null };
}

function flagsOf({ outcome, given, switchConnected = null }: AttemptFacts): string[] {
  const flags: string[] = [];
  if (outcome.needsReason && !given.reason) flags.push('reason_missing');
  if (outcome.converted && !given.order) flags.push('order_missing');
  else if (outcome.converted && !given.orderProduct) flags.push('product_missing');
  if (switchConnected !== null && switchConnected !== outcome.connected) flags.push(CONTRADICTED);
  return flags;
}

/** Nobody calls again for a campaign that was closed meanwhile, promised or not: what stood open on its list would stand there for good. */
function taskAfter(facts: AttemptFacts): TaskNext {
  const next = taskNext(facts);
  return next.state === 'open' && facts.campaign.closed ? { state: 'cancelled', closeReason: CAMPAIGN_CLOSED } : next;
}

/** Result → consequences (CAM-4, CAM-6, GOV-7). The later outcome rules: whatever was promised before is superseded by what this returns. */
export function decideAttempt(facts: AttemptFacts): Decision {
  const { outcome, campaign } = facts;
  const rests = campaign.kind === 'marketing' && outcome.coolingOffDays !== 0;
  return {
    task: taskAfter(facts),
    flags: flagsOf(facts),
    order: outcome.converted,
    block: outcome.blocksCalls,
    lineHealth: outcome.lineHealth ?? (outcome.connected ? 'good' : null),
    coolOff: rests ? { family: campaign.productFamily, days: outcome.coolingOffDays } : null,
  };
}
