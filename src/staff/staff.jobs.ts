import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { DELETE_EXPIRED_SESSIONS } from '../platform/http/session-store.js';
import { DailyAt } from '../platform/jobs/job-handler.js';

const DAY_MS = 86_400_000;

/** What nobody can use any more goes every night: ended sessions and bearers, old counts of wrong passwords, old answers. */
@Injectable()
export class StaffJobs {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @DailyAt('03:10', 'staff.prune')
  async prune(): Promise<void> {
    const now = this.clock.now();
    const yesterday = new Date(now.getTime() - DAY_MS);
    const lastWeek = new Date(now.getTime() - 7 * DAY_MS);
    await this.database.run(DELETE_EXPIRED_SESSIONS);
    await this.database.run(sql`delete from staff.api_token where kind = 'session' and expires_at < ${yesterday}`);
    await this.database.run(sql`delete from staff.login_failure where last_at < ${yesterday}`);
    await this.database.run(sql`delete from platform.idempotency where created_at < ${lastWeek}`);
  }
}
