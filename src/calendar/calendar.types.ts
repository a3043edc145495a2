import type { Day } from '../kernel/day.js';

export type ClosedFestival = 'spring_festival' | 'national_day';
export type DayKind = 'workday' | 'weekend' | 'holiday' | 'makeup';

/** One civil day as the calendar knows it. */
export interface DayInfo {
  day: Day;
  working: boolean;
  kind: DayKind;
  /** Why it is off or at work: a holiday's name, or what the administrator wrote. */
  name: string | null;
  festival: string | null;
  /** The name of the solar term that begins on this very day. */
  solarTerm: string | null;
  /** Statutory day of Spring Festival or National Day: only promised callbacks and answers to complaints go out (GOV-4). */
  closedFestival: ClosedFestival | null;
  lunarMonth: number;
  lunarDay: number;
  lunarLeap: boolean;
  lunarMonthDays: number;
  /** False while the yearly notice is not known: weekends and statutory days stand, bridge days and make-up days are open. */
  published: boolean;
}

/** A computed row of calendar.day, before any override. */
export type AlmanacDay = Omit<DayInfo, 'published'>;

export interface CalendarYear {
  year: number;
  published: boolean;
  source: string;
}

/** A day set by hand. */
export interface DayOverride {
  day: Day;
  working: boolean;
  name: string;
}
