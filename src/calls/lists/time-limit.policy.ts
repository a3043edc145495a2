import { addDays, atTime, type Day, dayOf } from '../../kernel/day.js';

/** What time of a limit counts: every minute, or the calling hours of working days (CAM-4). */
export type Counted =
  | { hours: 'clock' }
  | {
      hours: 'working';
      /** Working days in order, up to the day of the question. */
      days: readonly Day[];
      /** `HH:MM` from–to, in order. */
      window: readonly (readonly [string, string])[];
    };

/** So many days back hold a limit, when four hours of a working day count and half of the days are free. */
export const daysBack = (hours: number): number => Math.ceil(hours / 4) * 2 + 30;

/** The calling hours before an instant, the last first. */
function* spansBefore(now: Date, { days, window }: Extract<Counted, { hours: 'working' }>): Generator<[from: Date, to: Date]> {
  const today = dayOf(now);
  for (const day of [...days].reverse().filter((one) => one <= today)) {
    for (const [begin, end] of [...window].reverse()) {
      const [from, to] = [atTime(day, begin), atTime(day, end)];
      if (from < now) yield [from, to < now ? to : now];
    }
  }
}

/**
 * Whoever got a task at this instant or before has used up the limit; null when the days known do not hold so many hours.
 * @param hours of the limit, 1 or more
 */
export function usedUpBefore(now: Date, hours: number, counted: Counted): Date | null {
  let left = hours * 3_600_000;
  if (counted.hours === 'clock') return new Date(now.getTime() - left);
  for (const [from, to] of spansBefore(now, counted)) {
    const length = to.getTime() - from.getTime();
    if (left <= length) return new Date(to.getTime() - left);
    left -= length;
  }
  return null;
}

/** The first of the days a limit reaches back to. */
export const reachesBackTo = (now: Date, hours: number): Day => addDays(dayOf(now), -daysBack(hours));
