import { absoluteTime, minutesLeft } from './stale-after.policy.js';

describe('R9 until when the network may deliver', () => {
  it.each([
    ['2026-11-24T20:30:00+08:00', '261124203000032+'],
    ['2026-12-31T23:59:59.900+08:00', '261231235959932+'],
    ['2026-12-31T16:00:00Z', '270101000000032+'],
    [null, ''],
  ])('%s in absolute time: "%s"', (at, text) => {
    expect(absoluteTime(at === null ? null : new Date(at))).toBe(text);
  });

  it.each([
    ['11:30:00', 90],
    ['10:01:59', 1],
    ['10:00:20', 1],
  ])('until %s, asked at ten: %d minutes', (until, minutes) => {
    expect(minutesLeft(new Date(`2026-11-24T${until}+08:00`), new Date('2026-11-24T10:00:00+08:00'))).toBe(minutes);
  });
});
