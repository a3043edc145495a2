import { Injectable } from '@nestjs/common';
import { DomainError } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { Outcome, OutcomeReason } from './outcomes.types.js';

@Injectable()
export class OutcomesQueries {
  constructor(private readonly db: Database) {}

  /** Every outcome in the order of the desk. */
  all(on: Queryable = this.db): Promise<Outcome[]> {
    return on.rows<Outcome>(sql`
      select code, label_zh as "labelZh", label_en as "labelEn", sort, key, connected, effective, visit, converted, closes_task as "closesTask",
             redial, cooling_off_days as "coolingOffDays", opens_ticket as "opensTicket", blocks_calls as "blocksCalls",
             needs_reason as "needsReason", line_health as "lineHealth", tone
      from calls.outcome order by sort`);
  }

  reasons(on: Queryable = this.db): Promise<OutcomeReason[]> {
    return on.rows<OutcomeReason>(sql`select code, label_zh as "labelZh", label_en as "labelEn", sort from calls.outcome_reason order by sort`);
  }

  /** @throws DomainError `outcome_unknown` at the field `outcome` */
  async byCode(code: string, on: Queryable = this.db): Promise<Outcome> {
    const found = (await this.all(on)).find((outcome) => outcome.code === code);
    if (!found) throw new DomainError('outcome_unknown', { param: 'outcome', params: { outcome: code } });
    return found;
  }

  /** @throws DomainError `reason_unknown` at the field `reason` */
  async checkReason(code: string | null | undefined, on: Queryable = this.db): Promise<void> {
    if (!code) return;
    if (!(await on.maybe(sql`select 1 from calls.outcome_reason where code = ${code}`)))
      throw new DomainError('reason_unknown', { param: 'reason', params: { reason: code } });
  }
}
