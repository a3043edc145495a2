import { InjectQueue } from '@nestjs/bull';
import { Injectable, Logger } from '@nestjs/common';
import type { Job as BullJob, Queue, QueueOptions } from 'bull';
import { keptMessage } from './failure.policy.js';
import { JobExecution } from './job-execution.js';
import { JobRunner, RUNS_AT_ONCE } from './job-runner.js';
import type { JobsOptions } from './jobs-options.js';
import type { Ticket } from './leases.js';

export const QUEUE = 'jobs';
const MOST_WAITING = 100; // the truth waits in PostgreSQL; in Redis only what workers will soon take

type Handed = Pick<Ticket, 'id' | 'attempt'>;

/** Locks are short because the ticket, not Bull's lock, keeps a row from running twice: a stalled job is found soon. */
export const bullOptions = (options: JobsOptions): QueueOptions & { url: string } => ({
  url: options.redisUrl ?? '',
  prefix: options.redisPrefix ?? 'starcare',
  redis: { retryStrategy: (times: number) => Math.min(times * 200, 2000) },
  settings: { lockDuration: 10_000, stalledInterval: 10_000, retryProcessDelay: 500 },
  defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
});

/**
 * Bull on Redis: any worker may run what any worker relayed. All a Bull job holds is the row's id and the attempt. Bull numbers its jobs: it refuses a
 * number it still knows, so a row handed again under a number of ours would not run. Handed twice, a row runs once: the second finds its ticket used.
 */
@Injectable()
export class BullRunner extends JobRunner {
  private readonly logger = new Logger('Jobs');
  private troubled = false;

  constructor(
    @InjectQueue(QUEUE) private readonly queue: Queue<Handed>,
    private readonly execution: JobExecution,
  ) {
    super();
    queue.on('error', (error: Error) => this.trouble(error));
  }

  start(): void {
    const work = async (job: BullJob<Handed>): Promise<void> => {
      await this.execution.run({ ...job.data, job: job.name });
    };
    this.queue.process('*', RUNS_AT_ONCE, work).catch((error: unknown) => this.trouble(error));
  }

  async room(): Promise<number> {
    return MOST_WAITING - (await this.queue.getWaitingCount());
  }

  async hand({ id, job, attempt }: Ticket): Promise<void> {
    await this.queue.add(job, { id, attempt });
    this.troubled = false;
  }

  /** A question to a Redis that is gone would wait for it to come back. */
  async answers(): Promise<boolean> {
    const { client } = this.queue;
    return client.status === 'ready' && (await client.ping()) === 'PONG';
  }

  async pause(): Promise<void> {
    await this.queue.pause(true, true);
  }

  async close(): Promise<void> {
    await this.queue.close(true);
  }

  /** One line an outage: the client reports every try to reconnect. */
  private trouble(error: unknown): void {
    if (!this.troubled) this.logger.warn(`the queue in Redis has trouble, its work waits in PostgreSQL: ${keptMessage(error)}`);
    this.troubled = true;
  }
}
