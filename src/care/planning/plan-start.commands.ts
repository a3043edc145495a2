import { Injectable } from '@nestjs/common';
import { StandIns } from '../../calls/handover/stand-in.commands.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { countBlankTables } from '../../platform/database/statistics.js';
import type { Sql } from '../../platform/database/sql.js';
import { BindingCommands } from './binding.commands.js';
import { DueCommands } from './due.commands.js';
import type { RunUnderWay } from './plan.types.js';
import { ReplanCommands } from './replan.commands.js';

const PLANNED = ['calls.task', 'care.due'];

/** What comes before anything is planned, and after all is, once a run and not once a chunk: each step reads what is planned from end to end. */
@Injectable()
export class PlanStart {
  constructor(
    private readonly db: Database,
    private readonly due: DueCommands,
    private readonly binding: BindingCommands,
    private readonly replanning: ReplanCommands,
    private readonly clock: Clock,
    private readonly standIns: StandIns,
  ) {}

  /**
   * What happened is settled, the promoted get their managers, what has changed is followed. Each may be done any number of times.
   * @param who a condition on `customers.v_customer c`
   */
  async prepare(run: RunUnderWay, who: Sql): Promise<void> {
    await countBlankTables(this.db, PLANNED, { uncounted: true });
    await this.db.tx((tx) => this.due.settle(tx, who));
    if (run.rules.some(({ rule }) => rule.code === 'star-promotion')) await this.binding.bind(run.day, who);
    await this.replanning.replan({ who });
  }

  /** What is planned for a day of absence goes to whoever stands in. */
  async handOver(): Promise<void> {
    await this.standIns.ofDay(dayOf(this.clock.now()));
  }

  /** Before each chunk reads what the one before it has written. */
  async countTables(): Promise<void> {
    await countBlankTables(this.db, PLANNED);
  }
}
