import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { checkReasonOffered, wasOffered } from './outcomes.policy.js';
import type { KeptOutcome, KeptReason } from './outcomes.types.js';

@Injectable()
export class OutcomesQueries {
  constructor(private readonly db: Database) {}

  /** Every outcome in the order of the desk, also those that it does not offer any more: what names old calls. */
  all(on: Queryable = this.db): Promise<KeptOutcome[]> {
    return on.rows<KeptOutcome>(sql`
      select code, label_zh as "labelZh", label_en as "labelEn", sort, key, connected, effective, visit, converted, closes_task as "closesTask",
             redial, cooling_off_days as "coolingOffDays", opens_ticket as "opensTicket", blocks_calls as "blocksCalls",
             needs_reason as "needsReason", line_health as "lineHealth", tone, retired_at as "retiredAt", version
      from calls.outcome order by sort, code`);
  }

  /** What a call may end with that began then. */
  async offeredAt(then: Date): Promise<KeptOutcome[]> {
    return (await this.all()).filter((outcome) => wasOffered(outcome, then));
  }

  /** Every second-level reason, also those that are not offered any more. */
  allReasons(on: Queryable = this.db): Promise<KeptReason[]> {
    return on.rows<KeptReason>(sql`
      select code, label_zh as "labelZh", label_en as "labelEn", sort, retired_at as "retiredAt", version from calls.outcome_reason order by sort, code`);
  }

  /** What a call may be given that began then. */
  async reasonsAt(then: Date): Promise<KeptReason[]> {
    return (await this.allReasons()).filter((reason) => wasOffered(reason, then));
  }

  /** @throws DomainError `outcome_unknown` at the field `outcome` */
  async byCode(code: string, on: Queryable = this.db): Promise<KeptOutcome> {
    const found = (await this.all(on)).find((outcome) => outcome.code === code);
    if (!found) throw new DomainError('outcome_unknown', { param: 'outcome', params: { outcome: code } });
    return found;
  }

  /** @throws DomainError `reason_unknown`, `reason_retired` at the field `reason` */
  async checkReason(code: string | null | undefined, began: Date, on: Queryable = this.db): Promise<void> {
    if (!code) return;
    const found = (await this.allReasons(on)).find((reason) => reason.code === code);
    if (!found) throw new DomainError('reason_unknown', { param: 'reason', params: { reason: code } });
    checkReasonOffered(found, began);
  }
}
