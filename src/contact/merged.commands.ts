import { Injectable } from '@nestjs/common';
import { mergedLately } from '../customers/merged.queries.js';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';

/** The customer whom an id stands for by now: the one they turned out to be, else themselves. */
export const standingFor = (id: Sql): Sql => sql`coalesce((select m.merged_into from customers.v_merged m where m.id = ${id}), ${id})`;

/** Customers who turn out to be one have one ledger, and what protects one protects the other (GOV-5, GOV-7). Run twice it moves nothing more. */
@Injectable()
export class MergedCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async follow(): Promise<void> {
    const merged = mergedLately(this.clock.now());
    await this.db.tx(async (tx) => {
      await tx.run(sql`update contact.touch t set customer_id = m.merged_into from ${merged} m where t.customer_id = m.id`);
      await tx.run(sql`update contact.foreign_ask t set customer_id = m.merged_into from ${merged} m where t.customer_id = m.id`);
      await tx.run(sql`
        with gone as (delete from contact.protection p using ${merged} m where p.customer_id = m.id returning p.*, m.merged_into)
        insert into contact.protection as p (customer_id, kind, ref, source, since, until, released_at)
        select distinct on (merged_into, kind, ref) merged_into, kind, ref, source, since, until, released_at from gone
        order by merged_into, kind, ref, released_at desc nulls first
        on conflict (customer_id, kind, ref) do update set released_at = null where excluded.released_at is null`);
      await tx.run(sql`
        with gone as (delete from contact.cooling_off o using ${merged} m where o.customer_id = m.id returning o.*, m.merged_into)
        insert into contact.cooling_off as o (customer_id, family, until, cause)
        select distinct on (merged_into, family) merged_into, family, until, cause from gone order by merged_into, family, until desc
        on conflict (customer_id, family) do update set until = excluded.until, cause = excluded.cause where o.until < excluded.until`);
    });
  }
}
