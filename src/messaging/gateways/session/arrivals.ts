import { setTimeout as pause } from 'node:timers/promises';
import type { Arrival } from './dialect.types.js';

const MOST_AT_ONCE = 1000;
/** So many in so short a time come from a blast under way: they are kept in larger sets, for each costs a commit. */
const MANY = 20;
const LOOK_MS = 5;
const LOOKS = 4;

/** What the other side sent waits here until it is kept, many in one go, and is acknowledged only then. */
export class Arrivals<Event> {
  private waiting: Arrival<Event>[] = [];
  private keeping: Promise<void> | null = null;

  /** @param keep stores all of it or none */
  constructor(
    private readonly keep: (events: Event[]) => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  take(arrival: Arrival<Event>): void {
    this.waiting.push(arrival);
    this.keeping ??= this.untilDry().finally(() => (this.keeping = null));
  }

  /** Resolves when all that has come is kept. */
  async settled(): Promise<void> {
    await this.keeping;
  }

  private async untilDry(): Promise<void> {
    // first what else came with the same turn of the loop
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      await this.gathered();
      await this.keepSome(this.waiting.splice(0, MOST_AT_ONCE));
    }
  }

  /** As long as many more keep coming. Who waits for our word before he sends on is not kept waiting. */
  private async gathered(): Promise<void> {
    for (let look = 0, known = 0; look < LOOKS && this.waiting.length - known >= MANY && this.waiting.length < MOST_AT_ONCE; look += 1) {
      known = this.waiting.length;
      await pause(LOOK_MS);
    }
  }

  /** One that cannot be kept must not hold up the others: they are then tried one by one. */
  private async keepSome(some: readonly Arrival<Event>[]): Promise<void> {
    if (await this.kept(some)) return some.forEach(({ acknowledge }) => acknowledge(true));
    for (const one of some) one.acknowledge(some.length > 1 && (await this.kept([one])));
  }

  private async kept(some: readonly Arrival<Event>[]): Promise<boolean> {
    try {
      await this.keep(some.map(({ event }) => event));
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }
}
