import { termEnd } from './star-term.policy.js';

describe('CUS-4 a star is held for its term and assessed anew', () => {
  it.each<[string, number, string, string]>([
    ['2026-03-15', 12, '2026-11-24', '2027-03-14'],
    ['2026-03-15', 12, '2027-03-14', '2027-03-14'],
    ['2026-03-15', 12, '2027-03-15', '2028-03-14'],
    ['2020-02-29', 12, '2026-11-24', '2027-02-27'],
    ['2026-08-31', 6, '2026-11-24', '2027-02-27'],
    ['2026-12-01', 12, '2026-11-24', '2027-11-30'],
  ])('given on %s for %i months: on %s it holds until %s', (since, months, today, end) => {
    expect(termEnd(since, months, today)).toBe(end);
  });
});
