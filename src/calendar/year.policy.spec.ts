import type { AlmanacDay } from './calendar.types.js';
import { yearTable } from './year.policy.js';

const tables = new Map([2024, 2025, 2026, 2027].map((year) => [year, yearTable(year)]));
const dayOfTable = (day: string): AlmanacDay => {
  const found = tables.get(Number(day.slice(0, 4)))?.days.find((one) => one.day === day);
  if (!found) throw new Error(`no ${day}`);
  return found;
};
const daysWhere = (year: number, test: (day: AlmanacDay) => boolean): string[] => (tables.get(year)?.days ?? []).filter(test).map((one) => one.day);

describe('CAR-5 the work calendar against the notices of the State Council', () => {
  it.each([
    [2024, ['2024-02-04', '2024-02-18', '2024-04-07', '2024-04-28', '2024-05-11', '2024-09-14', '2024-09-29', '2024-10-12']],
    [2025, ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11']],
    [2026, ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']],
  ])('%s has its make-up working days', (year, days) => {
    expect(daysWhere(year, (one) => one.kind === 'makeup')).toEqual(days);
    expect(tables.get(year)?.published).toBe(true);
  });

  it('2026 has 33 days off by the notice', () => {
    expect(daysWhere(2026, (one) => one.kind === 'holiday')).toHaveLength(33);
  });

  it('the notice of 2027 is not out: marked so, days off by law stand, nothing is guessed', () => {
    expect(tables.get(2027)?.published).toBe(false);
    expect(daysWhere(2027, (one) => one.kind === 'makeup')).toEqual([]);
    expect(dayOfTable('2027-01-01')).toMatchObject({ working: false, name: '元旦' });
    expect(dayOfTable('2027-02-08')).toMatchObject({ working: false, name: '春节', closedFestival: 'spring_festival' });
    expect(dayOfTable('2027-02-10')).toMatchObject({ working: true, name: null });
  });

  it.each([
    [2024, ['2024-02-10', '2024-02-11', '2024-02-12', '2024-10-01', '2024-10-02', '2024-10-03']],
    [2025, ['2025-01-28', '2025-01-29', '2025-01-30', '2025-01-31', '2025-10-01', '2025-10-02', '2025-10-03']],
    [2026, ['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-10-01', '2026-10-02', '2026-10-03']],
    [2027, ['2027-02-05', '2027-02-06', '2027-02-07', '2027-02-08', '2027-10-01', '2027-10-02', '2027-10-03']],
  ])('GOV-4 the closed days of %s: Spring Festival (from 2025 with New Year’s Eve) and National Day', (year, days) => {
    expect(daysWhere(year, (one) => one.closedFestival !== null)).toEqual(days);
  });

  it.each([
    ['2024-02-09', '除夕'],
    ['2025-01-28', '除夕'],
    ['2025-10-06', '中秋节'],
    ['2026-02-17', '春节'],
    ['2026-06-19', '端午节'],
    ['2026-09-25', '中秋节'],
    ['2027-06-09', '端午节'],
    ['2027-09-15', '中秋节'],
    ['2026-04-05', '清明节'],
    ['2026-10-01', '国庆节'],
  ])('%s is %s', (day, festival) => {
    expect(dayOfTable(day).festival).toBe(festival);
  });

  it('a festival of the sixth month is not repeated in the leap month', () => {
    expect(daysWhere(2025, (one) => one.festival === '七夕节')).toEqual(['2025-08-29']);
    expect(dayOfTable('2025-07-25')).toMatchObject({ lunarMonth: 6, lunarDay: 1, lunarLeap: true });
  });

  it.each([
    ['2024-12-21', '冬至'],
    ['2025-12-21', '冬至'],
    ['2026-12-22', '冬至'],
    ['2026-02-04', '立春'],
    ['2027-12-22', '冬至'],
  ])('%s begins %s', (day, term) => {
    expect(dayOfTable(day).solarTerm).toBe(term);
  });
});
