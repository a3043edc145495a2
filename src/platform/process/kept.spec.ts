import { Kept } from './kept.js';

describe('answers that are kept for a while', () => {
  const work = jest.fn<Promise<number>, []>();
  beforeEach(() => work.mockReset().mockImplementation(() => Promise.resolve(work.mock.calls.length)));

  it('are worked out once for who asks at the same time, and for who asks later', async () => {
    const kept = new Kept<number>(100, 5);
    expect(await Promise.all([kept.of('a', 0, work), kept.of('a', 0, work)])).toEqual([1, 1]);
    expect(await kept.of('a', 99, work)).toBe(1);
    expect(await kept.of('b', 99, work)).toBe(2);
  });

  it.each([
    ['their time is over', 100],
    ['the clock was set back by more than their time', -100],
  ])('are worked out anew when %s', async (_why, now) => {
    const kept = new Kept<number>(100, 5);
    expect([await kept.of('a', 0, work), await kept.of('a', now, work)]).toEqual([1, 2]);
  });

  it('are asked for again when the work failed', async () => {
    const kept = new Kept<number>(100, 5);
    work.mockRejectedValueOnce(new Error('down'));
    await expect(kept.of('a', 0, work)).rejects.toThrow('down');
    expect(await kept.of('a', 0, work)).toBe(2);
  });

  it('make room, the oldest first', async () => {
    const kept = new Kept<number>(100, 2);
    for (const key of ['a', 'b', 'c']) await kept.of(key, 0, work);
    expect([await kept.of('c', 1, work), await kept.of('a', 1, work)]).toEqual([3, 4]);
  });
});
