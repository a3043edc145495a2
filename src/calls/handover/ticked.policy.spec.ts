import { staysBecause } from './ticked.policy.js';

describe('staysBecause', () => {
  it.each([
    ['open', '1', '2', null],
    ['open', '1', null, null],
    ['open', null, '2', null],
    ['open', '2', '2', 'there'],
    ['claimed', '1', '2', 'claimed'],
    ['recycled', null, '2', 'lying'],
    ['done', '1', '2', 'over'],
    ['not_reached', '1', '2', 'over'],
    ['cancelled', '1', null, 'over'],
  ])('%s with %s, to %s: %s', (state, ownerId, to, why) => {
    expect(staysBecause({ state, ownerId }, to)).toBe(why);
  });
});
