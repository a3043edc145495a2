import { Injectable } from '@nestjs/common';
import { CustomersMerged } from '../customers/customers.events.js';
import { mergedLately } from '../customers/merged.queries.js';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { OnEvent } from '../platform/jobs/job-handler.js';

@Injectable()
export class SegmentsJobs {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** A line on a list is that of the customer who has it now: the one they turned out to be. */
  @OnEvent(CustomersMerged, 'segments.follow-merged')
  async followMerged(): Promise<void> {
    await this.db.run(sql`
      update segments.member x set customer_id = m.merged_into from ${mergedLately(this.clock.now())} m where x.customer_id = m.id`);
  }
}
