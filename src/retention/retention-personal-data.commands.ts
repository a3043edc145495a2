import { Injectable } from '@nestjs/common';
import { HoldsPersonalData, type Person, type PersonalDataHolder } from '../customers/personal-data/personal-data.types.js';
import type { Queryable, Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

/** Whether somebody wanted to leave, and how likely the province thinks it. */
@Injectable()
@HoldsPersonalData()
export class RetentionPersonalData implements PersonalDataHolder {
  readonly section = 'retention';

  async export({ customerId }: Person, on: Queryable): Promise<Record<string, unknown>> {
    return {
      intents: await on.rows(sql`select source, reason, noted_on from retention.churn_intent where customer_id = ${customerId} order by id`),
      scores: await on.rows(sql`select score, reasons, scored_on from retention.churn_score where customer_id = ${customerId} order by id`),
    };
  }

  /** Figures stay, words go. */
  async erase(tx: Tx, { customerId }: Person): Promise<Record<string, number>> {
    return {
      'retention.churn_intent': await tx.run(
        sql`update retention.churn_intent set reason = null where customer_id = ${customerId} and reason is not null`,
      ),
      'retention.churn_score': await tx.run(
        sql`update retention.churn_score set reasons = null where customer_id = ${customerId} and reasons is not null`,
      ),
    };
  }
}
