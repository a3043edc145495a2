import fc from 'fast-check';
import { addDays } from '../../kernel/day.js';
import { level, type Placement, type Room, type Want } from './level.policy.js';

const week = (room: number): Room[] => ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-30'].map((day) => ({ day, room }));
const lines = (placed: Placement[]): string[] => placed.map(({ want, day, count, over }) => `${want}: ${count} on ${day}${over ? ' over' : ''}`);

describe('CAR-1 contacts are spread over working days with room', () => {
  it('what fits on the first day stands on the first day', () => {
    expect(lines(level([{ from: '2026-11-24', until: '2026-11-30', count: 3 }], week(60)))).toEqual(['0: 3 on 2026-11-24']);
  });

  it('what passes the first day goes to the next ones', () => {
    expect(lines(level([{ from: '2026-11-24', until: '2026-11-30', count: 5 }], week(2)))).toEqual([
      '0: 2 on 2026-11-24',
      '0: 2 on 2026-11-25',
      '0: 1 on 2026-11-26',
    ]);
  });

  it('the nearer deadline goes first', () => {
    const wants = [
      { from: '2026-11-24', until: '2026-11-30', count: 2 },
      { from: '2026-11-24', until: '2026-11-24', count: 2 },
    ];
    expect(lines(level(wants, week(2)))).toEqual(['1: 2 on 2026-11-24', '0: 2 on 2026-11-25']);
  });

  it('what is late comes on the first days, as far as no promise needs them', () => {
    const wants = [
      { from: '2026-11-24', until: null, count: 3 },
      { from: '2026-11-24', until: '2026-11-25', count: 2 },
    ];
    expect(lines(level(wants, week(2)))).toEqual(['0: 2 on 2026-11-24', '0: 1 on 2026-11-26', '1: 2 on 2026-11-25']);
  });

  it('what passes capacity is planned on its last day all the same, and flagged', () => {
    expect(lines(level([{ from: '2026-11-24', until: '2026-11-25', count: 5 }], week(2)))).toEqual([
      '0: 2 on 2026-11-24',
      '0: 2 on 2026-11-25',
      '0: 1 on 2026-11-25 over',
    ]);
  });

  it('a window of days off moves to the working day before it', () => {
    expect(lines(level([{ from: '2026-11-28', until: '2026-11-29', count: 1 }], week(2)))).toEqual(['0: 1 on 2026-11-27']);
  });

  it('a window of days off at the day of the run moves to the first working day after it, and is flagged', () => {
    const days = [{ day: '2026-11-30', room: 2 }];
    expect(lines(level([{ from: '2026-11-28', until: '2026-11-29', count: 1 }], days))).toEqual(['0: 1 on 2026-11-30 over']);
  });

  describe('a manager who is away for the whole window', () => {
    const want = { from: '2026-11-25', until: '2026-11-26', count: 2 };
    const [first, ...rest] = week(2);
    const back = rest.slice(2);

    it('is planned on a day somebody stands in on, flagged, not before the window and not past the deadline', () => {
      const stoodIn = rest.slice(0, 2).map(({ day }) => ({ day, room: 0, stoodIn: true }));
      expect(lines(level([want], [...(first ? [first] : []), ...stoodIn, ...back]))).toEqual(['0: 2 on 2026-11-26 over']);
    });

    it('is planned on the first day back, past the deadline, flagged, where nobody stands in', () => {
      expect(lines(level([want], back))).toEqual(['0: 2 on 2026-11-27 over']);
    });

    it('takes no day of whoever stands in while there is one of their own', () => {
      const days = [
        { day: '2026-11-25', room: 2 },
        { day: '2026-11-26', room: 0, stoodIn: true },
      ];
      expect(lines(level([{ ...want, count: 3 }], days))).toEqual(['0: 2 on 2026-11-25', '0: 1 on 2026-11-25 over']);
    });
  });

  it('a manager without any day at work gets nothing placed by chance', () => {
    expect(level([{ from: '2026-11-24', until: '2026-11-30', count: 1 }], [])).toEqual([]);
  });
});

const START = '2026-11-24';
const wantAt = fc
  .record({ from: fc.nat(8), length: fc.option(fc.nat(6), { nil: null }), count: fc.integer({ min: 1, max: 4 }) })
  .map(({ from, length, count }): Want => ({ from: addDays(START, from), until: length === null ? null : addDays(START, from + length), count }));
const daysAt = fc
  .array(fc.nat(4), { minLength: 15, maxLength: 15 })
  .map((rooms): Room[] => rooms.map((room, i) => ({ day: addDays(START, i), room })));

/** The most promises that can be kept, by brute augmenting paths: contacts on one side, places of days on the other. */
function most(wants: readonly Want[], days: readonly Room[]): number {
  const contacts = wants.flatMap((want) => (want.until === null ? [] : Array.from({ length: want.count }, () => want)));
  const places = days.flatMap(({ day, room }) => Array.from({ length: room }, () => day));
  const taken = new Array<number>(places.length).fill(-1);
  const augment = (contact: number, seen: Set<number>): boolean => {
    const want = contacts[contact] as Want;
    for (const [place, day] of places.entries()) {
      if (seen.has(place) || day < want.from || day > (want.until ?? '')) continue;
      seen.add(place);
      const holder = taken[place] as number;
      if (holder >= 0 && !augment(holder, seen)) continue;
      taken[place] = contact;
      return true;
    }
    return false;
  };
  return contacts.filter((_, i) => augment(i, new Set())).length;
}

describe('CAR-1 no promise is broken that could be kept', () => {
  it('as many promises are kept as by any plan, no day is overfilled, and everybody has a day', () => {
    fc.assert(
      fc.property(fc.array(wantAt, { maxLength: 8 }), daysAt, (wants, days) => {
        const placed = level(wants, days);
        const fitting = placed.filter((one) => !one.over);
        for (const { day, room } of days)
          expect(fitting.filter((one) => one.day === day).reduce((n, one) => n + one.count, 0)).toBeLessThanOrEqual(room);
        wants.forEach((want, i) => expect(placed.filter((one) => one.want === i).reduce((n, one) => n + one.count, 0)).toBe(want.count));
        const keptPromises = fitting.filter((one) => wants[one.want]?.until !== null).reduce((n, one) => n + one.count, 0);
        expect(keptPromises).toBe(most(wants, days));
      }),
      { numRuns: 300 },
    );
  });
});
