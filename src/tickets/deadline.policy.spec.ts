import { afterWait, type Counting, counted, deadline, limitAfterWait, limitFrom, percentUsed } from './deadline.policy.js';

const HOUR = 3_600_000;
const at = (text: string): Date => new Date(`${text}:00+08:00`);
const counting = (hours: 'clock' | 'working'): Counting => ({ hours, workFrom: '09:00', workTo: '18:00', days: DAYS });
/** Around National Day 2026: off from 1 to 7 October, at work on Sunday 20 September and Saturday 10 October. */
const DAYS = ['2026-09-18', '2026-09-20', '2026-09-21', '2026-09-29', '2026-09-30', '2026-10-08', '2026-10-09', '2026-10-10', '2026-10-12'];

describe('TIC-2 deadlines', () => {
  it.each([
    ['clock: at night and over the holiday', 'clock', '2026-09-30T20:00', 24, '2026-10-01T20:00'],
    ['clock: no time at all', 'clock', '2026-09-30T20:00', 0, '2026-09-30T20:00'],
    ['within a day', 'working', '2026-09-29T10:00', 4, '2026-09-29T14:00'],
    ['to the last minute of a day', 'working', '2026-09-29T14:00', 4, '2026-09-29T18:00'],
    ['into the next day', 'working', '2026-09-29T16:00', 4, '2026-09-30T11:00'],
    ['before work', 'working', '2026-09-29T07:30', 4, '2026-09-29T13:00'],
    ['after work', 'working', '2026-09-29T21:00', 4, '2026-09-30T13:00'],
    ['at the stroke of six', 'working', '2026-09-29T18:00', 1, '2026-09-30T10:00'],
    ['over National Day', 'working', '2026-09-30T16:00', 4, '2026-10-08T11:00'],
    ['opened in the holiday', 'working', '2026-10-03T12:00', 4, '2026-10-08T13:00'],
    ['a Saturday made up for', 'working', '2026-10-09T16:00', 4, '2026-10-10T11:00'],
    ['over the free Sunday after it', 'working', '2026-10-10T16:00', 4, '2026-10-12T11:00'],
    ['a Sunday made up for', 'working', '2026-09-18T17:00', 9, '2026-09-20T17:00'],
    ['three working days', 'working', '2026-09-30T09:00', 27, '2026-10-09T18:00'],
  ] as const)('%s', (_what, hours, from, length, due) => {
    expect(deadline(at(from), length * HOUR, counting(hours))).toEqual(at(due));
    expect(counted(at(from), at(due), counting(hours))).toBe(length * HOUR);
  });

  it('says so when the calendar ends', () => {
    expect(() => deadline(at('2026-10-12T09:00'), 10 * HOUR, counting('working'))).toThrow('working days known end');
  });

  it.each([
    ['clock', '2026-09-30T10:00', '2026-09-29T10:00', '2026-09-29T15:00', '2026-09-30T15:00'],
    ['working: a night waited is no time', '2026-09-30T11:00', '2026-09-29T17:00', '2026-09-30T09:00', '2026-09-30T12:00'],
    ['working: the holiday waited', '2026-10-08T11:00', '2026-09-30T17:00', '2026-10-09T09:00', '2026-10-09T12:00'],
    ['working: back at night', '2026-09-30T11:00', '2026-09-29T17:00', '2026-09-29T22:00', '2026-09-30T12:00'],
    ['clock: passed stays passed', '2026-09-29T08:00', '2026-09-29T10:00', '2026-09-29T15:00', '2026-09-29T08:00'],
  ])('waiting, %s', (what, due, from, to, after) => {
    const how = counting(what.startsWith('clock') ? 'clock' : 'working');
    expect(afterWait(at(due), { from: at(from), to: at(to) }, how)).toEqual(at(after));
  });

  it('nothing lies between an instant and an earlier one', () => {
    expect(counted(at('2026-09-30T10:00'), at('2026-09-29T10:00'), counting('working'))).toBe(0);
  });
});

describe('TIC-2, TIC-3 four fifths of a limit', () => {
  it.each([
    ['clock: over the night', 'clock', '2026-09-29T18:00', 10, '2026-09-30T04:00', '2026-09-30T02:00'],
    ['working: within a day', 'working', '2026-09-29T09:00', 5, '2026-09-29T14:00', '2026-09-29T13:00'],
    ['working: over a holiday, before it', 'working', '2026-09-30T13:00', 5, '2026-09-30T18:00', '2026-09-30T17:00'],
    ['working: over a holiday, after it', 'working', '2026-09-30T16:00', 5, '2026-10-08T12:00', '2026-10-08T11:00'],
    ['working: at the end of a day', 'working', '2026-09-30T14:00', 5, '2026-10-08T10:00', '2026-09-30T18:00'],
  ] as const)('%s', (_what, hours, from, length, due, escalate) => {
    expect(limitFrom(at(from), length * 60, counting(hours))).toEqual({ due: at(due), escalate: at(escalate) });
  });

  it('move as the deadline moves when the customer was waited for; what had passed stays passed', () => {
    const limit = limitFrom(at('2026-09-29T09:00'), 5 * 60, counting('working'));
    const after = (from: string, to: string) => limitAfterWait(limit, { from: at(from), to: at(to) }, counting('working'));
    expect(after('2026-09-29T12:00', '2026-09-30T09:00')).toEqual({ due: at('2026-09-30T11:00'), escalate: at('2026-09-30T10:00') });
    expect(after('2026-09-29T13:30', '2026-09-30T09:00')).toEqual({ due: at('2026-09-30T09:30'), escalate: at('2026-09-29T13:00') });
  });

  it.each([
    ['clock', '2026-09-29T14:00', 50],
    ['clock', '2026-09-29T16:59', 79],
    ['clock', '2026-09-29T17:00', 80],
    ['clock', '2026-09-29T20:00', 100],
    ['working', '2026-09-29T17:59', 89],
    ['working', '2026-09-30T08:00', 90],
  ] as const)('%s: at %s %i percent of ten hours are used', (hours, now, percent) => {
    const from = at('2026-09-29T09:00');
    const { due } = limitFrom(from, 10 * 60, counting(hours));
    expect(percentUsed(10 * 60, { due, at: at(now) }, counting(hours))).toBe(percent);
  });
});
