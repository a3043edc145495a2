import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../database/database.js';
import { sql } from '../database/sql.js';

export interface Backlog {
  /** Rows whose time has come, at work or waiting. */
  due: number;
  /** Age of the oldest due row in seconds, 0 when there is none. */
  oldestSeconds: number;
  /** Rows given up after their last attempt; kept until somebody decides. */
  dead: number;
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
}
