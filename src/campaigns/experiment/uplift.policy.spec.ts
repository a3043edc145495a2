import type { GroupCounts } from './experiment.types.js';
import { compare, comparisonsOf, differenceInterval, told } from './uplift.policy.js';

const group = (happened: number, people: number) => ({ happened, people });

describe('CAM-10 the interval of a difference', () => {
  // Newcombe (1998), Statistics in Medicine 17:873–890, table II, method 10
  it.each([
    ['56/70 − 48/80', group(56, 70), group(48, 80), 0.0524, 0.3339],
    ['9/10 − 3/10', group(9, 10), group(3, 10), 0.1705, 0.809],
    ['6/7 − 2/7', group(6, 7), group(2, 7), 0.0582, 0.8062],
    ['5/56 − 0/29', group(5, 56), group(0, 29), -0.0381, 0.1926],
    ['0/10 − 0/20', group(0, 10), group(0, 20), -0.1611, 0.2775],
    ['0/10 − 0/10', group(0, 10), group(0, 10), -0.2775, 0.2775],
    ['10/10 − 0/20', group(10, 10), group(0, 20), 0.6791, 1],
    ['10/10 − 0/10', group(10, 10), group(0, 10), 0.6075, 1],
  ])('%s is as published', (_, of, against, low, high) => {
    const interval = differenceInterval(of, against);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it('says nothing where a group has nobody', () => {
    expect(compare(group(0, 0), group(5, 10))).toEqual({ difference: null, interval: [-1, 1], verdict: 'too-few' });
  });
});

describe('CAM-10 what may be said of a difference', () => {
  it.each([
    ['99 people in one group', group(50, 99), group(10, 1_000), 'too-few'],
    ['four expected in the smaller group', group(40, 1_000), group(4, 100), 'too-few'],
    ['four expected not to', group(960, 1_000), group(96, 100), 'too-few'],
    ['five expected in the smaller group', group(50, 1_000), group(5, 100), 'no-difference'],
    ['the interval above zero', group(120, 1_000), group(50, 1_000), 'better'],
    ['the interval below zero', group(50, 1_000), group(120, 1_000), 'worse'],
    ['zero inside the interval', group(60, 1_000), group(50, 1_000), 'no-difference'],
  ])('%s', (_, of, against, verdict) => {
    expect(compare(of, against).verdict).toBe(verdict);
  });

  test.each([
    ['99 people in a group', group(30, 99), group(30, 300), 100],
    ['a share so rare that 100 people are too few', group(1, 200), group(3, 200), 500],
    ['nobody at all', group(0, 0), group(0, 0), null],
    ['it happened to everybody', group(300, 300), group(300, 300), null],
  ])('CAM-10 tells "not enough data yet" instead of a number: %s', (_name, of, against, needed) => {
    expect(told(of, against)).toEqual({ difference: null, interval: null, verdict: 'too-few', needed });
  });

  it('CAM-10 tells the number from the needed people on', () => {
    expect(told(group(30, 100), group(10, 100))).toMatchObject({ verdict: 'better', difference: expect.closeTo(0.2, 10), needed: null });
  });

  it('asks more of a difference when three scripts are compared at once', () => {
    const [of, against] = [group(72, 1_000), group(50, 1_000)];
    expect([compare(of, against, 1).verdict, compare(of, against, 3).verdict]).toEqual(['better', 'no-difference']);
  });
});

describe('CAM-10 who is compared with whom', () => {
  const counts = (key: string, people: number, converted: number): GroupCounts => ({
    key,
    people,
    called: 0,
    converted,
    succeeded: 0,
    stayed: people,
  });
  const pairs = (groups: GroupCounts[]) => [...new Set(comparisonsOf(groups).map(({ of, against }) => `${of}−${against}`))];

  it.each<[string, GroupCounts[], string[]]>([
    ['nobody, without hold-out and other scripts', [counts('A', 10, 1)], []],
    ['all with the hold-out', [counts('A', 10, 1), counts('hold_out', 5, 0)], ['treated−hold_out']],
    ['each script with the own one', [counts('C', 10, 1), counts('A', 10, 1), counts('B', 9, 1)], ['B−A', 'C−A']],
    ['both', [counts('A', 10, 1), counts('B', 10, 1), counts('hold_out', 5, 0)], ['treated−hold_out', 'B−A']],
  ])('%s', (_, groups, expected) => {
    expect(pairs(groups)).toEqual(expected);
  });

  it('counts all scripts together against the hold-out', () => {
    const [converted] = comparisonsOf([counts('A', 300, 30), counts('B', 100, 30), counts('hold_out', 200, 10)]);
    expect(converted).toMatchObject({ measure: 'converted', difference: 60 / 400 - 10 / 200, verdict: 'better' });
  });
});
