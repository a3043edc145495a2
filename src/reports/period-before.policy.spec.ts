import { counterpart, periodBefore } from './period-before.policy.js';

describe('REP-1 the period before', () => {
  it.each([
    ['a month', '2026-11-01', '2026-11-30', '2026-10-01', '2026-10-31', 'months'],
    ['a March after February', '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28', 'months'],
    ['a leap February', '2028-02-01', '2028-02-29', '2028-01-01', '2028-01-31', 'months'],
    ['a quarter', '2026-07-01', '2026-09-30', '2026-04-01', '2026-06-30', 'months'],
    ['a year', '2026-01-01', '2026-12-31', '2025-01-01', '2025-12-31', 'months'],
    ['a week from Monday', '2026-11-16', '2026-11-22', '2026-11-09', '2026-11-15', 'weeks'],
    ['two weeks from Wednesday', '2026-11-11', '2026-11-24', '2026-10-28', '2026-11-10', 'weeks'],
    ['one day', '2026-11-24', '2026-11-24', '2026-11-23', '2026-11-23', 'days'],
    ['ten days over the turn of the year', '2026-01-01', '2026-01-10', '2025-12-22', '2025-12-31', 'days'],
    ['a month that is not over', '2026-11-01', '2026-11-24', '2026-10-08', '2026-10-31', 'days'],
  ])('%s: %s to %s is compared with %s to %s', (_name, from, to, beforeFrom, beforeTo, rule) => {
    expect(periodBefore(from, to)).toEqual({ from: beforeFrom, to: beforeTo, rule });
  });

  it.each([
    ['the same day of the month', '2026-10-05', '2026-11-01', '2026-11-30', '2026-11-05'],
    ['no day over against a 31st', '2026-10-31', '2026-11-01', '2026-11-30', undefined],
    ['the same day of the quarter', '2026-04-30', '2026-07-01', '2026-09-30', '2026-07-30'],
    ['the same weekday', '2026-11-11', '2026-11-16', '2026-11-22', '2026-11-18'],
    ['the same place in ten days', '2025-12-23', '2026-01-01', '2026-01-10', '2026-01-02'],
  ])('a day stands over against %s', (_name, day, from, to, over) => {
    expect(counterpart(day, { from, to })).toBe(over);
  });
});
