import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { onBehalfOf } from '../process/trace.js';
import type { Job } from './define-job.js';
import { afterFailure, keptMessage } from './failure.policy.js';
import { type Handler, JobRegistry } from './job-registry.js';
import { Leases, type Ticket } from './leases.js';

/** `stale`: the ticket was used up, the row is gone, or it is not due yet by this clock. `lost`: the database did not answer; the lease will run out. */
export type Execution = { result: 'done' | 'stale' } | { result: 'failed' | 'lost'; error: unknown };

/** Runs tickets, whoever hands them over, and keeps the row's book. */
@Injectable()
export class JobExecution {
  private readonly logger = new Logger('Jobs');
  private readonly running = new Set<Promise<Execution>>();
  private afterEach: () => void = () => undefined;

  constructor(
    private readonly leases: Leases,
    private readonly registry: JobRegistry,
    private readonly clock: Clock,
  ) {}

  get size(): number {
    return this.running.size;
  }

  /** Called after each run: there is room again. */
  onFinished(callback: () => void): void {
    this.afterEach = callback;
  }

  /** Never rejects. */
  async run(ticket: Ticket): Promise<Execution> {
    const run = this.attempt(ticket).catch((error: unknown): Execution => {
      this.logger.error(`job ${ticket.job} #${ticket.id}: the outbox did not answer: ${keptMessage(error)}`);
      return { result: 'lost', error };
    });
    this.running.add(run);
    const execution = await run;
    this.running.delete(run);
    this.afterEach();
    return execution;
  }

  /** Resolves when all that runs now is over. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  private async attempt(ticket: Ticket): Promise<Execution> {
    const handler = this.registry.handlerOf(ticket.job);
    if (!handler) return { result: 'stale' };
    const row = await this.leases.start(ticket, handler.job.leaseSeconds);
    return row ? onBehalfOf(row.requestId, () => this.work(ticket, handler, row.payload)) : { result: 'stale' };
  }

  private async work(ticket: Ticket, { job, run }: Handler, payload: object): Promise<Execution> {
    const heartbeat = this.keepAlive(ticket, job.leaseSeconds);
    try {
      await run(payload);
    } catch (error) {
      return await this.failed(ticket, job, error);
    } finally {
      clearInterval(heartbeat);
    }
    await this.leases.finish(ticket);
    return { result: 'done' };
  }

  private async failed(ticket: Ticket, job: Job<object>, error: unknown): Promise<Execution> {
    const message = keptMessage(error);
    const then = afterFailure(job, ticket.attempt, this.clock.now());
    await this.leases.fail(ticket, then, message);
    const outlook = 'deadAt' in then ? 'it is a dead letter now' : `again at ${then.retryAt.toISOString()}`;
    this.logger.warn(`job ${ticket.job} #${ticket.id} failed in run ${ticket.attempt} of ${job.attempts}, ${outlook}: ${message}`);
    return { result: 'failed', error };
  }

  private keepAlive(ticket: Ticket, leaseSeconds: number): NodeJS.Timeout {
    const renew = (): void => {
      this.leases
        .renew(ticket, leaseSeconds)
        .catch((error: unknown) => this.logger.warn(`job ${ticket.job} #${ticket.id}: lease not renewed: ${keptMessage(error)}`));
    };
    return setInterval(renew, (leaseSeconds * 1000) / 3).unref();
  }
}
