import { Injectable } from '@nestjs/common';
import { HoldsPersonalData, type Person, type PersonalDataHolder } from '../customers/personal-data/personal-data.types.js';
import { Clock } from '../kernel/clock.js';
import type { Queryable, Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

/** Whether somebody wanted to leave, how likely it was thought, and what was done to keep them. */
@Injectable()
@HoldsPersonalData()
export class RetentionPersonalData implements PersonalDataHolder {
  readonly section = 'retention';

  constructor(private readonly clock: Clock) {}

  async export({ customerId }: Person, on: Queryable): Promise<Record<string, unknown>> {
    return {
      intents: await on.rows(sql`select source, reason, noted_on from retention.churn_intent where customer_id = ${customerId} order by id`),
      scores: await on.rows(sql`select score, reasons, scored_on from retention.churn_score where customer_id = ${customerId} order by id`),
      signs: await on.rows(sql`select source_code, noted_on, text, became from retention.sign where customer_id = ${customerId} order by id`),
      health: await on.rows(sql`select tier, reasons, since from retention.health where customer_id = ${customerId}`),
      healthChanges: await on.rows(
        sql`select from_tier, tier, reasons, on_day from retention.health_change where customer_id = ${customerId} order by id`,
      ),
      cases: await on.rows(sql`
        select k.no, k.source_code, k.reason_code, k.direction_code, k.state, k.opened_at, k.closed_at, k.score, k.calls, k.talks,
               (select jsonb_agg(jsonb_build_object('at', e.at, 'deed', e.deed, 'note', e.note) order by e.id) from retention.entry e where e.case_id = k.id) as history,
               (select jsonb_agg(jsonb_build_object('kind', m.kind, 'state', m.state, 'costFen', m.cost_fen, 'note', m.note) order by m.id)
                from retention.measure m where m.case_id = k.id) as measures,
               (select jsonb_agg(jsonb_build_object('days', f.days, 'status', f.status, 'toldOn', f.told_on) order by f.days)
                from retention.follow_up f where f.case_id = k.id) as "followUps"
        from retention.churn_case k where k.customer_id = ${customerId} order by k.id`),
    };
  }

  /** Figures stay, words go; nobody keeps whom nobody knows. */
  async erase(tx: Tx, { customerId }: Person): Promise<Record<string, number>> {
    const cases = sql`(select id from retention.churn_case where customer_id = ${customerId})`;
    return {
      'retention.churn_intent': await tx.run(
        sql`update retention.churn_intent set reason = null where customer_id = ${customerId} and reason is not null`,
      ),
      'retention.churn_score': await tx.run(sql`
        update retention.churn_score set reasons = null, why = null where customer_id = ${customerId} and (reasons is not null or why is not null)`),
      'retention.sign': await tx.run(sql`update retention.sign set text = null where customer_id = ${customerId} and text is not null`),
      'retention.entry': await tx.run(sql`update retention.entry set note = null where note is not null and case_id in ${cases}`),
      'retention.measure': await tx.run(sql`
        update retention.measure set note = null, refusal = null where (note is not null or refusal is not null) and case_id in ${cases}`),
      'retention.churn_case': await tx.run(sql`
        update retention.churn_case set state = 'withdrawn', closed_at = ${this.clock.now()} where customer_id = ${customerId} and state in ('open', 'talking', 'held_out')`),
    };
  }
}
