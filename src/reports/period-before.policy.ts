import { addDays, addMonths, type Day, daysBetween, lastDayOfMonth, monthOf } from '../kernel/day.js';

/** The days a period is compared with, both included, and the rule that chose them. */
export interface PeriodBefore {
  from: Day;
  to: Day;
  rule: 'months' | 'weeks' | 'days';
}

/** How many whole months a period is, 0 when it is none. */
function wholeMonths(from: Day, to: Day): number {
  if (!from.endsWith('-01') || to !== lastDayOfMonth(to)) return 0;
  const count = (month: Day): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
  return count(to) - count(from) + 1;
}

/**
 * The period before: for whole months as many months directly before, whatever their length; else as many days directly before, which for whole weeks
 * are the same weekdays.
 */
export function periodBefore(from: Day, to: Day): PeriodBefore {
  const months = wholeMonths(from, to);
  if (months > 0) return { from: addMonths(from, -months), to: addDays(from, -1), rule: 'months' };
  const days = daysBetween(from, to) + 1;
  return { from: addDays(from, -days), to: addDays(from, -1), rule: days % 7 === 0 ? 'weeks' : 'days' };
}

/** The day of the period that stands over against a day of the one before; undefined for a 31st over against a month of 30. */
export function counterpart(day: Day, period: { from: Day; to: Day }): Day | undefined {
  const before = periodBefore(period.from, period.to);
  if (before.rule !== 'months') return addDays(day, daysBetween(before.from, period.from));
  const later = addMonths(day, wholeMonths(period.from, period.to));
  const sameDay = later.slice(8) === day.slice(8) && monthOf(later) >= monthOf(period.from);
  return sameDay ? later : undefined;
}
