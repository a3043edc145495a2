import { lunarToSolar } from '../../kernel/almanac.js';
import { type Day, isDay } from '../../kernel/day.js';
import type { Birthday } from '../customers.types.js';

const two = (n: number): string => String(n).padStart(2, '0');

/** A leap year stands in for an unknown one: 29 February may be somebody's birthday. */
const solarExists = ({ year, month, day }: Birthday): boolean => isDay(`${year ?? 2000}-${two(month)}-${two(day)}`);

const lunarExists = ({ year, month, day, leap }: Birthday): boolean =>
  year === null ? month >= 1 && month <= 12 && day >= 1 && day <= 30 : lunarToSolar(year, month, day, leap) !== null;

/** Whether such a day can be somebody's birthday in its calendar. */
export const birthdayExists = (birthday: Birthday): boolean => (birthday.calendar === 'solar' ? solarExists(birthday) : lunarExists(birthday));

/** A 29 February is kept on the 28th of a common year, unless the rule of care says the 1st of March (CAR-4). */
function solarIn(year: number, { month, day }: Birthday): Day {
  const wanted = `${year}-${two(month)}-${two(day)}`;
  return isDay(wanted) ? wanted : `${year}-${two(month)}-28`;
}

/** A birthday of a leap month is kept in the ordinary month, a 30th on the 29th of a short month (CAR-4). */
const lunarIn = (year: number, { month, day }: Birthday): Day | null => lunarToSolar(year, month, day) ?? lunarToSolar(year, month, day - 1);

/** The coming solar day of a birthday, `today` included; null when the date exists in no year. */
export function nextBirthday(birthday: Birthday, today: Day): Day | null {
  const year = Number(today.slice(0, 4));
  // The lunar year begins weeks after the solar one: its last months fall into the next solar year.
  const years = birthday.calendar === 'solar' ? [year, year + 1] : [year - 1, year, year + 1];
  const days = years.map((y) => (birthday.calendar === 'solar' ? solarIn(y, birthday) : lunarIn(y, birthday)));
  return days.find((day) => day !== null && day >= today) ?? null;
}

/** `2001-02-03` or, without a year, `11-26`; for forms. */
export function parseBirthdayText(text: string, calendar: 'solar' | 'lunar', leap = false): Birthday | null {
  const match = /^(?:(\d{4})-)?(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  if (!match) return null;
  const birthday = { year: match[1] ? Number(match[1]) : null, month: Number(match[2]), day: Number(match[3]), calendar, leap };
  return birthdayExists(birthday) ? birthday : null;
}

/** The text {@link parseBirthdayText} reads. */
export const birthdayText = ({ year, month, day }: Birthday): string => `${year === null ? '' : `${year}-`}${two(month)}-${two(day)}`;

/** `lunar leap 1978-10-18`: a birthday and its calendar in one text, for records and single boxes. */
export const birthdayWords = (birthday: Birthday): string =>
  `${birthday.calendar === 'lunar' ? (birthday.leap ? 'lunar leap ' : 'lunar ') : ''}${birthdayText(birthday)}`;

const NUMERALS = '零一二三四五六七八九十';
const MONTHS = ['正', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二'];
/** Names of months besides their number. */
const MONTH_NAMES: Record<string, number> = { 一: 1, 冬: 11, 腊: 12 };

/** 初六 · 十八 · 二十 · 廿三 · 三十 */
function lunarDayText(day: number): string {
  if (day <= 10) return `初${NUMERALS[day]}`;
  if (day < 20) return `十${NUMERALS[day - 10]}`;
  if (day === 20) return '二十';
  return day < 30 ? `廿${NUMERALS[day - 20]}` : '三十';
}

const LUNAR_DAYS = new Map(Array.from({ length: 30 }, (_, i) => [lunarDayText(i + 1), i + 1] as const));

/** 农历十月十八 · 农历闰六月初六 · 农历1978年十月十八: as people say it. Solar birthdays are {@link birthdayText}. */
export const lunarText = ({ year, month, day, leap }: Birthday): string =>
  `农历${year === null ? '' : `${year}年`}${leap ? '闰' : ''}${MONTHS[month - 1] ?? ''}月${lunarDayText(day)}`;

const SPOKEN = /^(?:(\d{4})年)?(闰?)([正一二三四五六七八九十冬腊]{1,2})月(?:份)?([初一二三四五六七八九十廿]{1,3})[日号]?$/;

/** Reads {@link lunarText}, and 二十三 for 廿三, 腊月 for 十二月. */
function parseLunarText(text: string): Birthday | null {
  const [, year, leap, monthName = '', dayName = ''] = SPOKEN.exec(text) ?? [];
  const month = MONTH_NAMES[monthName] ?? MONTHS.indexOf(monthName) + 1;
  const day = LUNAR_DAYS.get(dayName) ?? LUNAR_DAYS.get(dayName.replace(/^二十(?=.)/, '廿')) ?? LUNAR_DAYS.get(`初${dayName}`);
  if (month === 0 || day === undefined) return null;
  const birthday: Birthday = { year: year ? Number(year) : null, month, day, calendar: 'lunar', leap: leap === '闰' };
  return birthdayExists(birthday) ? birthday : null;
}

const WORDS = /^(lunar|农历|阴历)?\s*(leap|闰)?\s*([\d-]+)$/i;

/** Reads {@link birthdayWords}, {@link lunarText} and what people type: 农历10-18, 农历闰6-6, 农历十月十八, 1978-10-18, 19781018. */
export function parseBirthdayWords(text: string): Birthday | null {
  const plain = text.replace(/\s+/g, '');
  if (/^(农历|阴历|\d{4}年(农历|阴历))/.test(plain)) {
    const spoken = parseLunarText(plain.replace(/农历|阴历/, ''));
    if (spoken) return spoken;
  }
  const [, lunar, leap, typed = ''] =
    WORDS.exec(
      text
        .trim()
        .replace(/[/.年月]/g, '-')
        .replace(/[日号]/g, ''),
    ) ?? [];
  const date = typed.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return parseBirthdayText(date, lunar ? 'lunar' : 'solar', Boolean(leap) && Boolean(lunar));
}
