import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Tx } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { restDays } from './gate/cooling-off.rule.js';
import { GateContextQueries } from './gate/gate-context.queries.js';
import { standingFor } from './merged.commands.js';

/** Blocks and rests for many at once: what files and records of the past bring. The forms for one customer are those of {@link ContactCommands}. */
@Injectable()
export class ContactSets {
  constructor(
    private readonly clock: Clock,
    private readonly gate: GateContextQueries,
  ) {}

  /**
   * Said twice it is one block: the longer stands, with its reason and source. What has run out is closed, not rewritten: its time stays in the books.
   * @param select yields number, channel, scope, product_family, campaign_id, reason, source, until, actor_id, a reach once; it is read twice
   */
  async block(tx: Tx, select: Sql): Promise<{ created: number; updated: number }> {
    const now = this.clock.now();
    await tx.run(sql`
      update contact.block b set lifted_at = b.until, lift_reason = 'expired' from (${select}) n
      where b.number = n.number and b.channel = n.channel and b.scope = n.scope and b.product_family is not distinct from n.product_family
        and b.campaign_id is not distinct from n.campaign_id and b.lifted_at is null and b.until <= ${now}`);
    return tx.one(sql`
      with written as (
        insert into contact.block as b (number, channel, scope, product_family, campaign_id, reason, source, until, created_by, created_at)
        select number, channel, scope, product_family, campaign_id, reason, source, until, actor_id, ${now} from (${select}) n
        on conflict (number, channel, scope, product_family, campaign_id) where lifted_at is null do update
        set reason = excluded.reason, source = excluded.source, until = excluded.until
        where coalesce(excluded.until, 'infinity') > coalesce(b.until, 'infinity')
        returning (xmax = 0) as is_new)
      select count(*) filter (where is_new)::int as created, count(*) filter (where not is_new)::int as updated from written`);
  }

  /**
   * Who asked in a call of the past not to be called is not called again (GOV-2). A block that was lifted after that call stays lifted.
   * @param select yields number, source, at; it is read twice
   */
  async blockAfterCalls(tx: Tx, select: Sql): Promise<void> {
    await this.block(
      tx,
      sql`select distinct on (c.number) c.number, 'call' as channel, 'all' as scope, null::text as product_family, null::bigint as campaign_id,
                 'do_not_call' as reason, c.source, null::timestamptz as until, null::bigint as actor_id
          from (${select}) c
          where not exists (select from contact.block l where l.number = c.number and l.channel in ('all', 'call') and l.scope = 'all'
                              and l.lifted_at >= c.at and l.lift_reason <> 'expired')
          order by c.number, c.at desc`,
    );
  }

  /**
   * States of {@link ContactCommands.protect} for many; one that was over begins anew.
   * @param select yields customer_id, kind, ref, source, a thing once
   */
  async protect(tx: Tx, select: Sql): Promise<void> {
    await tx.run(sql`
      insert into contact.protection as p (customer_id, kind, ref, source, since)
      select ${standingFor(sql`n.customer_id`)}, n.kind, n.ref, n.source, ${this.clock.now()} from (${select}) n
      on conflict (customer_id, kind, ref) do update set source = excluded.source, since = excluded.since, until = null, released_at = null
      where p.released_at is not null`);
  }

  /** @param select yields customer_id, kind, ref */
  async unprotect(tx: Tx, select: Sql): Promise<void> {
    await tx.run(sql`
      update contact.protection p set released_at = ${this.clock.now()} from (${select}) n
      where p.customer_id = ${standingFor(sql`n.customer_id`)} and p.kind = n.kind and p.ref = n.ref and p.released_at is null`);
  }

  /**
   * Product families rest after refusals and successes of the past (GOV-7), as far as the rest reaches beyond today; a longer rest stays.
   * @param select yields customer_id, family, cause, from_at, days (null: as the contact rules say)
   */
  async coolOff(tx: Tx, select: Sql): Promise<void> {
    const { settings } = this.gate.current();
    const days = sql`coalesce(r.days, case r.cause when 'converted' then ${restDays(settings, 'converted')}::int else ${restDays(settings, 'refused')}::int end)`;
    await tx.run(sql`
      insert into contact.cooling_off as o (customer_id, family, until, cause)
      select distinct on (customer_id, family) customer_id, family, until, cause
      from (select r.customer_id, r.family, r.cause, r.from_at + make_interval(hours => 24 * ${days}) as until from (${select}) r) rest
      where until > ${this.clock.now()} order by customer_id, family, until desc
      on conflict (customer_id, family) do update set until = excluded.until, cause = excluded.cause where o.until < excluded.until`);
  }
}
