import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import type { Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { messagePurposeOf } from '../rules/rule-list.policy.js';
import type { SimulationAsk } from './forecast.types.js';

const EVERYBODY = sql`select b.customer_id, b.line_id, b.number from care_book b`;

/**
 * What the gate says of a book. It is asked once for everybody, on the first working day: blocks and states only ever end by themselves, so whoever
 * may be called then may be called later. Whoever may not is asked about again on the last day of each promise.
 */
@Injectable()
export class SimulationGate {
  constructor(
    private readonly contact: ContactQueries,
    private readonly calendar: CalendarQueries,
  ) {}

  async ask(tx: Tx, { today, rules }: SimulationAsk): Promise<void> {
    const day = (await this.calendar.isWorkingDay(today)) ? today : await this.calendar.nextWorkingDay(today);
    const purposes = new Set(rules.flatMap(({ rule }) => (rule.template ? [messagePurposeOf(rule)] : [])));
    const asks = [{ channel: 'call' as const, purpose: 'care' as const }, ...[...purposes].map((purpose) => ({ channel: 'sms' as const, purpose }))];
    for (const ask of asks) {
      await tx.run(sql`
        insert into care_refusal select ${ask.channel}::text, ${ask.purpose}::text, g.customer_id, g.reason
        from (${this.contact.plannable(EVERYBODY, { ...ask, day, caps: false })}) g where g.reason is not null`);
    }
  }

  /** The same of calls on lists, which stay refused only when they are so on their last day too. */
  async judgeListed(tx: Tx): Promise<void> {
    await tx.run(sql`update care_listed l set reason = f.reason from care_refusal f where f.channel = 'call' and f.customer_id = l.customer_id`);
    const days = await tx.rows<{ day: Day }>(sql`select distinct until_on as day from care_listed where reason is not null order by 1`);
    for (const { day } of days) {
      const asked = sql`
        select distinct b.customer_id, b.line_id, b.number from care_listed l join care_book b on b.customer_id = l.customer_id
        where l.reason is not null and l.until_on = ${day}::date`;
      await tx.run(sql`
        update care_listed l set reason = null from (${this.callable(asked, day)}) g
        where l.reason is not null and l.until_on = ${day}::date and l.customer_id = g.customer_id and g.reason is null`);
    }
  }

  private callable(asked: Sql, day: Day): Sql {
    return this.contact.plannable(asked, { channel: 'call', purpose: 'care', day, caps: false });
  }

  /** Refused calls are looked at again: free on the last day, they are made then; else they will be missed, which is said. */
  async judge(tx: Tx): Promise<void> {
    const refused = sql`k.channel = 'call' and k.reason is not null and k.reason <> 'no_manager'`;
    const days = await tx.rows<{ day: Day }>(sql`select distinct k.deadline_on as day from care_candidate k where ${refused} order by 1`);
    for (const { day } of days) {
      const due: Sql = sql`${refused} and k.deadline_on = ${day}::date`;
      const asked = sql`select distinct k.customer_id, k.line_id, k.number from care_candidate k where ${due}`;
      await tx.run(sql`
        update care_candidate k set from_on = greatest(k.from_on, k.deadline_on), reason = case when k.owner_id is null then 'no_manager' end
        from (${this.callable(asked, day)}) g
        where ${due} and k.customer_id = g.customer_id and g.reason is null`);
    }
    await tx.run(sql`
      insert into care_miss
      select k.customer_id, k.owner_id, k.rule_code, k.cycle, k.star, k.from_on, k.deadline_on, k.reason, false
      from care_candidate k where k.channel = 'call' and k.reason is not null and not k.late`);
    await tx.run(sql`
      insert into care_forecast select k.rule_code, k.customer_id, k.cycle, k.channel, null, k.deadline_on, false
      from care_candidate k where k.reason is not null`);
  }
}
