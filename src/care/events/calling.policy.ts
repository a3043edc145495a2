import { addDays, atTime, type Day, dayOf, laterDay } from '../../kernel/day.js';

/** Left of a day, a message reaches everybody on a list. */
const LEAST_MS = 15 * 60_000;

/** The last day to call about an event: the day before it, or today when that is over. */
export const callBy = (startsAt: Date, now: Date): Day => laterDay(addDays(dayOf(startsAt), -1), dayOf(now));

/**
 * The first day on which messages can go out to whoever is invited; undefined when there is none any more.
 * @param spans when the gate lets messages out before the event begins
 * @param hours of a day in which care messages go out
 */
export function messageDay(spans: readonly { from: Date; to: Date }[], hours: { from: string; until: string }): Day | undefined {
  const fits = spans.find(({ from, to }) => {
    const [begin, end] = [atTime(dayOf(from), hours.from), atTime(dayOf(from), hours.until)];
    return Math.min(to.getTime(), end.getTime()) - Math.max(from.getTime(), begin.getTime()) >= LEAST_MS;
  });
  return fits && dayOf(fits.from);
}
