import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { Tx } from '../database/database.js';
import { type Sql, sql } from '../database/sql.js';
import { JobRegistry } from './job-registry.js';
import { WAKE_CHANNEL } from './outbox.js';

/** What is told of a dead letter in the audit log. */
export interface DeadLetter {
  job: string;
  payload: object;
  attempts: number;
  error: string | null;
}

/** Rows given up after their last run: another life, or the end. In the transaction of whoever asks, who writes down that it was done. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
  ) {}

  /** From the first run on, at once. @throws DomainError not_found · job_unknown */
  async retry(tx: Tx, id: string): Promise<DeadLetter> {
    const letter = await this.locked(tx, id);
    this.mustBeKnown(letter.job);
    await this.revive(tx, sql`id = ${id}`);
    return letter;
  }

  /** All of a kind. @returns how many @throws DomainError job_unknown */
  async retryAll(tx: Tx, job: string): Promise<number> {
    this.mustBeKnown(job);
    return this.revive(tx, sql`job = ${job}`);
  }

  /** @throws DomainError not_found */
  async discard(tx: Tx, id: string): Promise<DeadLetter> {
    const letter = await this.locked(tx, id);
    await tx.run(sql`delete from platform.outbox where id = ${id}`);
    return letter;
  }

  private async locked(tx: Tx, id: string): Promise<DeadLetter> {
    const letter = /^\d{1,18}$/.test(id)
      ? await tx.maybe<DeadLetter>(sql`
          select job, payload, attempts, last_error as error from platform.outbox where id = ${id} and dead_at is not null for update`)
      : undefined;
    if (!letter) throw notFound('job', id);
    return letter;
  }

  /** A row that no handler takes would wait for ever, and nobody would see it any more. */
  private mustBeKnown(job: string): void {
    if (!this.registry.handlerOf(job)) throw new DomainError('job_unknown', { status: 409, param: 'job', params: { job } });
  }

  private async revive(tx: Tx, which: Sql): Promise<number> {
    const revived = await tx.run(sql`
      update platform.outbox set dead_at = null, attempts = 0, leased_until = null, run_at = ${this.clock.now()} where dead_at is not null and ${which}`);
    if (revived > 0) await tx.run(sql`select pg_notify(${WAKE_CHANNEL}::text, '')`);
    return revived;
  }
}
