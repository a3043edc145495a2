import fc from 'fast-check';
import { addDays } from '../../kernel/day.js';
import type { Room } from './level.policy.js';
import { type Crowded, type Move, relieve } from './crowded-days.policy.js';

const DAYS = ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-30'];
const week = (...rooms: number[]): Room[] => DAYS.map((day, i) => ({ day, room: rooms[i] ?? 0 }));
const call = (taskId: string, day: string, deadline: string, more: Partial<Crowded> = {}): Crowded => ({
  ...{ taskId, owner: '1', day, deadline, crowded: true, stoodIn: false },
  ...more,
});
const lines = (moves: readonly Move[]): string[] =>
  moves.map(({ taskId, from, day, over }) => `${taskId} ${from} > ${day}${over ? ' over' : ''}`).sort();

describe('CAR-1 calls leave a day that has no room for them', () => {
  it.each<[string, Crowded[], Room[], string[]]>([
    ['to the next day with room', [call('a', '2026-11-24', '2026-11-30')], week(0, 0, 2), ['a 2026-11-24 > 2026-11-26']],
    ['not past the promise', [call('a', '2026-11-24', '2026-11-25')], week(0, 0, 2), ['a 2026-11-24 > 2026-11-24 over']],
    [
      'the first ones earliest, the last one stays where room ends',
      [call('a', '2026-11-24', '2026-11-27'), call('b', '2026-11-24', '2026-11-27'), call('c', '2026-11-24', '2026-11-27')],
      week(0, 1, 0, 1),
      ['a 2026-11-24 > 2026-11-25', 'b 2026-11-24 > 2026-11-27', 'c 2026-11-24 > 2026-11-24 over'],
    ],
    ['what is late comes as soon as there is room', [call('a', '2026-11-24', '2026-11-20')], week(0, 0, 1), ['a 2026-11-24 > 2026-11-26']],
    [
      'a day off with no other day left goes to the working day before it',
      [call('a', '2026-11-28', '2026-11-29')],
      week(0, 0, 0, 1),
      ['a 2026-11-28 > 2026-11-27'],
    ],
    [
      'but not where somebody stands in',
      [call('a', '2026-11-28', '2026-11-29', { stoodIn: true })],
      week(0, 0, 0, 1),
      ['a 2026-11-28 > 2026-11-28 over'],
    ],
    ['a flag without need is taken away', [call('a', '2026-11-24', '2026-11-27', { crowded: false })], week(0, 3), ['a 2026-11-24 > 2026-11-24']],
  ])('%s', (_, calls, days, expected) => expect(lines(relieve(calls, days))).toEqual(expected));

  it('each call once, no day beyond its room, no promise broken', () => {
    const one = fc.record({ day: fc.nat(5), length: fc.nat(8), crowded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), fc.array(fc.nat(3), { minLength: 15, maxLength: 15 }), (wanted, rooms) => {
        const start = '2026-11-24';
        const calls = wanted.map(({ day, length, crowded }, i) => call(String(i), addDays(start, day), addDays(start, day + length), { crowded }));
        const days = rooms.map((room, i) => ({ day: addDays(start, i), room }));
        const moves = relieve(calls, days);
        expect(moves.map(({ taskId }) => taskId).sort()).toEqual(calls.map(({ taskId }) => taskId).sort());
        const arrived = moves.filter(({ taskId, over }) => !over && calls[Number(taskId)]?.crowded);
        for (const { day, room } of days) expect(arrived.filter((move) => move.day === day).length).toBeLessThanOrEqual(room);
        for (const move of moves) {
          const before = calls[Number(move.taskId)];
          expect(move.day >= (before?.day ?? '') && move.day <= (before?.deadline ?? '')).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
