import { Injectable } from '@nestjs/common';
import { type Erasure, HoldsPersonalData, type Person, type PersonalDataHolder } from '../customers/personal-data/personal-data.types.js';
import type { Queryable, Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

/** What somebody asked to have settled, and what was done about it. */
@Injectable()
@HoldsPersonalData()
export class TicketsPersonalData implements PersonalDataHolder {
  readonly section = 'tickets';

  async export({ customerId }: Person, on: Queryable): Promise<Record<string, unknown>> {
    return {
      tickets: await on.rows(sql`
        select t.no, t.kind, t.scope, t.text, t.state, t.opened_at, t.answered_at, t.solved_at, t.closed_at, t.satisfaction,
               (select jsonb_agg(jsonb_build_object('at', e.at, 'deed', e.deed, 'note', e.note) order by e.id) from tickets.entry e where e.ticket_id = t.id) as history
        from tickets.ticket t where t.customer_id = ${customerId} order by t.id`),
    };
  }

  /** That there was one and how long it took stays, the words go. What is open ends: nobody is left to settle it with, or to ask how it went. */
  async erase(tx: Tx, { customerId }: Person, { at }: Erasure): Promise<Record<string, number>> {
    await tx.run(sql`
      with ended as (
        update tickets.ticket set state = 'closed', closed_at = ${at}, waiting_since = null where customer_id = ${customerId} and state <> 'closed' returning id)
      insert into tickets.entry (ticket_id, at, deed, state) select id, ${at}, 'erase', 'closed' from ended`);
    return {
      'tickets.ticket': await tx.run(sql`update tickets.ticket set text = '' where customer_id = ${customerId} and text <> ''`),
      'tickets.entry': await tx.run(sql`
        update tickets.entry set note = null
        where note is not null and ticket_id in (select id from tickets.ticket where customer_id = ${customerId})`),
    };
  }
}
