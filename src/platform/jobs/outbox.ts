import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Queryable } from '../database/database.js';
import { sql } from '../database/sql.js';
import { requestIdNow } from '../process/trace.js';
import type { Job } from './define-job.js';

export const WAKE_CHANNEL = 'starcare_outbox';

export interface AddOptions {
  /** Not before this instant of the Clock; default: as soon as the transaction has committed. */
  runAt?: Date;
}

/** Where a command leaves the work that must follow it: the row commits or vanishes with the command. */
@Injectable()
export class Outbox {
  constructor(private readonly clock: Clock) {}

  async add<P extends object>(tx: Queryable, job: Job<P>, payload: P, options: AddOptions = {}): Promise<void> {
    await this.addMany(tx, job, [payload], options);
  }

  /**
   * For work that takes whatever has gathered: leaves it only where none waits already. The waiting row is held until the commit, so that nobody
   * can start on it before what it shall find is there.
   */
  async addUnlessWaiting<P extends object>(tx: Queryable, job: Job<P>, payload: P): Promise<void> {
    const { waiting, running } = await tx.one<{ waiting: number; running: boolean }>(sql`
      select count(*)::int as waiting, exists (select from platform.outbox where job = ${job.name} and leased_until > now() and dead_at is null) as running from (
        select from platform.outbox where job = ${job.name} and payload = ${JSON.stringify(payload)}::jsonb and dead_at is null and leased_until is null
          and attempts = 0 and run_at <= ${this.clock.now()} limit 1 for key share skip locked) held`);
    if (waiting === 0) await this.add(tx, job, payload);
    // whoever runs one now looks for the next when it is done
    else if (!running || job.concurrency > 1) await tx.run(sql`select pg_notify(${WAKE_CHANNEL}::text, '')`);
  }

  /** One row a payload, in one statement. */
  async addMany<P extends object>(tx: Queryable, job: Job<P>, payloads: readonly P[], options: AddOptions = {}): Promise<void> {
    const now = this.clock.now();
    const runAt = options.runAt ?? now;
    await tx.run(sql`
      with added as (
        insert into platform.outbox (job, payload, run_at, created_at, request_id)
        select ${job.name}::text, payload, ${runAt}::timestamptz, ${now}::timestamptz, ${requestIdNow() ?? null}::text from jsonb_array_elements(${JSON.stringify(payloads)}::jsonb) payload
        returning 1)
      select pg_notify(${WAKE_CHANNEL}::text, '') where ${runAt <= now}::boolean and exists (select from added)`);
  }
}
