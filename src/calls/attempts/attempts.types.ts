import type { AttemptForm } from './attempts.forms.js';
import type { Outcome } from '../outcomes/outcomes.types.js';

/** The campaign of an attempt, as far as its rules decide. */
export interface CampaignRules {
  id: string;
  kind: string;
  productFamily: string | null;
  maxAttempts: number;
  minGapMinutes: number;
  callerNumber: string | null;
  /** Over for good while a call of it was still under way. */
  closed?: boolean;
}

/** Whom a contact reached, and by which number. */
export interface ContactTarget {
  customerId: string;
  lineId: string;
  /** E.164 */
  number: string;
  lineHealth: string;
}

/** Everything an attempt is written from. */
export interface AttemptEntry {
  id: string;
  target: ContactTarget;
  campaign: CampaignRules;
  /** null for an ad hoc contact. `attempts` are those before this one. */
  task: { id: string; attempts: number; listSource: string | null } | null;
  touchId: string;
  managerId: string;
  outcome: Outcome;
  channel: 'call' | 'wecom' | 'qq' | 'weibo' | 'visit' | 'inbound';
  startedAt: Date;
  now: Date;
  form: AttemptForm;
  /** A sale without the evidence its product demands is refused (CAM-9). */
  strict?: boolean;
}
