import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { keptMessage } from './failure.policy.js';
import { JobExecution } from './job-execution.js';
import { JobRunner } from './job-runner.js';
import { JOBS_OPTIONS, type JobsOptions } from './jobs-options.js';
import { Leases } from './leases.js';
import { WakeUps } from './wake-ups.js';

const GRACE_MS = 10_000;

/** Carries due rows from the outbox to the runner: woken by the database, by a finished run, and by a slow poll as the safety net. */
@Injectable()
export class Relay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Jobs');
  private poll: NodeJS.Timeout | undefined;
  private rounds: Promise<void> = Promise.resolve();
  private active = false;
  private busy = false;
  private again = false;

  constructor(
    @Inject(JOBS_OPTIONS) private readonly options: JobsOptions,
    private readonly leases: Leases,
    private readonly runner: JobRunner,
    private readonly execution: JobExecution,
    private readonly wakeUps: WakeUps,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.options.autoStart) await this.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop();
  }

  async start(): Promise<void> {
    if (this.active) return;
    this.active = true;
    this.runner.start();
    this.execution.onFinished(() => this.wake());
    await this.wakeUps.start(() => this.wake());
    this.poll = setInterval(() => this.wake(), this.options.pollMs ?? 1000);
  }

  /** Takes nothing new, waits up to ten seconds for what runs, then lets go: the rest is handed again after its lease. */
  async stop(): Promise<void> {
    if (!this.active) return;
    this.active = false;
    clearInterval(this.poll);
    this.wakeUps.stop();
    const over = await withinGrace(
      this.runner
        .pause()
        .then(() => this.rounds)
        .then(() => this.execution.settled()),
    );
    if (!over) this.logger.warn(`${this.execution.size} jobs were still running at the stop`);
    await withinGrace(this.runner.close());
  }

  private wake(): void {
    if (!this.active) return;
    this.again = true;
    if (!this.busy) this.rounds = this.untilDry();
  }

  private async untilDry(): Promise<void> {
    this.busy = true;
    while (this.again && this.active) {
      this.again = false;
      await this.round().catch((error: unknown) => this.logger.warn(`the outbox could not be read: ${keptMessage(error)}`));
    }
    this.busy = false;
  }

  private async round(): Promise<void> {
    const room = await this.runner.room();
    const tickets = this.active ? await this.leases.claim(room) : [];
    for (const ticket of tickets) await this.runner.hand(ticket);
  }
}

/** False when it took too long or failed: a stop goes on regardless. */
async function withinGrace(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), GRACE_MS);
  });
  const done = work.then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
