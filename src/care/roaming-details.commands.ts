import { Injectable } from '@nestjs/common';
import { RoamingDetails } from '../customers/usage/roaming-details.commands.js';
import { addDays, type Day } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { RuleCode } from './care.types.js';

const RULE: RuleCode = 'roaming-return';

/** Somebody may come back to what was said for so long after the call. */
const KEPT_DAYS = 90;

/** Destinations and fees go 90 days after the call they served: those of the files, and those the plan kept for its sentence (CAR-6). */
@Injectable()
export class RoamingDetailsCommands {
  constructor(
    private readonly db: Database,
    private readonly details: RoamingDetails,
  ) {}

  /** Of the months somebody was called about; that there was a call, and of which month, stays. A second time finds nothing. */
  async forget(today: Day): Promise<void> {
    const called = sql`d.rule_code = ${RULE} and d.done_by_attempt is not null and platform.day_of(d.closed_at) <= ${addDays(today, -KEPT_DAYS)}::date`;
    await this.db.tx(async (tx) => {
      await this.details.forget(tx, sql`select d.customer_id, (d.cycle || '-01')::date as month from care.due d where ${called}`);
      await tx.run(sql`
        update care.due d set facts = jsonb_build_object('month', d.cycle || '-01') where ${called} and d.facts - 'month' <> '{}'::jsonb`);
    });
  }
}
