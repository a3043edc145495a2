import { Injectable } from '@nestjs/common';
import { CustomersMerged } from '../customers/customers.events.js';
import { mergedLately } from '../customers/merged.queries.js';
import { Clock } from '../kernel/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { rawSql, type Sql, sql } from '../platform/database/sql.js';
import { OnEvent } from '../platform/jobs/job-handler.js';

const KEPT = ['messaging.message', 'messaging.reply', 'messaging.test_send'] as const;

/**
 * What was written to a customer who turned out to be another, and what came back, stands with that other; what is still to be written is written once.
 * A blast that reached both numbers keeps both: it is counted by what was sent.
 */
@Injectable()
export class MergedMessages {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** May run any number of times. */
  @OnEvent(CustomersMerged, 'messaging.follow-merged')
  async follow(): Promise<void> {
    const now = this.clock.now();
    const merged = mergedLately(now);
    await this.db.tx(async (tx) => {
      for (const table of KEPT)
        await tx.run(sql`update ${rawSql(table)} x set customer_id = m.merged_into from ${merged} m where x.customer_id = m.id`);
      await this.followRecipients(tx, merged, now);
      await this.followSteps(tx, merged);
    });
  }

  /** Blast by blast: recipients are found by blast and customer, and read by nothing else. What was a duplicate stays as it was. */
  private async followRecipients(tx: Tx, merged: Sql, now: Date): Promise<void> {
    const theirs = sql`
      select x.blast_id, x.line_id, x.state, m.id, m.merged_into from messaging.blast b cross join ${merged} m
      join messaging.recipient x on x.blast_id = b.id and x.customer_id = m.id and x.reason is distinct from 'duplicate'`;
    await tx.run(sql`
      update messaging.recipient r set customer_id = f.merged_into
      from (
        select distinct on (x.blast_id, x.merged_into) x.* from (${theirs}) x
        where not exists (
          select from messaging.recipient o where o.blast_id = x.blast_id and o.customer_id = x.merged_into and o.reason is distinct from 'duplicate')
        order by x.blast_id, x.merged_into, x.state = 'planned', x.line_id) f
      where r.blast_id = f.blast_id and r.line_id = f.line_id`);
    await tx.run(sql`
      update messaging.recipient r set state = 'refused', reason = 'duplicate', customer_id = x.merged_into, updated_at = ${now} from (${theirs}) x
      where r.blast_id = x.blast_id and r.line_id = x.line_id and r.state = 'planned'`);
  }

  /** The text that follows a call: one a campaign. */
  private async followSteps(tx: Tx, merged: Sql): Promise<void> {
    await tx.run(sql`
      update messaging.step_due d set customer_id = f.merged_into
      from (
        select distinct on (x.campaign_id, m.merged_into) x.campaign_id, x.customer_id, m.merged_into
        from messaging.step_due x join ${merged} m on m.id = x.customer_id
        where not exists (select from messaging.step_due o where o.campaign_id = x.campaign_id and o.customer_id = m.merged_into)
        order by x.campaign_id, m.merged_into, x.taken_at nulls last, x.customer_id) f
      where d.campaign_id = f.campaign_id and d.customer_id = f.customer_id`);
    await tx.run(sql`delete from messaging.step_due d using ${merged} m where d.customer_id = m.id and d.taken_at is null`);
  }
}
