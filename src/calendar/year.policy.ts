import { holidayNoticeOf, type LunarDate, lunarDates, type NoticeDay, solarTermsOf } from '../kernel/almanac.js';
import { addDays, daysBetween, type Day, weekday } from '../kernel/day.js';
import type { AlmanacDay, ClosedFestival, DayKind } from './calendar.types.js';

const SOLAR_FESTIVALS: Readonly<Record<string, string>> = {
  '01-01': '元旦',
  '03-08': '妇女节',
  '05-01': '劳动节',
  '05-04': '青年节',
  '06-01': '儿童节',
  '07-01': '建党节',
  '08-01': '建军节',
  '09-10': '教师节',
  '10-01': '国庆节',
};

const LUNAR_FESTIVALS: Readonly<Record<string, string>> = {
  '1-1': '春节',
  '1-15': '元宵节',
  '5-5': '端午节',
  '7-7': '七夕节',
  '8-15': '中秋节',
  '9-9': '重阳节',
  '12-8': '腊八节',
};

/** Since 2025 New Year's Eve is a statutory day and Labour Day has two (State Council order 795). */
const NEW_RULE_FROM = 2025;

const isNewYearsEve = (lunar: LunarDate): boolean => lunar.month === 12 && !lunar.leap && lunar.day === lunar.monthDays;

function festivalOf(day: Day, lunar: LunarDate, term: string | undefined): string | null {
  if (isNewYearsEve(lunar)) return '除夕';
  const byLunar = lunar.leap ? undefined : LUNAR_FESTIVALS[`${lunar.month}-${lunar.day}`];
  return byLunar ?? SOLAR_FESTIVALS[day.slice(5)] ?? (term === '清明' ? '清明节' : null);
}

function closedFestivalOf(day: Day, lunar: LunarDate): ClosedFestival | null {
  const eveCounts = Number(day.slice(0, 4)) >= NEW_RULE_FROM;
  if (!lunar.leap && lunar.month === 1 && lunar.day <= 3) return 'spring_festival';
  if (eveCounts && isNewYearsEve(lunar)) return 'spring_festival';
  return ['10-01', '10-02', '10-03'].includes(day.slice(5)) ? 'national_day' : null;
}

export interface YearTable {
  published: boolean;
  days: AlmanacDay[];
}

const STATUTORY = new Set(['元旦', '清明节', '劳动节', '端午节', '中秋节']);

/** The name of the statutory holiday a day is by law, notice or not. */
function statutoryName(day: Day, festival: string | null, closed: ClosedFestival | null): string | null {
  if (closed === 'spring_festival') return '春节';
  if (closed === 'national_day') return '国庆节';
  if (day.slice(5) === '05-02' && Number(day.slice(0, 4)) >= NEW_RULE_FROM) return '劳动节';
  return festival !== null && STATUTORY.has(festival) ? festival : null;
}

function kindOf(day: Day, notice: NoticeDay | undefined, statutory: string | null): DayKind {
  if (notice) return notice.working ? 'makeup' : 'holiday';
  if (statutory !== null) return 'holiday';
  return weekday(day) >= 6 ? 'weekend' : 'workday';
}

/**
 * Every day of a year. With the notice known it decides; days it does not name, and all days without it, are as the law has them: weekends and
 * statutory days off, everything else a working day. Without a notice the year is not published.
 * @param notice one handed in; else the one the library knows
 */
export function yearTable(year: number, notice: ReadonlyMap<Day, NoticeDay> | null = holidayNoticeOf(year)): YearTable {
  const first = `${year}-01-01`;
  const last = `${year}-12-31`;
  const lunar = lunarDates(first, last);
  const terms = solarTermsOf(year);
  const days = Array.from({ length: daysBetween(first, last) + 1 }, (_, i): AlmanacDay => {
    const day = addDays(first, i);
    const moon = lunar[i] as LunarDate;
    const festival = festivalOf(day, moon, terms.get(day));
    const closedFestival = closedFestivalOf(day, moon);
    const said = notice?.get(day);
    const statutory = statutoryName(day, festival, closedFestival);
    const kind = kindOf(day, said, statutory);
    return {
      day,
      working: kind === 'workday' || kind === 'makeup',
      kind,
      name: said?.name || statutory,
      festival,
      solarTerm: terms.get(day) ?? null,
      closedFestival,
      lunarMonth: moon.month,
      lunarDay: moon.day,
      lunarLeap: moon.leap,
      lunarMonthDays: moon.monthDays,
    };
  });
  return { published: notice !== null, days };
}

/** The days off by law of a year, whatever its notice says, with their names. */
export function statutoryDays(year: number): Map<Day, string> {
  const { days } = yearTable(year, new Map());
  return new Map(days.flatMap(({ day, kind, name }) => (kind === 'holiday' && name !== null ? [[day, name] as const] : [])));
}
