import { Injectable } from '@nestjs/common';
import { MarkNeeded } from '../calls/desk/task-reasons.types.js';
import type { Queryable } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { NEED_A_MARK } from './rules/service-follow-up.rule.js';

/** Tells the call desk which calls must bring a mark: a complaint or fault is closed by nothing else (TIC-4, CAR-9). */
@Injectable()
export class FollowUpMarks extends MarkNeeded {
  override async forTask(taskId: string, on: Queryable): Promise<boolean> {
    const asked = await on.maybe(sql`
      select from care.due d join care.follow_up f on f.kind = d.facts ->> 'kind' and f.reference = d.facts ->> 'reference' and f.withdrawn_at is null
      where d.task_id = ${taskId} and d.state = 'open' and d.rule_code = 'service-follow-up' and f.kind = any(${NEED_A_MARK}::text[]) limit 1`);
    return asked !== undefined;
  }
}
