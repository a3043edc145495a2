import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { Database } from '../database/database.js';
import { sql, whereAll } from '../database/sql.js';
import type { Job } from './define-job.js';

export interface Backlog {
  /** Rows whose time has come, at work or waiting. */
  due: number;
  /** Age of the oldest due row in seconds, 0 when there is none. */
  oldestSeconds: number;
  /** Rows given up after their last attempt; kept until somebody decides. */
  dead: number;
}

/** A row given up after its last run. */
export interface DeadRow {
  id: string;
  job: string;
  /** Ids of what it was for. */
  payload: object;
  attempts: number;
  /** Of the last run, without names and numbers. */
  error: string | null;
  createdAt: Date;
  deadAt: Date;
}

/** The dead of one kind. */
export interface DeadKind {
  job: string;
  count: number;
  since: Date;
}

const DEAD_PAGE = 50;

/** How it stands with the next run of a job: at work, tried in vain (or given up), due and not taken, for later. */
export interface NextRun<P> {
  payload: P;
  state: 'running' | 'failing' | 'due' | 'later';
  /** Of the last run that failed. */
  error: string | null;
}

@Injectable()
export class JobsQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  backlog(): Promise<Backlog> {
    const now = this.clock.now();
    return this.db.one<Backlog>(sql`
      select (count(*) filter (where dead_at is null))::int as due,
        coalesce(extract(epoch from ${now}::timestamptz - min(run_at) filter (where dead_at is null)), 0)::float8 as "oldestSeconds",
        (count(*) filter (where dead_at is not null))::int as dead
      from platform.outbox where dead_at is not null or run_at <= ${now}`);
  }

  async dead(): Promise<number> {
    return (await this.db.one<{ n: number }>(sql`select count(*)::int as n from platform.outbox where dead_at is not null`)).n;
  }

  deadKinds(): Promise<DeadKind[]> {
    return this.db.rows<DeadKind>(sql`
      select job, count(*)::int as count, min(dead_at) as since from platform.outbox where dead_at is not null group by 1 order by 1`);
  }

  /** Newest first. @param job only of this kind */
  async deadRows(job?: string, cursor?: string): Promise<Page<DeadRow>> {
    const after = decodeCursor(cursor, 2);
    const rows = await this.db.rows<DeadRow>(sql`
      select id, job, payload, attempts, last_error as error, created_at as "createdAt", dead_at as "deadAt" from platform.outbox
      ${whereAll([sql`dead_at is not null`, job ? sql`job = ${job}` : undefined, after && sql`(dead_at, id) < (${after[0]}::timestamptz, ${after[1]}::bigint)`])}
      order by dead_at desc, id desc limit ${DEAD_PAGE + 1}`);
    return pageOf(rows, DEAD_PAGE, ({ deadAt, id }) => [deadAt, id]);
  }

  /** Those of `payloads` for which there is a run; of several the one that is furthest. */
  nextRuns<P extends object>(job: Job<P>, payloads: readonly P[]): Promise<NextRun<P>[]> {
    return this.db.rows<NextRun<P>>(sql`
      select distinct on (payload) payload, last_error as error, case
          when dead_at is not null then 'failing' when leased_until > now() then 'running' when attempts > 0 then 'failing'
          when run_at <= ${this.clock.now()} then 'due' else 'later' end as state
      from platform.outbox where job = ${job.name} and payload in (select jsonb_array_elements(${JSON.stringify(payloads)}::jsonb))
      order by payload, dead_at is not null, leased_until > now() desc nulls last, attempts desc, run_at`);
  }
}
