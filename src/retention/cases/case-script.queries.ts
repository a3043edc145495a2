import { Injectable } from '@nestjs/common';
import { CallScript } from '../../calls/desk/task-reasons.types.js';
import type { Script } from '../../campaigns/campaigns.types.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';

/** What is said on a retention call, by the strategy of its case (RET-1). */
@Injectable()
export class CaseScript extends CallScript {
  constructor(private readonly database: Database) {
    super();
  }

  override async forTask(taskId: string): Promise<Script | null> {
    const found = await this.database.maybe<{ script: Partial<Script> }>(sql`
      select g.script from retention.case_task t join retention.churn_case k on k.id = t.case_id join retention.strategy g on g.id = k.strategy_id
      where t.task_id = ${taskId}`);
    return found ? { opening: '', branches: [], objections: [], ...found.script } : null;
  }
}
