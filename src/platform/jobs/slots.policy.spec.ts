import { dailySlot, minuteSlot } from './slots.policy.js';

describe('slots of the schedules', () => {
  it.each([
    ['before six in Shanghai there is no slot yet', '2026-03-01T21:59:59.999Z', undefined],
    ['at six it has come', '2026-03-01T22:00:00Z', '2026-03-01T22:00:00Z'],
    ['late in the day it is still the one of six', '2026-03-02T15:59:59Z', '2026-03-01T22:00:00Z'],
    ['after midnight yesterday is past', '2026-03-02T16:00:00Z', undefined],
  ])('%s', (_name, now, slot) => {
    expect(dailySlot(new Date(now), '06:00')).toEqual(slot === undefined ? undefined : new Date(slot));
  });

  it('a minute is named by its first instant', () => {
    expect(minuteSlot(new Date('2026-03-02T02:03:59.999Z'))).toEqual(new Date('2026-03-02T02:03:00Z'));
    expect(minuteSlot(new Date('2026-03-02T02:04:00Z'))).toEqual(new Date('2026-03-02T02:04:00Z'));
  });
});
