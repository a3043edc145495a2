import { dayOf, minuteOfDay } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';

/** What the gate said. */
interface Refusal {
  reasons: readonly string[];
  /** When it may be tried again; null = waiting does not help. */
  until: Date | null;
}

const twoDigits = (n: number): string => String(n).padStart(2, '0');

/** `14:00` for today, `11-25 09:00` for later: the same in every language. */
export function momentText(at: Date, now: Date): string {
  const minute = minuteOfDay(at);
  const time = `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
  return dayOf(at) === dayOf(now) ? time : `${dayOf(at).slice(5)} ${time}`;
}

/** The gate's first reason is the code: whoever asks learns the rule, and when it gives way. */
export const refusedByGate = ({ reasons, until }: Refusal, now: Date): DomainError =>
  new DomainError(reasons[0] ?? 'blocked', { status: 409, params: { until: until ? momentText(until, now) : null } });
