import { parseBirthday, parseDay, parseInstant, parseMonth } from './day.policy.js';

describe('FED-6 days in the spellings files bring', () => {
  it.each([
    ['2001-02-03', '2001-02-03'],
    ['2001-2-3', '2001-02-03'],
    ['20010203', '2001-02-03'],
    ['2001/2/3', '2001-02-03'],
    ['2001.02.03', '2001-02-03'],
    ['2001年2月3日', '2001-02-03'],
    ['2001-02-03 00:00:00', '2001-02-03'],
    ['2001/2/3 0:00', '2001-02-03'],
  ])('%s is %s', (text, day) => {
    expect(parseDay(text)).toEqual({ day });
  });

  it.each([
    ['1999-02-29', 'missing'],
    ['2001-13-01', 'missing'],
    ['0206-01-01', 'missing'],
    ['45231', 'serial'],
    ['3/2/2001', 'format'],
    ['2001-02', 'format'],
    ['2001-02/03', 'format'],
    ['yesterday', 'format'],
  ])('%s is refused: %s', (text, fault) => {
    expect(parseDay(text)).toEqual({ fault });
  });

  it.each([
    ['2026-10', '2026-10-01'],
    ['202610', '2026-10-01'],
    ['2026/1', '2026-01-01'],
    ['2026年10月', '2026-10-01'],
    ['2026-10-31', '2026-10-01'],
    ['2026-13', null],
    ['20261', null],
    ['45231', null],
  ])('month %s is %s', (text, day) => {
    expect(parseMonth(text)).toBe(day);
  });

  it.each([
    ['2025-05-01T09:00:00+08:00', '2025-05-01T09:00:00+08:00'],
    ['2025-05-01 09:00:00', '2025-05-01T09:00:00+08:00'],
    ['2025/5/1 9:05', '2025-05-01T09:05:00+08:00'],
    ['2025-05-01T01:00:00Z', '2025-05-01T01:00:00Z'],
    ['20250501 09:00', '2025-05-01T09:00:00+08:00'],
    ['2025-05-01 25:00', null],
    ['2025-05-01', null],
    ['2025-02-30 09:00', null],
    ['2025-05-01 09:00+99:00', null],
  ])('instant %s is %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    ['2001-02-03', '2001-02-03'],
    ['20010203', '2001-02-03'],
    ['11-26', '0000-11-26'],
    ['1126', '0000-11-26'],
    ['11月26日', '0000-11-26'],
    ['2001-02-30', '2001-02-30'],
  ])('birthday %s is %s, whatever its calendar', (text, birthday) => {
    expect(parseBirthday(text)).toEqual({ birthday });
  });

  it.each([
    ['13-01', 'missing'],
    ['2001-02-32', 'missing'],
    ['36892', 'serial'],
    ['spring', 'format'],
  ])('birthday %s is refused: %s', (text, fault) => {
    expect(parseBirthday(text)).toEqual({ fault });
  });
});
