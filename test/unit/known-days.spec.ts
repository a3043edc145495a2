import type { AlmanacDay } from '../../src/calendar/calendar.types.js';
import { yearTable } from '../../src/calendar/year.policy.js';
import { addDays, type Day, daysBetween } from '../../src/kernel/day.js';
import { newMoonNear, sunAt } from './sun-and-moon.js';

/**
 * What stands in the notices of the State Council and in printed almanacs, typed in, against what the calendar says. The lists were compared once
 * with two other libraries (chinese-days, lunar-typescript): no difference. The sun and the moon are worked out here by formula, so that no list
 * has to be believed.
 */
const YEARS = [2020, 2021, 2022, 2023, 2024, 2025, 2026, 2027, 2028, 2029, 2030];
const tables = new Map(YEARS.map((year) => [year, yearTable(year)]));
const daysOf = (year: number): AlmanacDay[] => tables.get(year)?.days ?? [];
const all = YEARS.flatMap(daysOf);
const on = (day: Day): AlmanacDay | undefined => daysOf(Number(day.slice(0, 4))).find((one) => one.day === day);

/** '02-11 02-17' are the days from the first to the last. */
const run = (year: number, range: string): Day[] => {
  const [from = '', to = from] = range.split(' ');
  const first = `${year}-${from}`;
  return Array.from({ length: daysBetween(first, `${year}-${to}`) + 1 }, (_, i) => addDays(first, i));
};

/** Year, days off, make-up working days. */
const NOTICES: [year: number, off: string[], makeUp: string[]][] = [
  // Spring Festival was made longer on 27 January: off until 2 February, and the make-up day of the first fell away
  [
    2020,
    ['01-01', '01-24 02-02', '04-04 04-06', '05-01 05-05', '06-25 06-27', '10-01 10-08'],
    ['01-19', '04-26', '05-09', '06-28', '09-27', '10-10'],
  ],
  [
    2021,
    ['01-01 01-03', '02-11 02-17', '04-03 04-05', '05-01 05-05', '06-12 06-14', '09-19 09-21', '10-01 10-07'],
    ['02-07', '02-20', '04-25', '05-08', '09-18', '09-26', '10-09'],
  ],
  // the last one belongs to New Year 2023, as 30 and 31 December 2023 to that of 2024
  [
    2022,
    ['01-01 01-03', '01-31 02-06', '04-03 04-05', '04-30 05-04', '06-03 06-05', '09-10 09-12', '10-01 10-07', '12-31'],
    ['01-29', '01-30', '04-02', '04-24', '05-07', '10-08', '10-09'],
  ],
  [
    2023,
    ['01-01 01-02', '01-21 01-27', '04-05', '04-29 05-03', '06-22 06-24', '09-29 10-06', '12-30 12-31'],
    ['01-28', '01-29', '04-23', '05-06', '06-25', '10-07', '10-08'],
  ],
  [
    2024,
    ['01-01', '02-10 02-17', '04-04 04-06', '05-01 05-05', '06-08 06-10', '09-15 09-17', '10-01 10-07'],
    ['02-04', '02-18', '04-07', '04-28', '05-11', '09-14', '09-29', '10-12'],
  ],
  [2025, ['01-01', '01-28 02-04', '04-04 04-06', '05-01 05-05', '05-31 06-02', '10-01 10-08'], ['01-26', '02-08', '04-27', '09-28', '10-11']],
  [
    2026,
    ['01-01 01-03', '02-15 02-23', '04-04 04-06', '05-01 05-05', '06-19 06-21', '09-25 09-27', '10-01 10-07'],
    ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'],
  ],
];

describe('CAR-5 the notices of the State Council', () => {
  it.each(NOTICES)('%s: every day off and every make-up working day, and no other', (year, off, makeUp) => {
    const of = (kind: string): Day[] =>
      daysOf(year)
        .filter((one) => one.kind === kind)
        .map((one) => one.day);
    expect(of('holiday')).toEqual(off.flatMap((range) => run(year, range)));
    expect(of('makeup')).toEqual(makeUp.flatMap((range) => run(year, range)));
    expect(tables.get(year)?.published).toBe(true);
  });

  it.each([2027, 2028, 2029, 2030])('%s is not published: no make-up day, no bridge day, only what the law says', (year) => {
    expect(tables.get(year)?.published).toBe(false);
    expect(daysOf(year).filter((one) => one.kind === 'makeup')).toEqual([]);
    // 1 January, New Year's Eve and 3 days of Spring Festival, Qingming, 2 of Labour Day, Dragon Boat, Mid-autumn, 3 of National Day
    // in 2028 Mid-autumn is 3 October
    expect(daysOf(year).filter((one) => one.kind === 'holiday')).toHaveLength(year === 2028 ? 12 : 13);
  });
});

/** The day of the month of all 24, from 小寒 to 冬至. */
const TERMS: [year: number, days: string][] = [
  [2020, '6 20 4 19 5 20 4 19 5 20 5 21 6 22 7 22 7 22 8 23 7 22 7 21'],
  [2021, '5 20 3 18 5 20 4 20 5 21 5 21 7 22 7 23 7 23 8 23 7 22 7 21'],
  [2022, '5 20 4 19 5 20 5 20 5 21 6 21 7 23 7 23 7 23 8 23 7 22 7 22'],
  [2023, '5 20 4 19 6 21 5 20 6 21 6 21 7 23 8 23 8 23 8 24 8 22 7 22'],
  [2024, '6 20 4 19 5 20 4 19 5 20 5 21 6 22 7 22 7 22 8 23 7 22 6 21'],
  [2025, '5 20 3 18 5 20 4 20 5 21 5 21 7 22 7 23 7 23 8 23 7 22 7 21'],
  [2026, '5 20 4 18 5 20 5 20 5 21 5 21 7 23 7 23 7 23 8 23 7 22 7 22'],
  [2027, '5 20 4 19 6 21 5 20 6 21 6 21 7 23 8 23 8 23 8 23 7 22 7 22'],
  [2028, '6 20 4 19 5 20 4 19 5 20 5 21 6 22 7 22 7 22 8 23 7 22 6 21'],
  [2029, '5 20 3 18 5 20 4 20 5 21 5 21 7 22 7 23 7 23 8 23 7 22 7 21'],
  [2030, '5 20 4 18 5 20 5 20 5 21 5 21 7 23 7 23 7 23 8 23 7 22 7 22'],
];
const NAMES = '小寒大寒立春雨水惊蛰春分清明谷雨立夏小满芒种夏至小暑大暑立秋处暑白露秋分寒露霜降立冬小雪大雪冬至'.match(/../g) ?? [];
/** Past midnight or before it by less than the formulas err. */
const TOLERANCE_HOURS = 0.4;
const hoursOutside = (day: Day, at: Date): number => {
  const start = Date.parse(`${day}T00:00:00+08:00`);
  return Math.max(start - at.getTime(), at.getTime() - (start + 86_400_000), 0) / 3_600_000;
};

describe('CAR-5 the 24 solar terms', () => {
  it.each(TERMS)('%s has all of them on their days, its own winter solstice last', (year, days) => {
    const wanted = days.split(' ').map((day, i) => [`${year}-${String(Math.floor(i / 2) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`, NAMES[i]]);
    const told = daysOf(year).filter((one) => one.solarTerm !== null);
    expect(told.map((one) => [one.day, one.solarTerm])).toEqual(wanted);
  });

  it('each begins on the day on which the sun stands 15 degrees further', () => {
    const told = all.filter((one) => one.solarTerm !== null);
    // 小寒 is 285 degrees
    const wrong = told.filter((one, i) => hoursOutside(one.day, sunAt((285 + 15 * i) % 360, one.day)) > TOLERANCE_HOURS);
    expect(told).toHaveLength(264);
    expect(wrong.map((one) => one.day)).toEqual([]);
  });
});

describe('CAR-4 lunar dates', () => {
  const months = all.filter((one) => one.lunarDay === 1);
  const span = (first: AlmanacDay): AlmanacDay[] => {
    const from = all.indexOf(first);
    return all.slice(from, from + first.lunarMonthDays);
  };

  it('every month begins on the day of the new moon', () => {
    expect(months.length).toBeGreaterThan(135);
    expect(months.filter((one) => hoursOutside(one.day, newMoonNear(one.day)) > TOLERANCE_HOURS).map((one) => one.day)).toEqual([]);
  });

  it('the leap months are the fourth of 2020, the second of 2023, the sixth of 2025 and the fifth of 2028', () => {
    const leap = months.filter((one) => one.lunarLeap).map((one) => `${one.day.slice(0, 4)} ${one.lunarMonth}`);
    expect(leap).toEqual(['2020 4', '2023 2', '2025 6', '2028 5']);
  });

  it('every month holds the second term that gives it its number, a leap month none', () => {
    const numbered = ['大寒', '雨水', '春分', '谷雨', '小满', '夏至', '大暑', '处暑', '秋分', '霜降', '小雪', '冬至'];
    const wrong = months.slice(0, -1).filter((first) => {
      const held = span(first).filter((one) => numbered.includes(one.solarTerm ?? ''));
      const wanted = first.lunarLeap ? [] : [numbered[first.lunarMonth % 12]];
      return held.map((one) => one.solarTerm).join() !== wanted.join();
    });
    expect(wrong.map((one) => one.day)).toEqual([]);
  });
});

/** New Year, Dragon Boat, the seventh evening, Mid-autumn, the double ninth. */
const FESTIVALS: [newYear: Day, dragonBoat: string, qixi: string, midAutumn: string, ninth: string][] = [
  ['2020-01-25', '06-25', '08-25', '10-01', '10-25'],
  ['2021-02-12', '06-14', '08-14', '09-21', '10-14'],
  ['2022-02-01', '06-03', '08-04', '09-10', '10-04'],
  ['2023-01-22', '06-22', '08-22', '09-29', '10-23'],
  ['2024-02-10', '06-10', '08-10', '09-17', '10-11'],
  ['2025-01-29', '05-31', '08-29', '10-06', '10-29'],
  ['2026-02-17', '06-19', '08-19', '09-25', '10-18'],
  ['2027-02-06', '06-09', '08-08', '09-15', '10-08'],
  ['2028-01-26', '05-28', '08-26', '10-03', '10-26'],
  ['2029-02-13', '06-16', '08-16', '09-22', '10-16'],
  ['2030-02-03', '06-05', '08-05', '09-12', '10-05'],
];

describe('CAR-5 the festivals', () => {
  it.each(FESTIVALS)('of the year that begins on %s', (newYear, dragonBoat, qixi, midAutumn, ninth) => {
    const year = newYear.slice(0, 4);
    const named = (festival: string): Day[] =>
      daysOf(Number(year))
        .filter((one) => one.festival === festival)
        .map((one) => one.day);
    expect(named('春节')).toEqual([newYear]);
    expect(named('除夕')).toEqual([addDays(newYear, -1)]);
    expect(named('元宵节')).toEqual([addDays(newYear, 14)]);
    expect(named('端午节')).toEqual([`${year}-${dragonBoat}`]);
    expect(named('七夕节')).toEqual([`${year}-${qixi}`]);
    expect(named('重阳节')).toEqual([`${year}-${ninth}`]);
    expect(on(`${year}-${midAutumn}`)).toMatchObject({ lunarMonth: 8, lunarDay: 15, lunarLeap: false, festival: '中秋节' });
  });

  it.each([
    [2024, true],
    [2028, true],
    [2026, false],
    [2030, false],
  ])('%s has a 29 February: %s', (year, has) => {
    expect(on(`${year}-02-29`) !== undefined).toBe(has);
    expect(daysOf(year)).toHaveLength(has ? 366 : 365);
  });
});
