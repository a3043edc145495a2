import { addDays, type Day } from '../../kernel/day.js';
import type { Moment } from '../care.types.js';

/** Spring Festival and National Day never close more than two weeks. */
const LONGEST_CLOSING = 15;

/**
 * The n-th working day after `day`, which itself never counts; `day` where n is 0. Make-up working days count, days off do not.
 * @param n 0 to 10
 * @throws RangeError beyond the days the moment knows: a wrong answer would be worse
 */
export function workingDayAfter(day: Day, n: number, isWorking: Moment['isWorking']): Day {
  let left = n;
  const last = addDays(day, LONGEST_CLOSING + 3 * n);
  for (let at = day; ; at = addDays(at, 1)) {
    if (at > day && isWorking(at)) left -= 1;
    if (left === 0) return at;
    if (at >= last) throw new RangeError(`no ${n} working days known after ${day}`);
  }
}

/** The last day that leaves n working days before `day`. @param n 0 to 10 */
export function workingDayBefore(day: Day, n: number, isWorking: Moment['isWorking']): Day {
  let left = n;
  for (let at = day; at > addDays(day, -(LONGEST_CLOSING + 3 * n)); at = addDays(at, -1)) {
    if (left === 0 && isWorking(at)) return at;
    if (isWorking(at)) left -= 1;
  }
  throw new RangeError(`no ${n} working days known before ${day}`);
}

/** Working days from the day after `from` to `to`; negative when `to` lies before. */
export function workingDaysTo(from: Day, to: Day, isWorking: Moment['isWorking']): number {
  if (to < from) return 0 - workingDaysTo(to, from, isWorking);
  let count = 0;
  for (let at = addDays(from, 1); at <= to; at = addDays(at, 1)) if (isWorking(at)) count += 1;
  return count;
}
