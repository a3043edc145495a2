import type { Purpose } from '../contact/contact.types.js';
import type { BlastState, CountKey, RecipientState } from './blasts/blast.states.js';
import type { TextFault } from './wording/message-text.policy.js';
import type { Encoding } from './wording/sms-parts.policy.js';
import type { GatewayKind, Way } from './gateways/gateway.types.js';
import type { MakerWording } from './wording/wording.js';

/** What a message is for; the gate judges by it. `callback` is for calls only. */
export type MessagePurpose = Exclude<Purpose, 'callback'>;
export const MESSAGE_PURPOSES = ['marketing', 'care', 'greeting', 'service'] as const satisfies readonly MessagePurpose[];

/** Care messages go out by day and never late in the evening. */
export const CARE_HOURS = { from: '09:00', until: '20:30' } as const;

export interface TemplateRow {
  id: string;
  code: string;
  name: string;
  purpose: MessagePurpose;
  orgPath: string;
  /** The newest version, draft or approved. */
  version: number;
  state: 'draft' | 'approved';
  signature: string;
  body: string;
  /** What the reader is asked to answer (GOV-2). */
  expectedReplies: string[];
  authorId: string | null;
  authorName: string | null;
  writtenAt: Date;
  approvedBy: string | null;
  approvedAt: Date | null;
  /** Handed back to its author; `at` an ISO instant. */
  refused: { by: string | null; at: string; reason: string } | null;
  /** On whose columns its author looked at it last. */
  previewSegment: string | null;
  /** The version being sent, null while none is approved. */
  inUse: number | null;
}

/** One wording of a template among all it has had. */
export interface TemplateVersion {
  version: number;
  signature: string;
  body: string;
  expectedReplies: string[];
  authorName: string | null;
  writtenAt: Date;
  approvedBy: string | null;
  approvedAt: Date | null;
}

/** A wording as it is sent: what a blast freezes when it starts. */
export interface Wording extends MakerWording {
  templateId: string;
  version: number;
  purpose: MessagePurpose;
}

export interface PreviewItem {
  phone: string;
  customerId: string;
  name: string | null;
  starLevel: number;
  text: string;
  parts: number;
  units: number;
  encoding: Encoding;
  breaks: number[];
}

/** Something that keeps a message from being made: which variable, for whom. */
export interface PreviewFault {
  code: 'template_variable_unknown' | 'customer_unknown' | TextFault;
  variable: string | null;
  phones: string[];
}

export interface Preview {
  items: PreviewItem[];
  faults: PreviewFault[];
}

/** What was counted when a limit was passed. */
export interface PausedBy {
  kind: 'optOuts' | 'complaints';
  count: number;
  delivered: number;
  /** Per 10,000 delivered. */
  limit: number;
  at: string;
}

export interface BlastRow {
  id: string;
  code: string;
  name: string;
  state: BlastState;
  templateCode: string;
  templateName: string;
  templateVersion: number | null;
  purpose: MessagePurpose;
  segmentId: string | null;
  segmentCode: string | null;
  segmentName: string | null;
  /** Its audience is given, or narrowed, by a filter. */
  filtered: boolean;
  gateway: string;
  gatewayKind: GatewayKind;
  /** Its ways out, in the order in which they are tried. */
  ways: Way[];
  notBefore: Date | null;
  notAfter: Date | null;
  ratePerSecond: number;
  /** The limit it was given itself; null: its gateway's. */
  ownRate: number | null;
  plannedByCare: boolean;
  /** Left alone by chance, of a hundred. */
  holdoutPercent: number;
  /** The blast whose failed ones it goes to. */
  retryOf: { code: string; name: string } | null;
  /** The limit at which the product itself stopped it; null: nobody or a person did. */
  pausedBy: PausedBy | null;
  createdById: string | null;
  createdBy: string | null;
  orgPath: string;
  /** Where it goes instead while its gateway is down. */
  fallbacks: string[];
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** The figures of a blast at one instant; the audience is their sum. */
export interface BlastFigures {
  audience: number;
  counts: Record<CountKey, number>;
  refusedBy: Record<string, number>;
  parts: number;
  /** How many messages these parts belong to. */
  billed: number;
}

export type Blast = BlastRow & BlastFigures;

export interface BlastMessageRow {
  lineId: string;
  customerId: string;
  name: string | null;
  starLevel: number;
  phone: string;
  state: RecipientState;
  reason: string | null;
  networkCode: string | null;
  parts: number;
  text: string | null;
  submittedAt: Date | null;
  finishedAt: Date | null;
  /** The file its words and times have gone to. */
  archived: string | null;
}
