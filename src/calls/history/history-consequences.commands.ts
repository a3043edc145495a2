import { Injectable } from '@nestjs/common';
import { ContactSets } from '../../contact/contact-sets.commands.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';

/**
 * What the outcomes of imported records bring about, as {@link Consequences} does for a call of our own: who said "do not call" to another system is not
 * called by this one, and what was refused or taken there rests here. Reads `call_row` of {@link CallHistory}.
 */
@Injectable()
export class HistoryConsequences {
  constructor(private readonly contact: ContactSets) {}

  /** By the outcome that stands in the books: one that a person corrected counts as corrected. */
  async apply(tx: Tx): Promise<void> {
    const told = sql`
      from call_row r
      join calls.attempt a on a.id = coalesce(r.attempt_id, r.new_id)
      join calls.outcome o on o.code = a.outcome`;
    await this.contact.blockAfterCalls(
      tx,
      sql`select r.number, 'attempt:' || a.id as source, a.started_at as at ${told} where r.outcome in (select code from calls.outcome where blocks_calls) and o.blocks_calls`,
    );
    await this.contact.coolOff(
      tx,
      sql`select a.customer_id, coalesce(c.product_family, 'marketing') as family, case when o.converted then 'converted' else 'refused' end as cause,
                 a.started_at + make_interval(secs => a.talk_seconds) as from_at, o.cooling_off_days::int as days
          ${told} join campaigns.v_campaign c on c.id = a.campaign_id
          where r.kind = 'marketing' and o.cooling_off_days is distinct from 0`,
    );
  }
}
