/**
 * What a row of the timeline is: a contact of ours, a message, an answer, a contact the gate refused, one another system reported, an invitation, having
 * been there, a plan that changed, a step of a ticket, a promise and what became of it.
 */
export type TimelineKind =
  'attempt' | 'message' | 'reply' | 'refusal' | 'reported' | 'invitation' | 'attendance' | 'replanned' | 'ticket' | 'promise';

export interface TimelineRow {
  /** Unique, and with `at` the place in the order. */
  entry: string;
  at: Date;
  kind: TimelineKind;
  /** call, sms, wecom, qq, weibo, visit, inbound, event, ticket, promise. */
  channel: string;
  /** The campaign, the template of a message, the number of a ticket, the kind of a promise. */
  title: string | null;
  /** Outcome of a contact, state of a message, meaning of an answer. */
  state: string;
  stateZh: string | null;
  stateEn: string | null;
  tone: string | null;
  /** The note, or the words of a message. */
  text: string | null;
  purpose: string | null;
  /** Why the gate said no. */
  reasons: string[] | null;
  talkSeconds: number | null;
  parts: number | null;
  actor: string | null;
  /** Who reported or asked; of a message the network's code. */
  source: string | null;
}

/** The customer whose timeline it is. */
export interface TimelineOf {
  id: string;
  name: string | null;
}

export interface ChannelCount {
  channel: string;
  count: number;
}
