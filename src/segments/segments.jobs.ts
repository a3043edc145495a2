import { Injectable } from '@nestjs/common';
import { CustomersMerged } from '../customers/customers.events.js';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { OnEvent } from '../platform/jobs/job-handler.js';

/** As long as a dead worker may have kept the event waiting. */
const LOOK_BACK_MS = 3 * 86_400_000;

@Injectable()
export class SegmentsJobs {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** A line on a list is that of the customer who has it now: the one they turned out to be. */
  @OnEvent(CustomersMerged, 'segments.follow-merged')
  async followMerged(): Promise<void> {
    const since = new Date(this.clock.now().getTime() - LOOK_BACK_MS);
    await this.db.run(sql`
      update segments.member x set customer_id = m.merged_into from customers.v_merged m where x.customer_id = m.id and m.merged_at >= ${since}`);
  }
}
