import { addDays, weekday } from './day.js';

describe('weekday', () => {
  it.each([
    ['2026-11-24', 2],
    ['2024-02-29', 4],
    ['2024-03-01', 5],
    ['1900-03-01', 4],
    ['2000-02-29', 2],
    ['2026-01-01', 4],
  ])('of %s is %d', (day, wanted) => {
    expect(weekday(day)).toBe(wanted);
  });

  it('follows the calendar for two centuries', () => {
    for (let day = '1900-01-01', wanted = 1; day < '2100-01-01'; day = addDays(day, 1), wanted = (wanted % 7) + 1)
      if (weekday(day) !== wanted) throw new Error(`${day} is ${wanted}, not ${weekday(day)}`);
  });
});
