import { Injectable } from '@nestjs/common';
import { TasksCommands, WITHDRAWN } from '../../calls/tasks/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { CareRulesQueries, type RuleInForce } from '../care-rules.queries.js';
import { ruleOf } from '../rules/rule-list.policy.js';
import { PlanAgain } from './plan-again.commands.js';
import { Relevel } from './relevel.commands.js';
import { type ReplanAsk, ReplanSuspects } from './replan-suspects.commands.js';

/** The line in the history of a task. */
const NEW_MANAGER = '换了客户经理';

/**
 * Lets contacts that nobody has begun follow what has changed since they were planned: star, birthday, status, block, the rule itself, the manager. What
 * its rule names no more is taken back, with the reason, and what the rule names instead is planned at once, as {@link CareRule.replan} says; a new manager
 * takes the call over, on a day that has room (CAR-1, CAR-2, CAR-11). A call that was claimed, tried or promised back stays as it is, and so does a
 * message that is handed over. A second time nothing is left to do.
 */
@Injectable()
export class ReplanCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly rules: CareRulesQueries,
    private readonly tasks: TasksCommands,
    private readonly suspects: ReplanSuspects,
    private readonly relevel: Relevel,
    private readonly again: PlanAgain,
  ) {}

  /** @returns how many promises were taken back */
  replan(ask: ReplanAsk): Promise<number> {
    return this.db.tx(async (tx) => {
      await this.tasks.lockPlanning(tx);
      await this.follow(tx, ask.who);
      const rows = await this.rules.list(tx);
      const inForce = rows.filter(({ enabled }) => enabled).map((row): RuleInForce => ({ rule: ruleOf(row.code), ...row }));
      const today = dayOf(this.clock.now());
      const found = await this.suspects.gather(tx, rows, today, ask);
      if (found > 0) await this.suspects.judge(tx, inForce, today);
      const withdrawn = found > 0 ? await this.withdraw(tx) : 0;
      if (withdrawn > 0 && inForce.length > 0) await this.again.plan(tx, inForce, today);
      await tx.run(rawSql('drop table care_suspect'));
      return withdrawn;
    });
  }

  /** The new manager takes over, on days that suit her. */
  private async follow(tx: Tx, who: Sql): Promise<void> {
    const moved = await this.tasks.followManagers(
      tx,
      sql`select d.task_id from care.due d where d.state = 'open' and d.channel = 'call' and d.customer_id in (select c.id from customers.v_customer c where ${who})`,
      NEW_MANAGER,
    );
    if (moved.length === 0) return;
    const tasks = moved.map(({ taskId }) => taskId);
    await this.note(
      tx,
      sql`select d.customer_id, d.rule_code, d.cycle, 'manager'::text as why from care.due d where d.state = 'open' and d.task_id = any(${tasks}::bigint[])`,
    );
    await this.relevel.fit(tx, sql`select unnest(${tasks}::bigint[])`);
  }

  /** A call that has other reasons stays for these and loses this one. */
  private async withdraw(tx: Tx): Promise<number> {
    await this.suspects.takeBackMessages(tx);
    const gone = sql`(select * from care_suspect where why is not null)`;
    const withdrawn = await tx.run(sql`
      update care.due d set state = 'cancelled', withdrawn = true, closed_at = ${this.clock.now()} from ${gone} s
      where d.rule_code = s.rule_code and d.customer_id = s.customer_id and d.cycle = s.cycle`);
    if (withdrawn === 0) return 0;
    await this.note(tx, sql`select s.customer_id, s.rule_code, s.cycle, s.why from ${gone} s`);
    const kept = sql`(exists (select from care.due o where o.task_id = s.task_id and o.state = 'open')
      or exists (select from reporting.dispatch x where x.task_id = s.task_id and x.state = 'open'))`;
    const free = await tx.rows<{ taskId: string }>(
      sql`select distinct s.task_id as "taskId" from ${gone} s where s.task_id is not null and not ${kept}`,
    );
    await this.tasks.callOff(
      tx,
      free.map(({ taskId }) => taskId),
      WITHDRAWN,
    );
    await tx.run(sql`
      update care.due d set task_id = null from ${gone} s
      where d.rule_code = s.rule_code and d.customer_id = s.customer_id and d.cycle = s.cycle and ${kept}`);
    return withdrawn;
  }

  private async note(tx: Tx, rows: Sql): Promise<void> {
    await tx.run(sql`
      insert into care.replan (customer_id, rule_code, cycle, why, at)
      select n.customer_id, n.rule_code, n.cycle, n.why, ${this.clock.now()}::timestamptz from (${rows}) n order by 1, 2, 3`);
  }
}
