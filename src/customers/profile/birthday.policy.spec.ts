import { birthdayExists, nextBirthday, parseBirthdayText } from './birthday.policy.js';
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
