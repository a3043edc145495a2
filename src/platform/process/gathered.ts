import { AsyncLocalStorage } from 'node:async_hooks';

/** What is done for many belongs to none of them: not to the one whose request happened to come first, nor does it end with that. */
const forNobody = AsyncLocalStorage.snapshot();

/** How asks are gathered and answered. */
export interface Gathering<Ask, Answer> {
  /** Answers some of the asks, the first of them always; those it leaves out are asked again in a later round. */
  answer(asks: readonly Ask[]): Promise<ReadonlyMap<Ask, Answer>>;
  /** Two asks of one key are never in one round, nor in two at a time. */
  keyOf(ask: Ask): string;
  /** Asks in one round, at least 1. */
  most: number;
  /** Rounds at a time, at least 1. */
  atOnce: number;
}

interface Waiting<Ask, Answer> {
  ask: Ask;
  key: string;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * Answers together what is asked together: asks that come while others are being answered wait and share the next round. One alone is answered at
 * once, so nobody waits for company. A round that fails is tried again one by one: only the ask that cannot be answered fails.
 */
export class Gathered<Ask, Answer> {
  private waiting: Waiting<Ask, Answer>[] = [];
  private readonly busy = new Set<string>();
  private rounds = 0;
  private due = false;

  constructor(private readonly how: Gathering<Ask, Answer>) {}

  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ask, key: this.how.keyOf(ask), resolve, reject });
      this.wake();
    });
  }

  /** After this turn of the event loop, so that what it brought goes together. */
  private wake(): void {
    if (this.due) return;
    this.due = true;
    const start = (): void => {
      this.due = false;
      while (this.rounds < this.how.atOnce && this.startRound());
    };
    setImmediate(() => forNobody(start));
  }

  private startRound(): boolean {
    const round = this.take();
    if (round.length === 0) return false;
    this.rounds += 1;
    void this.answerRound(round).finally(() => {
      this.rounds -= 1;
      for (const { key } of round) this.busy.delete(key);
      if (this.waiting.length > 0) this.wake();
    });
    return true;
  }

  private take(): Waiting<Ask, Answer>[] {
    const round: Waiting<Ask, Answer>[] = [];
    const left: Waiting<Ask, Answer>[] = [];
    for (const one of this.waiting) {
      const joins = round.length < this.how.most && !this.busy.has(one.key);
      (joins ? round : left).push(one);
      if (joins) this.busy.add(one.key);
    }
    this.waiting = left;
    return round;
  }

  private async answerRound(round: readonly Waiting<Ask, Answer>[]): Promise<void> {
    try {
      const answers = await this.how.answer(round.map(({ ask }) => ask));
      const again = round.filter((one) => !this.settle(one, answers));
      this.waiting.unshift(...again);
    } catch (error) {
      if (round.length === 1) round[0]?.reject(error);
      else for (const one of round) await this.answerRound([one]);
    }
  }

  private settle(one: Waiting<Ask, Answer>, answers: ReadonlyMap<Ask, Answer>): boolean {
    if (!answers.has(one.ask)) return false;
    one.resolve(answers.get(one.ask) as Answer);
    return true;
  }
}
