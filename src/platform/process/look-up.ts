import { Gathered } from './gathered.js';

/** Keys in one look-up. */
const MOST = 50;
const AT_ONCE = 3;

/**
 * Looks up in one go what is looked up in the same moment: a thousand desks that open within a second ask for fifty customers at a time. Nothing is
 * kept: every answer is read after it was asked for, as if it had been asked for alone.
 */
export class LookUp<Found> {
  private asked = 0;
  private readonly gathered: Gathered<{ key: string; no: number }, Found | undefined>;

  /** @param find what there is for the keys, each of them once */
  constructor(find: (keys: string[]) => Promise<ReadonlyMap<string, Found>>) {
    this.gathered = new Gathered({
      answer: async (asks) => {
        const found = await find([...new Set(asks.map(({ key }) => key))]);
        return new Map(asks.map((ask) => [ask, found.get(ask.key)]));
      },
      // the same key may be asked for twice: it is looked up once for both
      keyOf: ({ no }) => String(no),
      most: MOST,
      atOnce: AT_ONCE,
    });
  }

  /** undefined when there is nothing of that key. */
  of(key: string): Promise<Found | undefined> {
    return this.gathered.ask({ key, no: this.asked++ });
  }
}
