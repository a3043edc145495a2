import { Injectable } from '@nestjs/common';
import { CallDeskCommands } from '../../calls/desk/call-desk.commands.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';

/** Calls that may be refused by the gate before a press gives up. */
const MOST_TRIED = 20;

/** Takes retention calls in the order of score × value, where the desk's own order asks for due date and star first (RET-2, CAM-5). */
@Injectable()
export class CallByRank {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly desk: CallDeskCommands,
  ) {}

  /** @returns whether there is a call before the manager now; one that is held stays held */
  async next(user: CurrentUser): Promise<boolean> {
    const now = this.clock.now();
    const tasks = await this.database.rows<{ id: string }>(sql`
      select x.id from calls.v_task x join retention.case_task t on t.task_id = x.id join retention.churn_case k on k.id = t.case_id
      where x.owner_id = ${user.id} and k.state in ('open', 'talking') and (x.state = 'claimed'
        or x.state = 'open' and (x.not_before is null or x.not_before <= ${now})
          and (x.callback_at <= ${now} or x.callback_at is null and x.due_on <= ${dayOf(now)}::date))
      order by (x.state = 'claimed') desc, (x.callback_at is null), k.rank desc, k.id limit ${MOST_TRIED}`);
    for (const { id } of tasks) {
      try {
        await this.desk.claim(user, id);
        return true;
      } catch (error) {
        if (!(error instanceof DomainError) || error.status !== 409) throw error;
      }
    }
    return false;
  }
}
