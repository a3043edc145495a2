import { wordFinder, wordShown, wordTyped } from './forbidden.policy.js';

describe('SMS-1 forbidden words and characters', () => {
  const find = wordFinder(['国家级', 'VIP', '\u200b', 'a.b', '中奖']);

  it.each([
    ['您好，新套餐每月19元', []],
    ['国家级优惠', ['国家级']],
    ['尊贵的ｖｉｐ用户，您中奖了', ['VIP', '中奖']],
    ['看不\u200b见', ['\u200b']],
    ['axb', []],
    ['A.B', ['a.b']],
  ])('in %s finds %j', (text, words) => {
    expect(find(text)).toEqual(words);
  });

  it('finds nothing where nothing is forbidden', () => {
    expect(wordFinder([])('国家级')).toEqual([]);
  });

  it.each([
    ['U+200B', '\u200b', 'U+200B'],
    [' 中奖 ', '中奖', '中奖'],
    ['u+1f600', '😀', '😀'],
    ['U+D800', undefined, undefined],
    ['  ', undefined, undefined],
  ])('%s is typed for %j and shown as %s', (typed, word, shown) => {
    expect(wordTyped(typed)).toBe(word);
    if (word !== undefined) expect(wordShown(word)).toBe(shown);
  });
});
