import { addDays, addMonths, type Day } from '../../kernel/day.js';

/**
 * The last day on which a star counts before it is assessed anew: terms of `months` follow each other from the day it was given.
 * @param months at least 1
 */
export function termEnd(since: Day, months: number, today: Day): Day {
  for (let term = 1; ; term += 1) {
    const end = addDays(addMonths(since, term * months), -1);
    if (end >= today) return end;
  }
}
