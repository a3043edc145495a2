import { usedUpBefore } from './time-limit.policy.js';

const at = (text: string): Date => new Date(`${text}:00+08:00`);
// Monday 23 to Friday 27 November 2026, then Monday 30
const days = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-30'];
const window = [
  ['09:00', '12:00'],
  ['14:00', '20:00'],
] as const;

describe('CAM-4 who has used up the limit of a list', () => {
  it('by the clock, nights and week-ends count', () => {
    expect(usedUpBefore(at('2026-11-30T09:00'), 48, { hours: 'clock' })).toEqual(at('2026-11-28T09:00'));
  });

  it.each([
    ['within one morning', '2026-11-24T11:00', 2, '2026-11-24T09:00'],
    ['over lunch', '2026-11-24T15:00', 2, '2026-11-24T11:00'],
    ['over night', '2026-11-24T10:00', 2, '2026-11-23T19:00'],
    ['over the week-end', '2026-11-30T09:30', 1, '2026-11-27T19:30'],
    ['asked at night, the evening ended at eight', '2026-11-24T23:00', 1, '2026-11-24T19:00'],
    ['asked on a Sunday', '2026-11-29T12:00', 9, '2026-11-27T09:00'],
    ['before the window opens', '2026-11-24T08:00', 9, '2026-11-23T09:00'],
    ['two working days of nine hours', '2026-11-26T09:00', 18, '2026-11-24T09:00'],
  ])('in calling hours: %s', (_what, now, hours, expected) => {
    expect(usedUpBefore(at(now), hours, { hours: 'working', days, window })).toEqual(at(expected));
  });

  it('says so when the days known do not hold the limit', () => {
    expect(usedUpBefore(at('2026-11-23T10:00'), 2, { hours: 'working', days, window })).toBeNull();
    expect(usedUpBefore(at('2026-11-23T10:00'), 2, { hours: 'working', days: [], window })).toBeNull();
  });
});
