import { type Near, settle } from './switch-match.policy.js';

const near = (text: string): Near[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((one) => {
      const [, call, attempt, apart] = /^(\d+)(\w)(\d+)$/.exec(one) ?? [];
      return { call: Number(call), attempt: attempt ?? '', apart: Number(apart) };
    });
const told = (pairs: readonly Near[]): string =>
  pairs
    .map(({ call, attempt }) => `${call}${attempt}`)
    .sort()
    .join(' ');

/** `1a30`: call 1 lies 30 ms from attempt a. */
describe('CAM-6, R37 which record of the switch is which attempt', () => {
  it.each([
    ['nothing near is nothing matched', '', ''],
    ['one record, one attempt', '1a0', '1a'],
    ['at the edge it still counts', '1a600000', '1a'],
    ['two records for one attempt: the nearer one, the other has none', '1a5 2a9', '1a'],
    ['two attempts near one record: the nearer one', '1a9 1b5', '1b'],
    ['two equally near records: nothing is guessed', '1a5 2a5', ''],
    ['two equally near attempts: nothing is guessed', '1a5 1b5', ''],
    ['a redial: each to its own', '1a1 1b300 2a290 2b2', '1a 2b'],
    ['the second nearest, when the nearest belongs to a nearer record', '1a3 2a1 1b8', '1b 2a'],
    ['a tie that a nearer record undoes', '1a0 2a60 2b60', '1a 2b'],
    ['a chain in which each step frees the next', '1a1 2a2 2b3 3b4 3c5', '1a 2b 3c'],
    ['an attempt in doubt is not given to a record that lies farther off', '1a5 2a5 3a9', ''],
    ['who has one in doubt as the nearest stays open too', '1a5 2a5 3a9 3b20', ''],
    ['doubt elsewhere does not touch the others', '1a5 1b5 2c5 3d5', '2c 3d'],
  ])('%s', (_what, pairs, expected) => {
    expect(told(settle(near(pairs)))).toBe(expected);
    expect(told(settle(near(pairs).reverse()))).toBe(expected);
  });
});
