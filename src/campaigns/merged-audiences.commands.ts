import { Injectable } from '@nestjs/common';
import { CustomersMerged } from '../customers/customers.events.js';
import { concernedBy, mergedLately } from '../customers/merged.queries.js';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { OnEvent } from '../platform/jobs/job-handler.js';

/** Whoever was chosen for a campaign under two numbers, and turned out to be one customer, was chosen once: the other line is a duplicate (CAM-2). */
@Injectable()
export class MergedAudiences {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** May run any number of times. */
  @OnEvent(CustomersMerged, 'campaigns.follow-merged')
  async follow(): Promise<void> {
    const merged = mergedLately(this.clock.now());
    await this.db.tx(async (tx) => {
      await tx.run(sql`
        update campaigns.audience a set excluded = 'duplicate'
        from (
          select x.campaign_id, x.line_id, row_number() over (partition by x.campaign_id, p.person order by x.excluded is null desc, p.moved, x.line_id) as place
          from campaigns.audience x join ${concernedBy(merged)} p on p.id = x.customer_id where x.excluded is distinct from 'duplicate') r
        where a.campaign_id = r.campaign_id and a.line_id = r.line_id and r.place > 1`);
      await tx.run(sql`update campaigns.audience a set customer_id = m.merged_into from ${merged} m where a.customer_id = m.id`);
    });
  }
}
