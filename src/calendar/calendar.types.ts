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
  /** tyme4ts · notice (handed in) · manual · statutory days and weekends */
  source: string;
  noticedAt: Date | null;
  noticedBy: string | null;
}

/** A day set by hand. */
export interface DayOverride {
  day: Day;
  working: boolean;
  name: string;
}

export const MARK_KINDS = ['cold', 'heat', 'member-day', 'other'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** A day, or a run of days, noted by hand. */
export interface DayMark {
  id: string;
  kind: MarkKind;
  from: Day;
  to: Day;
  name: string;
  /** null: everywhere in the unit */
  region: string | null;
  unit: string;
  /** The viewer may take it back. */
  own: boolean;
}
