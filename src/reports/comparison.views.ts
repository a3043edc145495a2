import { addDays, addMonths, type Day, lastDayOfMonth, weekday } from '../kernel/day.js';
import { ENOUGH } from '../kernel/statistics.js';
import type { FunnelFilter } from './funnel.types.js';
import { reportUrl } from './funnel.views.js';
import type { PeriodBefore } from './period-before.policy.js';

/** Periods that are over, one click away: the last whole week from Monday, the seven days up to yesterday, the last whole month. */
export function overPeriods(today: Day): { name: string; from: Day; to: Day }[] {
  const monday = addDays(today, 1 - weekday(today));
  const month = addMonths(`${today.slice(0, 7)}-01`, -1);
  return [
    { name: 'last_week', from: addDays(monday, -7), to: addDays(monday, -1) },
    { name: 'seven_days', from: addDays(today, -7), to: addDays(today, -1) },
    { name: 'last_month', from: month, to: lastDayOfMonth(month) },
  ];
}

/** What the page says of its comparison: over what, what is missing to make it, and whether the period is over at all. */
export function comparisonView(filter: FunnelFilter, before: PeriodBefore | undefined, query: Record<string, string | undefined>, today: Day) {
  return {
    before,
    enough: ENOUGH,
    periods:
      filter.compare && !before
        ? overPeriods(today).map((period) => ({ ...period, href: reportUrl({ ...query, from: period.from, to: period.to }) }))
        : undefined,
    notOver: before !== undefined && filter.to !== undefined && filter.to >= today,
  };
}
