import { leastDetectable } from './detectable.policy.js';

describe('CAM-10 the least difference that can be seen', () => {
  // sample sizes a group for a two-sided test at 5 % with 80 % power, without continuity correction (Fleiss, Levin & Paik 2003, ch. 4)
  it.each([
    [0.05, 435, 0.05],
    [0.1, 686, 0.05],
    [0.1, 199, 0.1],
    [0.2, 293, 0.1],
    [0.5, 388, 0.1],
  ])('from %d with %d people a group is %d, as in the tables', (base, people, rise) => {
    expect(leastDetectable(base, [people, people])).toBeCloseTo(rise, 3);
  });

  it.each<[string, number, [number, number]]>([
    ['nobody in a group', 0.1, [0, 500]],
    ['one person a group', 0.5, [1, 1]],
    ['a share of all', 1, [500, 500]],
  ])('is none with %s', (_, base, people) => {
    expect(leastDetectable(base, people)).toBeNull();
  });

  it('shrinks with the smaller group and does not care for the larger one', () => {
    const of = (n: number, m: number): number => leastDetectable(0.05, [n, m]) ?? 1;
    expect(of(10_000, 500)).toBeLessThan(of(10_000, 100));
    expect(of(10_000, 100) - of(100_000, 100)).toBeLessThan(0.002);
  });
});
