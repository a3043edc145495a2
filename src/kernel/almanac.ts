import { LegalHoliday, LunarDay, LunarMonth, SolarDay, SolarTerm } from 'tyme4ts';
import { daysBetween, type Day } from './day.js';

/** A date of the Chinese lunar calendar. `leap` marks the second of two months with the same number. */
export interface LunarDate {
  year: number;
  /** 1–12 */
  month: number;
  /** 1–30 */
  day: number;
  leap: boolean;
  /** Length of that month, 29 or 30: tells whether a birthday on the 30th exists in it. */
  monthDays: number;
}

/** What the yearly notice of the State Council says of a day: off although a weekday, or at work although a weekend. */
export interface NoticeDay {
  name: string;
  working: boolean;
}

const two = (n: number): string => String(n).padStart(2, '0');
const civil = (at: SolarDay): Day => `${at.getYear()}-${two(at.getMonth())}-${two(at.getDay())}`;

const solar = (day: Day): SolarDay => {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return SolarDay.fromYmd(year, month, date);
};

const lunarMonthAt = (year: number, month: number, leap: boolean): LunarMonth => LunarMonth.fromYm(year, leap ? -month : month);

/** The lunar date of a civil day. */
export function solarToLunar(day: Day): LunarDate {
  const lunar = solar(day).getLunarDay();
  const month = lunar.getLunarMonth();
  return { year: month.getYear(), month: month.getMonth(), day: lunar.getDay(), leap: month.isLeap(), monthDays: month.getDayCount() };
}

/** The civil day of a lunar date; null when that year has no such day (a 30th in a short month, a leap month in another year). */
export function lunarToSolar(year: number, month: number, day: number, leap = false): Day | null {
  try {
    return civil(LunarDay.fromYmd(year, leap ? -month : month, day).getSolarDay());
  } catch {
    return null;
  }
}

/** Lunar dates of a run of civil days, much cheaper than one by one: steps over whole months. */
export function lunarDates(from: Day, to: Day): LunarDate[] {
  const first = solarToLunar(from);
  const dates: LunarDate[] = [];
  let month = lunarMonthAt(first.year, first.month, first.leap);
  let monthDays = first.monthDays;
  let day = first.day;
  for (let left = daysBetween(from, to) + 1; left > 0; left -= 1) {
    if (day > monthDays) {
      month = month.next(1);
      monthDays = month.getDayCount();
      day = 1;
    }
    dates.push({ year: month.getYear(), month: month.getMonth(), day, leap: month.isLeap(), monthDays });
    day += 1;
  }
  return dates;
}

/**
 * The 24 solar terms that fall in a civil year, day → name. The library counts from the winter solstice of the year
 * before (index 0 of 2026 is 2025-12-21), so the solstice of a year is index 0 of the next.
 */
export function solarTermsOf(year: number): Map<Day, string> {
  const terms = Array.from({ length: 24 }, (_, i) => SolarTerm.fromIndex(i === 23 ? year + 1 : year, (i + 1) % 24));
  return new Map(terms.map((term) => [civil(term.getSolarDay()), term.getName()]));
}

/** True when the notice of that year is known: National Day stands in each. */
export const hasHolidayNotice = (year: number): boolean => LegalHoliday.fromYmd(year, 10, 1) !== null;

/** The published notice of a year, day → what it says; null while the notice of that year is not known. */
export function holidayNoticeOf(year: number): Map<Day, NoticeDay> | null {
  if (!hasHolidayNotice(year)) return null;
  const notice = new Map<Day, NoticeDay>();
  let entry: LegalHoliday | null = LegalHoliday.fromYmd(year, 1, 1);
  for (; entry?.getDay().getYear() === year; entry = entry.next(1)) {
    notice.set(civil(entry.getDay()), { name: entry.getName(), working: entry.isWork() });
  }
  return notice;
}
