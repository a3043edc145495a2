import { type Day, weekday } from '../kernel/day.js';
import type { Locale } from '../platform/i18n/catalogue.js';
import type { CalendarYear, DayInfo, DayMark } from './calendar.types.js';
import type { NoticeResult } from './notice/notice.types.js';
import { lunarDate, lunarLabel } from './lunar.views.js';

export interface YearFacts {
  year: number;
  info: CalendarYear | undefined;
  days: readonly DayInfo[];
  marks: readonly DayMark[];
  /** Days set by hand. */
  byHand: ReadonlySet<Day>;
  today: Day;
  locale: Locale;
}

/** Days worth a line on the page: off, at work against the weekday, or with a name. */
const isSpecial = (day: DayInfo): boolean =>
  day.kind === 'holiday' || day.kind === 'makeup' || day.festival !== null || day.solarTerm !== null || day.working !== weekday(day.day) <= 5;

/** How a day looks: against the usual week it has a badge, an ordinary weekend is only paler. */
function lookOf(day: DayInfo): { look: string; badge: 'off' | 'work' | null } {
  const weekend = weekday(day.day) >= 6;
  if (day.working) return weekend ? { look: 'is-makeup', badge: 'work' } : { look: '', badge: null };
  return weekend && day.kind !== 'holiday' ? { look: 'is-off', badge: null } : { look: 'is-holiday', badge: 'off' };
}

function cellOf(day: DayInfo, { marks, byHand, today, locale }: YearFacts): object {
  const own = marks.filter((mark) => mark.from <= day.day && day.day <= mark.to);
  return {
    ...day,
    ...lookOf(day),
    number: Number(day.day.slice(8)),
    lunar: lunarDate(day, locale),
    label: lunarLabel(day, locale),
    today: day.day === today,
    hand: byHand.has(day.day),
    marks: own.map(({ kind, name, region }) => ({ kind, name, region })),
  };
}

/** A month in weeks from Monday, with blanks before its first and after its last day. */
function weeksOf(days: readonly DayInfo[], facts: YearFacts): object[] {
  const first = days[0];
  if (!first) return [];
  const cells: (object | null)[] = [...Array.from({ length: weekday(first.day) - 1 }, () => null), ...days.map((day) => cellOf(day, facts))];
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, i) => ({ cells: cells.slice(i * 7, i * 7 + 7) }));
}

/** The year as the page shows it: months in weeks, its special days in a list, and how many days are at work. */
export function yearView(facts: YearFacts): object {
  const { year, info, days, marks } = facts;
  const months = Array.from({ length: 12 }, (_, i) => {
    const prefix = `${year}-${String(i + 1).padStart(2, '0')}`;
    const ofMonth = days.filter((day) => day.day.startsWith(prefix));
    const special = ofMonth.filter(isSpecial).map((day) => ({ ...day, ...lookOf(day), lunar: lunarDate(day, facts.locale) }));
    return { number: i + 1, working: ofMonth.filter((day) => day.working).length, weeks: weeksOf(ofMonth, facts), days: special };
  });
  return {
    year: String(year),
    weekdays: ['1', '2', '3', '4', '5', '6', '7'],
    previous: year - 1,
    following: year + 1,
    known: days.length > 0,
    published: info?.published ?? false,
    source: info?.source.replaceAll(' ', '_'),
    noticedAt: info?.noticedAt,
    noticedBy: info?.noticedBy,
    working: days.filter((day) => day.working).length,
    months,
    marks: marks.map((mark) => ({ ...mark, many: mark.from !== mark.to })),
  };
}

/** A notice that is looked at: each fault and warning as a sentence. */
export function noticeView(notice: NoticeResult): object {
  const said = <T extends { code: string; params: object }>(kind: string, one: T): object => ({
    ...one,
    sentence: { key: `notice.${kind}.${one.code}`, params: one.params },
  });
  return {
    ...notice,
    year: String(notice.year),
    faults: notice.faults.map((fault) => said('fault', fault)),
    warnings: notice.warnings.map((warning) => said('warning', warning)),
    clean: notice.faults.length === 0,
  };
}
