import { measure } from '../wording/sms-parts.policy.js';
import { doublesIn, oddCharacters, pushedBy, type Shape } from './pushes.policy.js';

const shape = (text: string, lengths: number[]): Shape => {
  const { units, parts, encoding } = measure(text);
  return { lengths, units, parts, encoding, doubles: doublesIn(text, units, encoding) };
};
const han = (n: number): string => '关'.repeat(n);

describe('R41 which field or character pushes a message over a part', () => {
  it.each([
    ['one part: nobody pushes', han(70), [10], [4], { fields: [], characters: false, together: false, wording: false }],
    ['71 with a name six longer than usual', han(71), [10], [4], { fields: [0], characters: false, together: false, wording: false }],
    ['76 with the same: 70 remain', han(76), [10], [4], { fields: [0], characters: false, together: false, wording: false }],
    [
      '77 with the same: 71 remain, the text itself is so long',
      han(77),
      [10],
      [4],
      { fields: [], characters: false, together: false, wording: true },
    ],
    ['two fields, none alone', han(74), [6, 7], [4, 5], { fields: [], characters: false, together: true, wording: false }],
    ['two fields, each alone', han(71), [6, 7], [4, 5], { fields: [0, 1], characters: false, together: false, wording: false }],
    ['a value shorter than usual does not push', han(71), [2], [4], { fields: [], characters: false, together: false, wording: true }],
    ['69 and an emoji, which counts two', `${han(69)}😀`, [4], [4], { fields: [], characters: true, together: false, wording: false }],
    ['three parts, two after the name', han(135), [6], [4], { fields: [0], characters: false, together: false, wording: false }],
  ])('%s', (_what, text, lengths, usual, pushed) => {
    expect(pushedBy(shape(text, lengths), usual)).toEqual(pushed);
  });

  it('R40 counts GSM extension characters double in Latin texts only', () => {
    const latin = `${'a'.repeat(159)}€`;
    expect(pushedBy(shape(latin, []), [])).toMatchObject({ characters: true });
    expect(doublesIn('中€[]', 4, 'ucs2')).toBe(0);
    expect(doublesIn('中😀', 3, 'ucs2')).toBe(1);
  });

  it.each([
    ['陈志远', []],
    ['王😀', [{ char: '😀', kind: 'pair' }]],
    ['𠮷田', [{ char: '𠮷', kind: 'pair' }]],
    ['㛃', [{ char: '㛃', kind: 'rare' }]],
    [
      '5{元}',
      [
        { char: '{', kind: 'extension' },
        { char: '}', kind: 'extension' },
      ],
    ],
  ])('finds in %s the characters worth a look', (value, found) => {
    expect(oddCharacters(value)).toEqual(found);
  });
});
