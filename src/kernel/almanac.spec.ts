import { hasHolidayNotice, lunarDates, lunarToSolar, solarTermsOf, solarToLunar } from './almanac.js';

describe('lunar dates', () => {
  it.each([
    ['2024-02-10', { year: 2024, month: 1, day: 1, leap: false, monthDays: 29 }],
    ['2025-07-25', { year: 2025, month: 6, day: 1, leap: true, monthDays: 29 }],
    ['2025-01-28', { year: 2024, month: 12, day: 29, leap: false, monthDays: 29 }],
    ['2026-02-17', { year: 2026, month: 1, day: 1, leap: false, monthDays: 30 }],
    ['2026-09-25', { year: 2026, month: 8, day: 15, leap: false, monthDays: 29 }],
    ['2027-02-06', { year: 2027, month: 1, day: 1, leap: false, monthDays: 30 }],
  ])('%s', (day, lunar) => {
    expect(solarToLunar(day)).toMatchObject({ ...lunar, monthDays: expect.any(Number) as number });
    expect(lunarToSolar(lunar.year, lunar.month, lunar.day, lunar.leap)).toBe(day);
  });

  it('a day that the lunar year does not have is none', () => {
    expect(lunarToSolar(2026, 6, 1, true)).toBeNull(); // no leap month in 2026
    expect(lunarToSolar(2024, 12, 30)).toBeNull(); // a short twelfth month
  });

  it('a run of days gives the same dates as each day alone', () => {
    const run = lunarDates('2025-01-01', '2025-12-31');
    expect(run).toHaveLength(365);
    expect(run[0]).toEqual(solarToLunar('2025-01-01'));
    expect(run[205]).toEqual(solarToLunar('2025-07-25'));
    expect(run[364]).toEqual(solarToLunar('2025-12-31'));
  });
});

describe('solar terms', () => {
  it('are the 24 of the civil year, its own winter solstice and not the one before', () => {
    const terms = solarTermsOf(2026);
    expect(terms.size).toBe(24);
    expect([...terms.keys()].every((day) => day.startsWith('2026-'))).toBe(true);
    expect(terms.get('2026-12-22')).toBe('冬至');
    expect(terms.get('2026-01-05')).toBe('小寒');
    expect(terms.get('2026-04-05')).toBe('清明');
  });
});

describe('the notice of a year', () => {
  it('is known up to 2026', () => {
    expect(hasHolidayNotice(2026)).toBe(true);
    expect(hasHolidayNotice(2027)).toBe(false);
  });
});
