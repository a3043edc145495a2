export const EVENT_TYPES = ['dialling', 'ringing', 'answered', 'ended'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One thing the switch told of a call. */
export interface SwitchEvent {
  id: string;
  type: EventType;
  at: Date;
  /** E.164 */
  number: string;
  agentNo: string | null;
  callerNumber: string | null;
  cause: string | null;
  recordingRef: string | null;
}

/** A call as far as it is known. */
export interface Leg {
  number: string;
  agentNo: string | null;
  callerNumber: string | null;
  state: EventType;
  startedAt: Date;
  answeredAt: Date | null;
  endedAt: Date | null;
  /** Answer to end; 0 while it is not over and for a call that nobody answered. */
  talkSeconds: number;
  cause: string | null;
  recordingRef: string | null;
  /** Its begin was told, not only what came after. */
  begun: boolean;
}

/** No call is longer: a day. */
const MOST_TALK = 86_400;

const byTime = (a: SwitchEvent, b: SwitchEvent): number => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function talkOf(answered: Date | undefined, ended: Date | undefined): number {
  if (!answered || !ended) return 0;
  return Math.min(MOST_TALK, Math.max(0, Math.round((ended.getTime() - answered.getTime()) / 1000)));
}

/**
 * The call that a set of events tells: the order they came in says nothing, their own times say all. It begins with its first event, is answered with
 * the first answer and over with the last end; of what several events say the last word counts, and for the agent and number the first.
 * @param events at least one, all of one call, each id once
 */
export function foldLeg(events: readonly SwitchEvent[]): Leg {
  const sorted = [...events].sort(byTime);
  const [first] = sorted;
  if (!first) throw new Error('a call without an event');
  const answered = sorted.find(({ type }) => type === 'answered')?.at;
  const ended = sorted.findLast(({ type }) => type === 'ended')?.at;
  const said = (name: 'agentNo' | 'callerNumber'): string | null => sorted.find((event) => event[name] !== null)?.[name] ?? null;
  const lastSaid = (name: 'cause' | 'recordingRef'): string | null => sorted.findLast((event) => event[name] !== null)?.[name] ?? null;
  return {
    number: first.number,
    agentNo: said('agentNo'),
    callerNumber: said('callerNumber'),
    state: EVENT_TYPES.findLast((type) => sorted.some((event) => event.type === type)) ?? first.type,
    startedAt: first.at,
    answeredAt: answered ?? null,
    endedAt: ended ?? null,
    talkSeconds: talkOf(answered, ended),
    cause: lastSaid('cause'),
    recordingRef: lastSaid('recordingRef'),
    begun: sorted.some(({ type }) => type === 'dialling' || type === 'ringing'),
  };
}
