import { callbackFault, nearestChoices, quickChoices } from './callback.policy.js';

const at = (text: string): Date => new Date(`${text}:00+08:00`);
const now = at('2026-11-24T10:22');

describe('A promised callback (CAM-4, GOV-4)', () => {
  it.each([
    ['without a time', null, 'callback_at_missing'],
    ['with a time that is none', new Date(NaN), 'callback_at_missing'],
    ['now', now, 'callback_in_past'],
    ['before the window opens', at('2026-11-25T07:59'), 'callback_in_quiet_hours'],
    ['when the window closes', at('2026-11-24T21:00'), 'callback_in_quiet_hours'],
    ['in three months', at('2027-02-24T10:00'), 'callback_too_far'],
  ])('is refused %s', (_name, wish, fault) => {
    expect(callbackFault(wish, now)).toBe(fault);
  });

  it.each([
    ['at lunch, which only the working window closes', at('2026-11-24T12:30')],
    ['at the first minute of the hard window', at('2026-11-25T08:00')],
  ])('is taken %s', (_name, wish) => {
    expect(callbackFault(wish, now)).toBeUndefined();
  });

  it('late at night names the evening before and the morning after', () => {
    expect(nearestChoices(at('2026-11-24T22:00'), now)).toEqual([at('2026-11-24T18:30'), at('2026-11-25T09:00')]);
  });

  it('early in the morning names the evening before and the same morning', () => {
    expect(nearestChoices(at('2026-11-26T06:00'), now)).toEqual([at('2026-11-25T18:30'), at('2026-11-26T09:00')]);
  });

  it('never offers a moment that has passed', () => {
    expect(nearestChoices(at('2026-11-24T23:00'), at('2026-11-24T20:00'))).toEqual([at('2026-11-25T09:00')]);
  });

  it('offers an hour from now, this evening, and the same time tomorrow', () => {
    expect(quickChoices(now)).toEqual([at('2026-11-24T11:25'), at('2026-11-24T18:30'), at('2026-11-25T10:00'), at('2026-11-25T10:25')]);
  });

  it('offers in the late evening only what lies in the window', () => {
    expect(quickChoices(at('2026-11-24T20:30'))).toEqual([at('2026-11-25T10:00'), at('2026-11-25T20:30')]);
  });
});
