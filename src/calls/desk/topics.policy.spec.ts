import { withReasons } from './topics.policy.js';

describe('CAR-2 a point that was talked about ticks its reason', () => {
  it.each<[told: unknown, entered: unknown]>([
    [undefined, undefined],
    [[], []],
    [['bill'], ['bill']],
    [['star-promotion.rights'], ['star-promotion.rights', 'star-promotion']],
    [
      ['star-promotion', 'star-promotion.wecom', 'star-promotion.rights'],
      ['star-promotion', 'star-promotion.wecom', 'star-promotion.rights'],
    ],
    [[7], [7]],
    ['bill', 'bill'],
  ])('%j is entered as %j', (told, entered) => expect(withReasons(told)).toEqual(entered));
});
