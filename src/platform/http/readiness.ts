import { Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Subject } from 'rxjs';
import { Database } from '../database/database.js';
import { sql } from '../database/sql.js';
import { JobRunner } from '../jobs/job-runner.js';
import { JobsQueries } from '../jobs/jobs.queries.js';

type Check = () => Promise<boolean>;

/** A load balancer asks again soon: what takes longer than this, for want of a free connection say, is not ready. */
const LIMIT_MS = 2000;

function inTime(check: Check): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), LIMIT_MS);
    void check()
      .catch(() => false)
      .then(resolve)
      .finally(() => clearTimeout(timer));
  });
}

/** Whether this process can do its work. Modules add what they depend on. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, Check>();

  /** @param runner of a process that runs jobs: without Redis, where that is set, they would wait */
  constructor(database: Database, jobs: JobsQueries, @Optional() runner?: JobRunner) {
    this.add('database', async () => (await database.rows(sql`select 1 from platform.fact limit 1`)) !== undefined);
    this.add('jobs', async () => (await Promise.all([jobs.backlog(), runner?.answers()]))[1] ?? true);
  }

  add(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  async report(): Promise<{ ready: boolean; checks: Record<string, boolean> }> {
    const results = await Promise.all([...this.checks].map(async ([name, check]) => [name, await inTime(check)] as const));
    return { ready: results.every(([, ok]) => ok), checks: Object.fromEntries(results) };
  }
}

/** Ends every open stream before the server closes: `takeUntil(this.shutdown.signal)`. An open stream would hold it for ever. */
@Injectable()
export class Shutdown implements OnModuleDestroy {
  readonly signal = new Subject<void>();

  onModuleDestroy(): void {
    this.signal.next();
    this.signal.complete();
  }
}
