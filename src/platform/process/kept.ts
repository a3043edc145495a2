interface Entry<Answer> {
  at: number;
  answer: Promise<Answer>;
}

/**
 * Answers kept for a while, for whoever asks the same: who asks while one is being worked out waits for it. One that fails is asked for again. Work
 * others wait for too must not end with who came first: it is a reading of nobody's (`reads(new Reading(), …)`, database/reading).
 */
export class Kept<Answer> {
  private readonly entries = new Map<string, Entry<Answer>>();

  /** @param keptMs how long an answer is believed @param most how many are kept; the oldest go first */
  constructor(
    private readonly keptMs: number,
    private readonly most: number,
  ) {}

  /** @param now milliseconds of whatever clock the answers age by, set back or not */
  of(key: string, now: number, work: () => Promise<Answer>): Promise<Answer> {
    for (const [old, { at }] of this.entries) if (Math.abs(now - at) >= this.keptMs) this.entries.delete(old);
    const known = this.entries.get(key);
    if (known) return known.answer;
    const entry = { at: now, answer: work() };
    entry.answer.catch(() => this.entries.get(key) === entry && this.entries.delete(key));
    this.entries.set(key, entry);
    for (const oldest of [...this.entries.keys()].slice(0, -this.most)) this.entries.delete(oldest);
    return entry.answer;
  }
}
