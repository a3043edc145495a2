import { ownPercent, parseVariants, sharesOf, variantAt, variantKey } from './variant.policy.js';

const of = (...percents: number[]) => percents.map((percent) => ({ percent }));

describe('CAM-10 which script a place of 0–9999 hears', () => {
  it.each<[string, number[], number, string]>([
    ['no other script: everybody the own one', [], 9_999, 'A'],
    ['the last place of the own one', [30], 6_999, 'A'],
    ['the first place of the second', [30], 7_000, 'B'],
    ['the very last place', [30], 9_999, 'B'],
    ['the very first place', [99], 0, 'A'],
    ['the first of the second of three', [30, 20], 5_000, 'B'],
    ['the last of the second of three', [30, 20], 7_999, 'B'],
    ['the first of the third', [30, 20], 8_000, 'C'],
    ['the fourth', [10, 10, 10], 9_000, 'D'],
  ])('%s', (_, percents, place, key) => {
    expect(variantKey(variantAt(of(...percents), place))).toBe(key);
  });

  it('leaves the rest to the own script', () => {
    expect([ownPercent(of()), ownPercent(of(30)), ownPercent(of(30, 69))]).toEqual([100, 70, 1]);
  });
});

describe('CAM-10 scripts to try, as they come from outside', () => {
  it.each<[string, unknown, string]>([
    ['no list', 'B', 'variants_invalid'],
    ['four of them', [1, 2, 3, 4].map(() => ({ percent: 1 })), 'variants_invalid'],
    ['one that is no object', [5], 'variants_invalid'],
    ['no share', [{ script: '您好' }], 'variants_invalid'],
    ['half a per cent', [{ percent: 0.5 }], 'variants_invalid'],
    ['no per cent at all', [{ percent: 0 }], 'variants_invalid'],
    ['a share as text', [{ percent: '50' }], 'variants_invalid'],
    ['a name that is no text', [{ percent: 5, name: {} }], 'variants_invalid'],
    ['nothing left for the own script', [{ percent: 60 }, { percent: 40 }], 'variants_too_much'],
    ['a script that is none', [{ percent: 5, script: 5 }], 'script_invalid'],
  ])('are refused with %s', (_, input, code) => {
    expect(() => parseVariants(input)).toThrow(code);
  });

  it('CAM-10 take the next letter when they have no name, and their script is read like the campaign’s own', () => {
    expect(parseVariants([{ percent: 50, script: ' 您好 ' }])).toEqual([
      { name: 'B', percent: 50, script: { opening: '您好', branches: [], objections: [] } },
    ]);
    expect(parseVariants(undefined)).toEqual([]);
    expect(sharesOf(parseVariants([{ percent: 20, script: 'x' }, { percent: 30 }]))).toEqual([20, 30]);
  });
});
