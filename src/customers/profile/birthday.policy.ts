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

/** A 29 February is kept on the 28th of a common year. */
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

const WORDS = /^(lunar|农历|阴历)?\s*(leap|闰)?\s*([\d-]+)$/i;

/** Reads {@link birthdayWords} and what people type: 农历10-18, 农历闰6-6, 1978-10-18, 19781018. */
export function parseBirthdayWords(text: string): Birthday | null {
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
