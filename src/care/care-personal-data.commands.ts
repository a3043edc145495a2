import { Injectable } from '@nestjs/common';
import { type Erasure, HoldsPersonalData, type Person, type PersonalDataHolder } from '../customers/personal-data/personal-data.types.js';
import type { Queryable, Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { VISIT_KINDS } from './events/events.types.js';

/** What care planned for somebody, and on which facts. */
@Injectable()
@HoldsPersonalData()
export class CarePersonalData implements PersonalDataHolder {
  readonly section = 'care';

  async export({ customerId }: Person, on: Queryable): Promise<Record<string, unknown>> {
    return {
      planned: await on.rows(sql`
        select rule_code, cycle, channel, due_on, deadline_on, facts, policy_version, state, created_at, closed_at from care.due
        where customer_id = ${customerId} order by created_at, rule_code`),
      followUps: await on.rows(sql`
        select kind, reference, closed_on, asked_at, withdrawn_at from care.follow_up where customer_id = ${customerId} order by closed_on, id`),
      invitations: await on.rows(sql`
        select e.kind, e.title, e.place, e.starts_at, i.invited_at, i.answer, i.answer_at, i.attended, i.result, i.note
        from care.invitation i join care.event e on e.id = i.event_id where i.customer_id = ${customerId} order by e.starts_at, e.id`),
      replanned: await on.rows(sql`select rule_code, cycle, why, at from care.replan where customer_id = ${customerId} order by id`),
      partnerUses: await on.rows(sql`
        select f.partner, f.benefit, s.used_on, s.note, s.recorded_at from care.partner_use s join care.partner_offer f on f.id = s.offer_id
        where s.customer_id = ${customerId} order by s.used_on, s.id`),
      foreseen: await on.rows(sql`
        select f.day as computed_on, r.rule_code, r.channel, r.day, r.deadline_on from care.forecast_row r join care.forecast f on f.id = r.forecast_id
        where r.customer_id = ${customerId} order by f.id, r.day`),
      will_be_missed: await on.rows(sql`
        select f.day as computed_on, m.rule_code, m.deadline_on, m.reason from care.forecast_miss m join care.forecast f on f.id = m.forecast_id
        where m.customer_id = ${customerId} order by f.id, m.deadline_on`),
    };
  }

  /** Promises stay for coverage, without the facts they stood on (a birthday, a journey). Open ones fall away. */
  async erase(tx: Tx, { customerId }: Person, { at }: Erasure): Promise<Record<string, number>> {
    return {
      'care.due': await tx.run(sql`
        update care.due set facts = '{}', closed_at = case when state = 'open' then ${at}::timestamptz else closed_at end,
          state = case when state = 'open' then 'cancelled' else state end
        where customer_id = ${customerId}`),
      'care.follow_up': await tx.run(sql`delete from care.follow_up where customer_id = ${customerId}`),
      // the title and the place of a visit may name whom it was paid to
      'care.event': await tx.run(sql`
        update care.event e set title = e.kind, place = '—' from care.invitation i
        where i.event_id = e.id and i.customer_id = ${customerId} and e.kind = any(${[...VISIT_KINDS]}::text[])`),
      'care.invitation': await tx.run(sql`update care.invitation set note = null where customer_id = ${customerId}`),
      'care.replan': await tx.run(sql`delete from care.replan where customer_id = ${customerId}`),
      'care.partner_use': await tx.run(sql`update care.partner_use set note = null where customer_id = ${customerId}`),
      'care.forecast_row': await tx.run(sql`delete from care.forecast_row where customer_id = ${customerId}`),
      'care.forecast_miss': await tx.run(sql`delete from care.forecast_miss where customer_id = ${customerId}`),
    };
  }
}
