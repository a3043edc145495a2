import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { DEFAULT_OUTCOMES, DEFAULT_REASONS } from './outcomes.policy.js';

@Injectable()
export class OutcomesCommands {
  constructor(private readonly db: Database) {}

  /** Fills the tables of a new system. What stands there already is left as people made it. */
  async ensureDefaults(on: Queryable = this.db): Promise<void> {
    await on.run(sql`
      insert into calls.outcome (code, label_zh, label_en, sort, key, connected, effective, visit, converted, closes_task, redial,
                                 cooling_off_days, opens_ticket, blocks_calls, needs_reason, line_health, tone)
      select x.code, x."labelZh", x."labelEn", x.sort, x.key, x.connected, x.effective, x.visit, x.converted, x."closesTask", x.redial,
             x."coolingOffDays", x."opensTicket", x."blocksCalls", x."needsReason", x."lineHealth", x.tone
      from jsonb_to_recordset(${JSON.stringify(DEFAULT_OUTCOMES)}::jsonb) as x(
        code text, "labelZh" text, "labelEn" text, sort smallint, key text, connected boolean, effective boolean, visit boolean, converted boolean,
        "closesTask" boolean, redial text, "coolingOffDays" smallint, "opensTicket" boolean, "blocksCalls" boolean, "needsReason" boolean,
        "lineHealth" text, tone text)
      on conflict do nothing`);
    await on.run(sql`
      insert into calls.outcome_reason (code, label_zh, label_en, sort)
      select x.code, x."labelZh", x."labelEn", x.sort
      from jsonb_to_recordset(${JSON.stringify(DEFAULT_REASONS)}::jsonb) as x(code text, "labelZh" text, "labelEn" text, sort smallint)
      on conflict do nothing`);
  }
}
