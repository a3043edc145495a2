import { Injectable } from '@nestjs/common';
import { SingleMessageCommands } from '../messaging/single-messages/single-message.commands.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { CareRulesQueries } from './care-rules.queries.js';
import type { RuleCode } from './care.types.js';
import { ruleOf } from './rules/rule-list.policy.js';

/** Tried as often as the campaign asks for, and never reached. */
const IN_VAIN = 'max_attempts';

/** Leaves a message where a promised call was tried in vain: "not reached, SMS left" (CAR-1). */
@Injectable()
export class LeftMessages {
  constructor(
    private readonly db: Database,
    private readonly rules: CareRulesQueries,
    private readonly messages: SingleMessageCommands,
  ) {}

  /** Once a task, however often it is asked; nothing while the task lives. */
  async leave(taskId: string): Promise<void> {
    const unreached = await this.db.rows<{ rule: RuleCode }>(sql`
      select d.rule_code as rule from care.due d join calls.v_task t on t.id = d.task_id
      where d.task_id = ${taskId}::bigint and t.state = 'not_reached' and t.close_reason = ${IN_VAIN}
      order by d.rule_code`);
    for (const { rule } of unreached) {
      const { settings } = await this.rules.byCode(rule);
      const template = ruleOf(rule).leftWhenUnreached?.(settings);
      if (template) await this.messages.leaveForTask(taskId, template);
    }
  }
}
