import { birthdayExists, birthdayWords, lunarText, nextBirthday, parseBirthdayText, parseBirthdayWords } from './birthday.policy.js';
import type { Birthday } from '../customers.types.js';

const solar = (month: number, day: number, year: number | null = null): Birthday => ({ year, month, day, calendar: 'solar', leap: false });
const lunar = (month: number, day: number, more: Partial<Birthday> = {}): Birthday => ({
  year: null,
  month,
  day,
  calendar: 'lunar',
  leap: false,
  ...more,
});

describe('CUS-1, CAR-4 the coming day of a birthday', () => {
  it.each<[string, Birthday, string, string]>([
    ['later this year', solar(11, 26), '2026-11-22', '2026-11-26'],
    ['today', solar(11, 22), '2026-11-22', '2026-11-22'],
    ['passed: next year', solar(3, 1), '2026-11-22', '2027-03-01'],
    ['29 February in a common year', solar(2, 29), '2027-01-05', '2027-02-28'],
    ['29 February in a leap year', solar(2, 29), '2028-01-05', '2028-02-29'],
    ['lunar 10-18', lunar(10, 18), '2026-11-22', '2026-11-26'],
    ['lunar twelfth month belongs to the year before', lunar(12, 20), '2026-01-10', '2026-02-07'],
    ['born in a leap month: the ordinary one', lunar(6, 6, { leap: true }), '2026-01-10', '2026-07-19'],
    ['the 30th of a short month', lunar(12, 30), '2026-11-22', '2027-02-05'],
  ])('%s', (_name, birthday, today, day) => {
    expect(nextBirthday(birthday, today)).toBe(day);
  });
});

describe('CUS-1 a birthday must exist in its calendar', () => {
  it.each<[Birthday, boolean]>([
    [solar(2, 29), true],
    [solar(2, 29, 1999), false],
    [solar(2, 30), false],
    [lunar(2, 30), true],
    [lunar(7, 3, { year: 2001, leap: true }), false],
    [lunar(4, 3, { year: 2001, leap: true }), true],
  ])('%j: %s', (birthday, exists) => {
    expect(birthdayExists(birthday)).toBe(exists);
  });

  it.each(['2001-02-30', '13-01', 'spring', '2001'])('%s is refused', (text) => {
    expect(parseBirthdayText(text, 'solar')).toBeNull();
  });
});

describe('CUS-2 a lunar birthday is written and read as people say it', () => {
  it.each<[string, Birthday]>([
    ['农历十月十八', lunar(10, 18)],
    ['农历正月初一', lunar(1, 1)],
    ['农历十二月三十', lunar(12, 30)],
    ['农历十一月廿九', lunar(11, 29)],
    ['农历二月二十', lunar(2, 20)],
    ['农历闰六月初六', lunar(6, 6, { leap: true })],
    ['农历1978年十月十八', lunar(10, 18, { year: 1978 })],
    ['农历2001年闰四月初三', lunar(4, 3, { year: 2001, leap: true })],
  ])('%s', (text, birthday) => {
    expect(lunarText(birthday)).toBe(text);
    expect(parseBirthdayWords(text)).toEqual(birthday);
    expect(parseBirthdayWords(birthdayWords(birthday))).toEqual(birthday);
  });

  it.each<[string, Birthday | null]>([
    ['阴历腊月廿三', lunar(12, 23)],
    ['农历腊月二十三', lunar(12, 23)],
    ['农历冬月初八', lunar(11, 8)],
    ['农历一月一日', lunar(1, 1)],
    ['1978年农历十月十八', lunar(10, 18, { year: 1978 })],
    ['农历10月18日', lunar(10, 18)],
    ['农历 闰 6-6', lunar(6, 6, { leap: true })],
    ['农历2001年闰七月初三', null],
    ['农历十三月初一', null],
    ['农历十月四十', null],
    ['农历', null],
    ['十月十八', null],
  ])('%s', (typed, read) => {
    expect(parseBirthdayWords(typed)).toEqual(read);
  });

  it('every day of every month is read again as itself', () => {
    for (let month = 1; month <= 12; month += 1)
      for (let day = 1; day <= 30; day += 1)
        for (const leap of [false, true]) expect(parseBirthdayWords(lunarText(lunar(month, day, { leap })))).toEqual(lunar(month, day, { leap }));
  });
});

describe('CAR-4 the next solar day of the odd birthdays', () => {
  it.each<[string, Birthday, string, string]>([
    [
      'a leap month’s birthday in a year that has the leap month: the ordinary one',
      lunar(6, 6, { leap: true, year: 1960 }),
      '2025-06-01',
      '2025-06-30',
    ],
    ['the leap month of this year is no second birthday', lunar(6, 6, { leap: true }), '2025-07-15', '2026-07-19'],
    ['29 February, today the 28th', solar(2, 29, 2000), '2026-02-28', '2026-02-28'],
    ['29 February, the day after: next year', solar(2, 29, 2000), '2026-03-01', '2027-02-28'],
    ['29 February before a leap year', solar(2, 29), '2027-03-01', '2028-02-29'],
    ['a lunar New Year’s Eve falls into the next solar year', lunar(12, 30), '2027-03-01', '2028-01-25'],
    ['lunar New Year', lunar(1, 1), '2026-11-22', '2027-02-06'],
    ['the year does not matter for the day', lunar(10, 18, { year: 1978 }), '2026-11-22', '2026-11-26'],
  ])('%s', (_name, birthday, today, day) => {
    expect(nextBirthday(birthday, today)).toBe(day);
  });
});
