import { finishDay, type Worker, workloadOf } from './workload.policy.js';

/** Monday to Friday from 2026-11-30, a weekend, and Monday again. */
const week = (...calls: number[]) => calls.map((one, n) => ({ day: n === 0 ? '2026-11-30' : `2026-12-0${n}`, calls: one }));
const worker = (id: string, days: Worker['days'], backlog = 0): Worker => ({ id, name: id, days, backlog });
const FULL = week(10, 10, 10, 10, 10, 0, 0, 10);

describe('CAM-1 when a list is worked off', () => {
  it.each<[string, number, string | null]>([
    ['nothing to do', 0, '2026-11-30'],
    ['just a day', 10, '2026-11-30'],
    ['one call more', 11, '2026-12-01'],
    ['over the weekend', 51, '2026-12-07'],
    ['more than there are days for', 61, null],
  ])('%s', (_, calls, day) => {
    expect(finishDay(FULL, calls)).toBe(day);
  });

  it('counts calls due before, and several dials a customer', () => {
    expect(workloadOf([worker('a', FULL)], 10, 1)).toMatchObject({ finishOn: '2026-11-30', days: 1, capacity: 10, managers: 1 });
    expect(workloadOf([worker('a', FULL, 10)], 10, 1)).toMatchObject({ finishOn: '2026-12-01', days: 2 });
    expect(workloadOf([worker('a', FULL)], 10, 2.5)).toMatchObject({ finishOn: '2026-12-02', days: 3 });
  });

  it('says nothing of a list that nobody is on: it is not for want of people that it never ends', () => {
    expect(workloadOf([worker('a', FULL)], 0, 1)).toBeNull();
    expect(workloadOf([worker('a', FULL)], new Map(), 1)).toBeNull();
  });

  it('shares a list by what each can do, who is away gets nothing', () => {
    const all = workloadOf([worker('a', FULL), worker('half', week(5, 5, 5, 5, 5, 0, 0, 5)), worker('away', week(0, 0, 0, 0, 0, 0, 0, 0))], 30, 1);
    expect(all).toMatchObject({ managers: 2, capacity: 15, finishOn: '2026-12-01' });
    expect(all?.rows.map(({ name, people }) => [name, people])).toEqual([
      ['a', 20],
      ['half', 10],
    ]);
  });

  it('of the owners ends with the last of them, who stands first', () => {
    const all = workloadOf(
      [worker('a', FULL), worker('b', FULL)],
      new Map([
        ['a', 10],
        ['b', 31],
      ]),
      1,
    );
    expect(all).toMatchObject({ finishOn: '2026-12-03', days: 4 });
    expect(all?.rows.map(({ name, finishOn }) => [name, finishOn])).toEqual([
      ['b', '2026-12-03'],
      ['a', '2026-11-30'],
    ]);
  });

  it('has no end when one of the owners cannot make it, and is nothing without people', () => {
    expect(
      workloadOf(
        [worker('a', FULL), worker('b', FULL)],
        new Map([
          ['a', 10],
          ['b', 100],
        ]),
        1,
      ),
    ).toMatchObject({ finishOn: null, days: null });
    expect(workloadOf([], 10, 1)).toBeNull();
    expect(workloadOf([worker('a', week(0, 0))], 10, 1)).toBeNull();
  });
});
