import { callBy, messageDay } from './calling.policy.js';

const at = (text: string): Date => new Date(`${text}:00+08:00`);
const span = (from: string, to: string): { from: Date; to: Date } => ({ from: at(from), to: at(to) });
const HOURS = { from: '09:00', until: '20:30' };

describe('CAR-10 the day on which people are invited by message', () => {
  it.each([
    ['today, where enough of its hours is left', [span('2026-11-24T20:00', '2026-11-24T21:00')], '2026-11-24'],
    [
      'tomorrow, after the hours of care messages',
      [span('2026-11-24T20:20', '2026-11-24T21:00'), span('2026-11-25T08:00', '2026-11-25T21:00')],
      '2026-11-25',
    ],
    ['never, when it begins before these hours', [span('2026-11-25T08:00', '2026-11-25T09:10')], undefined],
    ['never, when no span is left', [], undefined],
    ['after a festival, as the gate says', [span('2026-10-08T08:00', '2026-10-08T21:00')], '2026-10-08'],
  ])('%s', (_, spans, day) => {
    expect(messageDay(spans, HOURS)).toBe(day);
  });
});

describe('CAR-10 the last day to call about an event', () => {
  it.each([
    ['2026-12-05T14:00', '2026-11-24T10:00', '2026-12-04'],
    ['2026-11-25T00:30', '2026-11-24T23:59', '2026-11-24'],
    ['2026-11-24T14:00', '2026-11-24T10:00', '2026-11-24'],
  ])('of %s, seen from %s, is %s', (startsAt, now, day) => {
    expect(callBy(at(startsAt), at(now))).toBe(day);
  });
});
