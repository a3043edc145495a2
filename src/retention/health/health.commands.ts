import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { HealthRulesQueries } from './health-rules.queries.js';
import { healthSql } from './health.rule.js';

/** Judges the health of everybody, once a night and after the rules changed; only what has changed is written, with what it was before (CUS-5). */
@Injectable()
export class HealthCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: HealthRulesQueries,
  ) {}

  /** May run any number of times. @returns how many are of another tier, or of the same for other reasons */
  refresh(): Promise<number> {
    const day = dayOf(this.clock.now());
    return this.database.tx(async (tx) => {
      await tx.rows(sql`select pg_advisory_xact_lock(hashtext('retention.health'))`);
      const { settings } = await this.rules.current(tx);
      await tx.run(sql`
        delete from retention.health h using customers.v_customer c where c.id = h.customer_id and c.status = 'churned'`);
      return tx.run(sql`
        with judged as materialized (select j.* from (${healthSql(settings, day, sql`true`)}) j),
        moved as (
          insert into retention.health_change (customer_id, from_tier, tier, reasons, on_day)
          select j.customer_id, h.tier, j.tier, j.reasons, ${day}::date from judged j left join retention.health h on h.customer_id = j.customer_id
          where h.tier is distinct from j.tier and (h.tier is not null or j.tier <> 'healthy'))
        insert into retention.health as h (customer_id, tier, reasons, since)
        select j.customer_id, j.tier, j.reasons, ${day}::date from judged j
        on conflict (customer_id) do update
        set tier = excluded.tier, reasons = excluded.reasons, since = case when h.tier = excluded.tier then h.since else excluded.since end
        where (h.tier, h.reasons) is distinct from (excluded.tier, excluded.reasons)`);
    });
  }
}
