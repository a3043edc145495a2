import { AsyncLocalStorage } from 'node:async_hooks';
import { Gathered } from './gathered.js';
import { LookUp } from './look-up.js';

interface Ask {
  who: string;
  n: number;
}

interface Bench {
  rounds: Ask[][];
  /** Most rounds that were under way at a time. */
  atOnce: number;
  gathered: Gathered<Ask, number>;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Answers each ask with its number. */
function bench({ most = 3, atOnce = 1, fails = -1, leaves }: { most?: number; atOnce?: number; fails?: number; leaves?: number }): Bench {
  const made: Bench = { rounds: [], atOnce: 0, gathered: undefined as never };
  let running = 0;
  const answer = async (asks: readonly Ask[]): Promise<Map<Ask, number>> => {
    made.atOnce = Math.max(made.atOnce, ++running);
    made.rounds.push([...asks]);
    await turn();
    running -= 1;
    if (asks.some(({ n }) => n === fails)) throw new Error('no');
    return new Map(asks.filter(({ n }, i) => i === 0 || n !== leaves).map((ask) => [ask, ask.n]));
  };
  made.gathered = new Gathered({ answer, keyOf: ({ who }) => who, most, atOnce });
  return made;
}

const ask = ({ gathered }: Bench, ...asks: [who: string, n: number][]): Promise<number[]> =>
  Promise.all(asks.map(([who, n]) => gathered.ask({ who, n })));
const sizes = ({ rounds }: Bench): number[] => rounds.map((round) => round.length);

describe('asks that come together', () => {
  it('are answered on behalf of none of them, in later rounds too', async () => {
    const onBehalf = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const answer = async (asks: readonly number[]): Promise<Map<number, number>> => {
      await turn();
      seen.push(onBehalf.getStore());
      return new Map([[asks[0] ?? 0, 0]]);
    };
    const gathered = new Gathered<number, number>({ answer, keyOf: String, most: 3, atOnce: 1 });
    const own = (who: string, n: number): Promise<string | undefined> => onBehalf.run(who, () => gathered.ask(n).then(() => onBehalf.getStore()));
    expect(await Promise.all([own('first', 1), own('second', 2), own('third', 3)])).toEqual(['first', 'second', 'third']);
    expect(seen).toEqual([undefined, undefined, undefined]);
  });

  it('are answered together, as many as a round takes, each with its own answer', async () => {
    const b = bench({});
    expect(await ask(b, ['a', 1], ['b', 2], ['c', 3], ['d', 4])).toEqual([1, 2, 3, 4]);
    expect(sizes(b)).toEqual([3, 1]);
  });

  it('one alone waits for nobody', async () => {
    const b = bench({});
    expect(await ask(b, ['a', 1])).toEqual([1]);
    expect(sizes(b)).toEqual([1]);
  });

  it('what comes while a round is under way shares the next', async () => {
    const b = bench({});
    const first = ask(b, ['a', 1]);
    await turn();
    expect(await Promise.all([first, ask(b, ['b', 2]), ask(b, ['c', 3])])).toEqual([[1], [2], [3]]);
    expect(sizes(b)).toEqual([1, 2]);
  });

  it('no more rounds than allowed run at a time', async () => {
    const b = bench({ most: 1, atOnce: 2 });
    await ask(b, ['a', 1], ['b', 2], ['c', 3], ['d', 4], ['e', 5]);
    expect([sizes(b), b.atOnce]).toEqual([[1, 1, 1, 1, 1], 2]);
  });

  it('two of one key never share a round, nor run side by side', async () => {
    const b = bench({ atOnce: 4 });
    expect(await ask(b, ['a', 1], ['a', 2], ['b', 3], ['a', 4])).toEqual([1, 2, 3, 4]);
    expect(b.rounds.map((round) => round.map(({ n }) => n))).toEqual([[1, 3], [2], [4]]);
    expect(b.atOnce).toBe(1);
  });

  it('one the round leaves out is asked again, before those who came later', async () => {
    const b = bench({ leaves: 2 });
    expect(await ask(b, ['a', 1], ['b', 2], ['c', 3], ['d', 4])).toEqual([1, 2, 3, 4]);
    expect(b.rounds.map((round) => round.map(({ n }) => n))).toEqual([
      [1, 2, 3],
      [2, 4],
    ]);
  });

  it('when a round fails, only the one who cannot be answered does', async () => {
    const b = bench({ fails: 2 });
    const answers = await Promise.allSettled([1, 2, 3].map((n) => b.gathered.ask({ who: String(n), n })));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sizes(b)).toEqual([3, 1, 1, 1]);
    expect(await ask(b, ['2', 5])).toEqual([5]);
  });
});

describe('what is looked up in the same moment', () => {
  it('is found in one go, a key that is asked for twice once, and what there is not is undefined', async () => {
    const seen: string[][] = [];
    const lengths = new LookUp((keys) => {
      seen.push(keys);
      return Promise.resolve(new Map(keys.filter((key) => key !== 'none').map((key) => [key, key.length])));
    });
    expect(await Promise.all(['a', 'bb', 'a', 'none'].map((key) => lengths.of(key)))).toEqual([1, 2, 1, undefined]);
    expect(await lengths.of('a')).toBe(1);
    expect(seen).toEqual([['a', 'bb', 'none'], ['a']]);
  });
});
