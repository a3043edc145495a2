import { Injectable } from '@nestjs/common';
import { TasksCommands } from '../../calls/tasks/tasks.commands.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { SCORE_OF, TASK_VALUE, VALUE_OF } from './case-facts.queries.js';

/** Open cases rank by the score and the value of today, and so do their calls (RET-2). */
@Injectable()
export class RanksCommands {
  constructor(
    private readonly database: Database,
    private readonly tasks: TasksCommands,
  ) {}

  async refresh(): Promise<void> {
    await this.database.tx(async (tx) => {
      await tx.run(sql`
        update retention.churn_case k
        set score = n.score, scored = n.scored, value_fen = n.value_fen
        from (
          select x.id, coalesce(x.told, r.likelihood) as score, x.told is not null as scored, x.value_fen
          from (select x.id, x.source_code, ${SCORE_OF} as told, ${VALUE_OF} as value_fen from retention.churn_case x where x.state in ('open', 'talking')) x
          join retention.source r on r.code = x.source_code) n
        where k.id = n.id and (k.score, k.scored, k.value_fen) is distinct from (n.score, n.scored, n.value_fen)`);
      await this.tasks.revalue(
        tx,
        sql`select t.task_id, ${TASK_VALUE} as expected_value from retention.case_task t join retention.churn_case k on k.id = t.case_id
            where k.state in ('open', 'talking')`,
      );
    });
  }
}
