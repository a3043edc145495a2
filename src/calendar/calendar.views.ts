import { weekday } from '../kernel/day.js';
import type { DayInfo } from './calendar.types.js';

/** Days worth a line on the page: off, at work against the weekday, or with a name. */
const isSpecial = (day: DayInfo): boolean =>
  day.kind === 'holiday' || day.kind === 'makeup' || day.festival !== null || day.solarTerm !== null || day.working !== weekday(day.day) <= 5;

/** The year as the page shows it: its special days by month, and how many days are at work. */
export function yearView(year: number, days: readonly DayInfo[]): object {
  const months = Array.from({ length: 12 }, (_, i) => {
    const prefix = `${year}-${String(i + 1).padStart(2, '0')}`;
    const ofMonth = days.filter((day) => day.day.startsWith(prefix));
    return { number: i + 1, working: ofMonth.filter((day) => day.working).length, days: ofMonth.filter(isSpecial) };
  });
  return {
    year: String(year),
    previous: year - 1,
    following: year + 1,
    known: days.length > 0,
    published: days[0]?.published ?? false,
    working: days.filter((day) => day.working).length,
    months,
  };
}
