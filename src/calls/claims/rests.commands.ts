import { Injectable } from '@nestjs/common';
import { ContactCommands } from '../../contact/contact.commands.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';

interface Cause {
  at: Date;
  /** Of the outcome's own; null: as the contact rules say. */
  days: number | null;
  converted: boolean;
}

/** How long a product family rests for a customer, by the calls that brought it (GOV-7). */
@Injectable()
export class Rests {
  constructor(private readonly contact: ContactCommands) {}

  /**
   * Counts it anew, by the days that the outcomes have today. A sale that nobody confirmed in time is no success and brings no rest; one the customer declined was refused.
   * @param except a call whose outcome brings none any more
   */
  async recount(tx: Tx, customerId: string, family: string, except: string | null = null): Promise<void> {
    await this.contact.endCoolOff(tx, customerId, family);
    const causes = await tx.rows<Cause>(sql`
      select a.started_at + make_interval(secs => a.talk_seconds) as at, case when s.confirmation = 'declined' then null else o.cooling_off_days end as days,
             o.converted and s.confirmation is distinct from 'declined' as converted
      from calls.attempt a join calls.outcome o on o.code = a.outcome join campaigns.v_campaign c on c.id = a.campaign_id
      left join calls.sales_order s on s.attempt_id = a.id
      where a.customer_id = ${customerId} and a.id is distinct from ${except}::uuid and o.cooling_off_days is distinct from 0 and c.kind = 'marketing'
        and coalesce(c.product_family, 'marketing') = ${family} and s.confirmation is distinct from 'expired'`);
    for (const { at, days, converted } of causes)
      await this.contact.coolOff(tx, { customerId, family, days, from: at, cause: converted ? 'converted' : 'refused' });
  }

  /** Those of the customers of these orders, after their confirmation came to an end, or began anew. */
  async ofOrders(tx: Tx, orderIds: readonly string[]): Promise<void> {
    const touched = await tx.rows<{ customerId: string; family: string }>(sql`
      select distinct s.customer_id as "customerId", coalesce(c.product_family, 'marketing') as family
      from calls.sales_order s join campaigns.v_campaign c on c.id = s.campaign_id
      where s.id = any(${orderIds}::bigint[]) and c.kind = 'marketing' order by 1, 2`);
    for (const { customerId, family } of touched) await this.recount(tx, customerId, family);
  }
}
