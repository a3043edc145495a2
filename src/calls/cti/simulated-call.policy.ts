import type { EventType } from './leg.policy.js';

/** One event of a pretended call, in seconds after dialling. */
export interface PlannedEvent {
  type: EventType;
  after: number;
  cause?: string;
}

/** What happens to the call by the last digit of the number, so that whoever tries it knows beforehand; causes of ITU-T Q.850. */
const UNANSWERED: Readonly<Record<string, { cause: string; after: number }>> = {
  7: { cause: '19', after: 30 },
  8: { cause: '17', after: 3 },
  9: { cause: '20', after: 5 },
};
const RING_SECONDS = 6;
const SHORTEST_TALK = 4;
const TALKS = 57;

/** Numbers that end in 7 ring out, in 8 are busy, in 9 switched off; all others are answered and talk for 4 to 60 seconds. @param number E.164 */
export function planCall(number: string): PlannedEvent[] {
  const unanswered = UNANSWERED[number.slice(-1)];
  const begin: PlannedEvent[] = [
    { type: 'dialling', after: 0 },
    { type: 'ringing', after: 1 },
  ];
  if (unanswered) return [...begin, { type: 'ended', ...unanswered }];
  const talk = SHORTEST_TALK + (Number(number.slice(-4)) % TALKS);
  return [...begin, { type: 'answered', after: RING_SECONDS }, { type: 'ended', after: RING_SECONDS + talk, cause: '16' }];
}
