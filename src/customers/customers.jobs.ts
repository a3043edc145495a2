import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { defineJob } from '../platform/jobs/define-job.js';
import { Events } from '../platform/jobs/events.js';
import { DailyAt, HandlesJob } from '../platform/jobs/job-handler.js';
import { CustomersMerged } from './customers.events.js';
import { mergedLately } from './merged.queries.js';
import { InitialsCommands } from './search/initials.commands.js';
import { StarChangesCommands } from './star-changes.commands.js';

/** Put into the outbox by the migration that brought the column. */
export const fillInitials = defineJob<Record<string, never>>('customers.initials', { concurrency: 1, leaseSeconds: 120 });

@Injectable()
export class CustomersJobs {
  constructor(
    private readonly initials: InitialsCommands,
    private readonly stars: StarChangesCommands,
    private readonly db: Database,
    private readonly events: Events,
  ) {}

  /** Before the plan of the day is made. */
  @DailyAt('00:10', 'customers.star-changes')
  applyStars(): Promise<void> {
    return this.stars.applyArrived();
  }

  /** What was being written by the old id while its customer was merged came too late to follow: it does now. */
  @DailyAt('00:20', 'customers.merged-again')
  async tellMerged(slot: Date): Promise<void> {
    await this.db.tx(async (tx) => {
      const some = await tx.maybe(sql`select 1 from ${mergedLately(slot)} m limit 1`);
      if (some) await this.events.publish(tx, CustomersMerged, { importId: null });
    });
  }

  @HandlesJob(fillInitials)
  async fill(): Promise<void> {
    await this.initials.fill();
  }
}
