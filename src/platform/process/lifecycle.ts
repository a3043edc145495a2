import { constants } from 'node:os';
import { errorText } from './log-privacy.js';
import { PLAIN, type Voice } from './voice.js';

/** A start that cannot go on; its message is a sentence for the console and says the way out. */
export class StartError extends Error {}

type Step = () => Promise<void>;

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** No step of a stop may hold the process for ever: an open download is cut after this long. */
const STEP_LIMIT_MS = 10_000;

const limited = (step: Step, voice: Voice): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, STEP_LIMIT_MS);
    void step()
      .catch((error: unknown) => voice.complain(errorText(error)))
      .finally(() => {
        clearTimeout(timer);
        resolve();
      });
  });

/**
 * Start and end of the process. What was started is stopped in reverse order, once, whether the end comes from a signal, from a failed start or from an
 * error nobody caught (exit code 1). A signal during the start ends it too. It is the usual end of a server (0); work that has an end of its own was cut
 * off by it (128 and the signal's number, as shells say it).
 */
export class Lifecycle {
  private readonly steps: Step[] = [];
  private ending = false;

  /** @param known errors whose message alone is for the console; others show their stack. */
  constructor(
    private readonly known: readonly (abstract new (...args: never[]) => Error)[],
    private readonly voice: Voice = PLAIN,
  ) {}

  onStop(step: Step): void {
    this.steps.push(step);
  }

  /** Runs a server: until a signal. */
  async run(boot: () => Promise<void>): Promise<void> {
    await this.start(boot, () => 0);
  }

  /** Runs work to its end. */
  async runToEnd(work: () => Promise<void>): Promise<void> {
    await this.start(
      () => work().then(() => this.end(0)),
      (signal) => 128 + constants.signals[signal],
    );
  }

  private async start(boot: () => Promise<void>, codeOf: (signal: (typeof SIGNALS)[number]) => number): Promise<void> {
    // both `npm` and a terminal may deliver the same signal twice: the second changes nothing
    for (const signal of SIGNALS) process.on(signal, () => void this.end(codeOf(signal)));
    process.on('uncaughtException', (error) => void this.fail(error));
    process.on('unhandledRejection', (error) => void this.fail(error));
    await boot().catch((error: unknown) => this.fail(error));
  }

  private async fail(error: unknown): Promise<void> {
    if (this.ending) return; // what breaks while everything is being taken down is no news
    const plain = error instanceof StartError || this.known.some((kind) => error instanceof kind);
    this.voice.complain(plain ? (error as Error).message : errorText(error));
    await this.end(1);
  }

  /** Stops what was started and leaves the process. */
  private async end(code: number): Promise<void> {
    if (this.ending) return;
    this.ending = true;
    for (const step of this.steps.reverse()) await limited(step, this.voice);
    process.exit(code);
  }
}
