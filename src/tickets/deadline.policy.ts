import { atTime, type Day, dayOf } from '../kernel/day.js';

const MINUTE_MS = 60_000;
/** Of a limit so many percent are used when a ticket is put before its superiors (TIC-3). */
const ESCALATES_AT = 80;

/** What time counts: every minute, or the hours of working days. */
export interface Counting {
  hours: 'clock' | 'working';
  /** `HH:MM` */
  workFrom: string;
  workTo: string;
  /** Working days in order, from the day of the first instant on; more than are needed. */
  days: readonly Day[];
}

/** The working hours from an instant on. */
function* spans(from: Date, { workFrom, workTo, days }: Counting): Generator<[from: Date, to: Date]> {
  const first = dayOf(from);
  for (const day of days) {
    if (day < first) continue;
    const [begin, end] = [atTime(day, workFrom), atTime(day, workTo)];
    if (end > from) yield [begin > from ? begin : from, end];
  }
}

/** When so much counted time has passed. @param ms 0 or more @throws Error when the days do not reach */
export function deadline(from: Date, ms: number, counting: Counting): Date {
  if (counting.hours === 'clock') return new Date(from.getTime() + ms);
  let left = ms;
  for (const [begin, end] of spans(from, counting)) {
    const length = end.getTime() - begin.getTime();
    if (left <= length) return new Date(begin.getTime() + left);
    left -= length;
  }
  throw new Error(`the working days known end before a limit of ${ms / MINUTE_MS} minutes`);
}

/** How much counted time lies between two instants, in milliseconds; 0 when the second is not later. */
export function counted(from: Date, to: Date, counting: Counting): number {
  if (to <= from) return 0;
  if (counting.hours === 'clock') return to.getTime() - from.getTime();
  let sum = 0;
  for (const [begin, end] of spans(from, counting)) {
    if (begin >= to) break;
    sum += (end < to ? end : to).getTime() - begin.getTime();
  }
  return sum;
}

/** The deadline after the customer was waited for: what was left is left. One that had passed stays passed. */
export function afterWait(due: Date, wait: { from: Date; to: Date }, counting: Counting): Date {
  return due <= wait.from ? due : deadline(wait.to, counted(wait.from, due, counting), counting);
}

/** When a limit ends, and when the ticket is put before its superiors. */
export interface Limit {
  due: Date;
  escalate: Date;
}

/** Both counted alike: four fifths of working time are working time. */
export function limitFrom(from: Date, minutes: number, counting: Counting): Limit {
  const whole = minutes * MINUTE_MS;
  return { due: deadline(from, whole, counting), escalate: deadline(from, (whole * ESCALATES_AT) / 100, counting) };
}

/** After the customer was waited for: what was left until either is left. */
export function limitAfterWait({ due, escalate }: Limit, wait: { from: Date; to: Date }, counting: Counting): Limit {
  return { due: afterWait(due, wait, counting), escalate: afterWait(escalate, wait, counting) };
}

/** How much of a limit is used, in whole percent from 0 to 100. Rounded down: it says 80 from the moment of the escalation on, not before. */
export function percentUsed(minutes: number, { due, at }: { due: Date; at: Date }, counting: Counting): number {
  const whole = minutes * MINUTE_MS;
  const used = Math.floor((100 * (whole - counted(at, due, counting))) / whole);
  return Math.max(0, Math.min(100, used));
}
