import type { LastLook } from '../../contact/contact.types.js';
import type { GatewayAccount, OutgoingMessage } from '../gateways/gateway.types.js';
import type { MessagePurpose } from '../messaging.types.js';
import type { MakerWording } from '../wording/wording.js';

/** A message whose intent is committed: it may be handed to the gateway once. */
export interface Intent extends OutgoingMessage {
  touchId: string;
  lineId: string;
}

export interface Batch {
  kind: 'batch';
  blastId: string;
  /** What the last look before the gateway goes by. */
  look: LastLook;
  account: GatewayAccount;
  ratePerSecond: number | null;
  cutAt: Date;
  /** Goes out so fast that the next one is better cut meanwhile; a slow one leaves time enough. */
  fast: boolean;
  intents: Intent[];
}

/** What the next step of a blast is: a batch, another look at once, a wait until an instant, or nothing (paused, cancelled, everybody through). */
export type NextStep = Batch | { kind: 'now' } | { kind: 'later'; at: Date } | { kind: 'idle' };

export interface RunningBlast extends MakerWording {
  id: string;
  code: string;
  purpose: MessagePurpose;
  templateId: string;
  templateVersion: number;
  campaignId: string | null;
  /** The campaign's product family: who refused or took it rests from it, in messages too (GOV-7). */
  productFamily: string | null;
  segmentId: string | null;
  /** The ways out, in the order in which they are tried. */
  gateways: string[];
  ratePerSecond: number | null;
  notBefore: Date | null;
  notAfter: Date | null;
  /** The last line of the batch before. */
  cutAfter: string;
}

export interface Refusal {
  lineId: string;
  reason: string;
  /** Nobody refused it, it could not be made. */
  failed?: boolean;
}

export type Draft = Omit<Intent, 'touchId'> & { customerId: string };
