import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../database/database.js';
import { type Sql, sql } from '../database/sql.js';
import type { Job } from './define-job.js';
import { type AfterFailure, LONGEST_WAIT_S } from './failure.policy.js';
import { JobRegistry } from './job-registry.js';

/** The right to run a row once. `attempt` is the number of the run it is for (from 1): whoever starts first uses it up. */
export interface Ticket {
  id: string;
  job: string;
  attempt: number;
}

export interface Started {
  payload: object;
  /** Of the request that asked for it, if one did. */
  requestId: string | null;
}

const CLOCKS_APART_MS = 5 * 60_000; // so far the clocks of two machines may differ
const CLAIMING = 7_202_001; // advisory lock: one claim at a time, so that a job's limit holds over all processes

/** The row of a ticket that nobody has used up. */
const unused = ({ id, job, attempt }: Ticket): Sql => sql`id = ${id} and job = ${job} and attempts = ${attempt - 1} and dead_at is null`;

/** The states of an outbox row. `run_at` is business time (the Clock); a lease is machine time (the database's). */
@Injectable()
export class Leases {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
  ) {}

  /** Takes up to `room` due rows on lease, each job within its own limit, so that no job can crowd out another. */
  async claim(room: number): Promise<Ticket[]> {
    const now = this.clock.now();
    const jobs = this.registry.jobs();
    if (room <= 0 || jobs.length === 0) return [];
    return this.db.tx(async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(${CLAIMING})`);
      await this.buryLost(tx, jobs, now);
      return tx.rows<Ticket>(sql`
        with limits as (
          select * from unnest(${jobs.map((j) => j.name)}::text[], ${jobs.map((j) => j.concurrency)}::int[], ${jobs.map((j) => j.leaseSeconds)}::int[])
            as l(job, most, lease)),
        free as (
          select l.job, l.lease, l.most - (select count(*) from platform.outbox o where o.job = l.job and o.leased_until > now() and o.dead_at is null) as slots
          from limits l),
        due as (
          select o.id, f.lease from free f cross join lateral (
            select id, run_at from platform.outbox
            where job = f.job and dead_at is null and run_at <= ${now} and (leased_until is null or leased_until <= now())
            order by run_at, id limit greatest(f.slots, 0) for update skip locked) o
          order by o.run_at, o.id limit ${room})
        update platform.outbox o set leased_until = now() + make_interval(secs => due.lease)
        from due where o.id = due.id
        returning o.id, o.job, o.attempts + 1 as attempt`);
    });
  }

  /** Uses the ticket up. Undefined: somebody else did, the row is gone, or it is not due yet by this clock; there is nothing to run then. */
  async start(ticket: Ticket, leaseSeconds: number): Promise<Started | undefined> {
    const started = await this.db.maybe<Started>(sql`
      update platform.outbox set attempts = ${ticket.attempt}, leased_until = now() + make_interval(secs => ${leaseSeconds})
      where ${unused(ticket)} and not ${this.isEarly()} returning payload, request_id as "requestId"`);
    if (!started) await this.postpone(ticket);
    return started;
  }

  /** Handed over by a process whose clock is ahead: what is looked for would not be due yet. It is handed again when this clock has got there. */
  private async postpone(ticket: Ticket): Promise<void> {
    await this.db.run(sql`
      update platform.outbox set leased_until = now() + (run_at - ${this.clock.now()}::timestamptz) where ${unused(ticket)} and ${this.isEarly()}`);
  }

  /** A clock that is further behind was set back: that is not waited for. */
  private isEarly(): Sql {
    const now = this.clock.now();
    return sql`(run_at > ${now} and run_at <= ${new Date(now.getTime() + CLOCKS_APART_MS)})`;
  }

  async renew(ticket: Ticket, leaseSeconds: number): Promise<void> {
    await this.db.run(sql`
      update platform.outbox set leased_until = now() + make_interval(secs => ${leaseSeconds})
      where id = ${ticket.id} and attempts = ${ticket.attempt} and dead_at is null`);
  }

  async finish(ticket: Ticket): Promise<void> {
    await this.db.run(sql`delete from platform.outbox where id = ${ticket.id} and attempts = ${ticket.attempt}`);
  }

  async fail(ticket: Ticket, then: AfterFailure, message: string): Promise<void> {
    const retryAt = 'retryAt' in then ? then.retryAt : null;
    const deadAt = 'deadAt' in then ? then.deadAt : null;
    await this.db.run(sql`
      update platform.outbox set leased_until = null, last_error = ${message}, run_at = coalesce(${retryAt}::timestamptz, run_at), dead_at = ${deadAt}::timestamptz
      where id = ${ticket.id} and attempts = ${ticket.attempt}`);
  }

  /** Gives every lease back. Only for a process that knows no other one is alive. */
  async freeAll(): Promise<number> {
    return this.db.run(sql`update platform.outbox set leased_until = null where leased_until is not null and dead_at is null`);
  }

  /**
   * Rows left while the Clock ran ahead keep their waits, counted from now: they would stand still until it gets there again. A row
   * that failed then tells by a wait that no failure asks for.
   */
  async pullBack(): Promise<number> {
    const now = this.clock.now();
    const ahead = new Date(now.getTime() + CLOCKS_APART_MS);
    const tooLong = new Date(ahead.getTime() + LONGEST_WAIT_S * 1000);
    return this.db.run(sql`
      update platform.outbox set created_at = least(created_at, ${now}),
        run_at = case when attempts > 0 then ${now}::timestamptz else ${now}::timestamptz + (run_at - created_at) end
      where dead_at is null and (created_at > ${ahead} or (attempts > 0 and run_at > ${tooLong}))`);
  }

  /** A row whose last allowed run never came back has probably killed its worker: it must not kill the next one. */
  private async buryLost(tx: Tx, jobs: readonly Job<object>[], now: Date): Promise<void> {
    await tx.run(sql`
      update platform.outbox o set dead_at = ${now}, leased_until = null, last_error = coalesce(o.last_error, 'the worker was lost during the run')
      from unnest(${jobs.map((j) => j.name)}::text[], ${jobs.map((j) => j.attempts)}::int[]) as l(job, most)
      where o.job = l.job and o.attempts >= l.most and o.dead_at is null and (o.leased_until is null or o.leased_until <= now())`);
  }
}
