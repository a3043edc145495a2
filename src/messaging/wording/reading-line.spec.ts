import { ReadingLine } from './reading-line.js';

const reader = (to: string | undefined, seen: (string | undefined)[]) => (after: string | undefined) => {
  seen.push(after);
  return Promise.resolve({ last: to });
};

describe('the line in which cuts read', () => {
  it('lets each read on where the one before it has read', async () => {
    const line = new ReadingLine();
    const seen: (string | undefined)[] = [];
    await Promise.all(['1000', '2000', undefined, '2500'].map((to) => line.next(reader(to, seen))));
    expect(seen).toEqual([undefined, '1000', '2000', '2000']);
    expect(line.readTo).toBe('2500');
  });

  it('goes on after one that could not read, and back to where one began', async () => {
    const line = new ReadingLine();
    const seen: (string | undefined)[] = [];
    await line.next(reader('1000', seen));
    await expect(line.next(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    await line.next(reader('2000', seen));
    line.backTo('1000');
    await line.next(reader('1500', seen));
    expect(seen).toEqual([undefined, '1000', '1000']);
  });
});
