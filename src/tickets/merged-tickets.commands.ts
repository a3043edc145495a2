import { Injectable } from '@nestjs/common';
import { CustomersMerged } from '../customers/customers.events.js';
import { mergedLately } from '../customers/merged.queries.js';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { OnEvent } from '../platform/jobs/job-handler.js';

/** A ticket of a customer who turned out to be another is that other's; who has it, and by when, stays. */
@Injectable()
export class MergedTickets {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  @OnEvent(CustomersMerged, 'tickets.follow-merged')
  async follow(): Promise<void> {
    const merged = mergedLately(this.clock.now());
    await this.db.run(sql`update tickets.ticket t set customer_id = m.merged_into from ${merged} m where t.customer_id = m.id`);
  }
}
