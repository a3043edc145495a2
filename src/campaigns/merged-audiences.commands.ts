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
    // campaign by campaign: people of an audience are found by campaign and customer, and read by nothing else
    const theirs = sql`
      select x.campaign_id, x.line_id, x.excluded, p.person, p.moved from campaigns.campaign c cross join ${concernedBy(merged)} p
      join campaigns.audience x on x.campaign_id = c.id and x.customer_id = p.id and x.excluded is distinct from 'duplicate'`;
    await this.db.tx(async (tx) => {
      await tx.run(sql`
        update campaigns.audience a set customer_id = r.person, excluded = 'duplicate'
        from (select x.*, row_number() over (partition by x.campaign_id, x.person order by x.excluded is null desc, x.moved, x.line_id) as place from (${theirs}) x) r
        where a.campaign_id = r.campaign_id and a.line_id = r.line_id and r.place > 1`);
      await tx.run(sql`
        update campaigns.audience a set customer_id = x.person from (${theirs}) x where a.campaign_id = x.campaign_id and a.line_id = x.line_id and x.moved`);
    });
  }
}
