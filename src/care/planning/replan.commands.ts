import { Injectable } from '@nestjs/common';
import { TasksCommands, WITHDRAWN } from '../../calls/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { CareRulesQueries, type RuleInForce } from '../care-rules.queries.js';
import { ruleOf } from '../rules/rule-list.policy.js';
import { PlanCalls } from './plan-calls.commands.js';
import { PlanChunk } from './plan-chunk.commands.js';
import { LASTING, type ReplanAsk, ReplanSuspects } from './replan-suspects.commands.js';

/** The line in the history of a task. */
const NEW_MANAGER = '换了客户经理';

/**
 * Lets calls that nobody has begun follow what has changed since they were planned: star, birthday, status, block, the rule itself, the manager. What its
 * rule names no more is taken back, with the reason, and what the rule names instead is planned at once; a new manager takes the call over (CAR-2,
 * CAR-11). A call that was claimed, tried or promised back stays as it is. A second time nothing is left to do.
 */
@Injectable()
export class ReplanCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly rules: CareRulesQueries,
    private readonly tasks: TasksCommands,
    private readonly suspects: ReplanSuspects,
    private readonly chunk: PlanChunk,
    private readonly calls: PlanCalls,
  ) {}

  /** @returns how many promises were taken back */
  replan(ask: ReplanAsk): Promise<number> {
    return this.db.tx(async (tx) => {
      await this.tasks.lockPlanning(tx);
      await this.follow(tx, ask.who);
      const rows = (await this.rules.list(tx)).filter(({ code }) => LASTING.includes(code));
      const inForce = rows.filter(({ enabled }) => enabled).map((row): RuleInForce => ({ rule: ruleOf(row.code), ...row }));
      const today = dayOf(this.clock.now());
      const found = await this.suspects.gather(tx, rows, ask);
      if (found > 0) await this.suspects.judge(tx, inForce, today);
      const withdrawn = found > 0 ? await this.withdraw(tx) : 0;
      if (withdrawn > 0 && inForce.length > 0) await this.planAgain(tx, inForce, today);
      await tx.run(rawSql('drop table care_suspect'));
      return withdrawn;
    });
  }

  /** The new manager takes over. */
  private async follow(tx: Tx, who: Sql): Promise<void> {
    const moved = await this.tasks.followManagers(
      tx,
      sql`select d.task_id from care.due d where d.state = 'open' and d.channel = 'call' and d.customer_id in (select c.id from customers.v_customer c where ${who})`,
      NEW_MANAGER,
    );
    if (moved.length === 0) return;
    await this.note(
      tx,
      sql`select d.customer_id, d.rule_code, d.cycle, 'manager'::text as why from care.due d
          where d.state = 'open' and d.task_id = any(${moved.map(({ taskId }) => taskId)}::bigint[])`,
    );
  }

  /** A call that has other reasons stays for these and loses this one. */
  private async withdraw(tx: Tx): Promise<number> {
    const gone = sql`(select * from care_suspect where why is not null)`;
    const withdrawn = await tx.run(sql`
      update care.due d set state = 'cancelled', withdrawn = true, closed_at = ${this.clock.now()} from ${gone} s
      where d.rule_code = s.rule_code and d.customer_id = s.customer_id and d.cycle = s.cycle`);
    if (withdrawn === 0) return 0;
    await this.note(tx, sql`select s.customer_id, s.rule_code, s.cycle, s.why from ${gone} s`);
    const kept = sql`(exists (select from care.due o where o.task_id = s.task_id and o.state = 'open')
      or exists (select from reporting.dispatch x where x.task_id = s.task_id and x.state = 'open'))`;
    const free = await tx.rows<{ taskId: string }>(sql`select distinct s.task_id as "taskId" from ${gone} s where not ${kept}`);
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

  /** What the rules name for those customers now, in a run of its own: the explanation of each contact names the run that made it. */
  private async planAgain(tx: Tx, rules: readonly RuleInForce[], day: Day): Promise<void> {
    const now = this.clock.now();
    const codes = rules.map(({ rule }) => rule.code);
    const { id } = await tx.one<{ id: string }>(sql`
      insert into care.plan_run (day, rules, state, created_at, started_at) values (${day}::date, ${codes}::text[], 'running', ${now}, ${now}) returning id`);
    const who = sql`c.id in (select customer_id from care_suspect where why is not null)`;
    await this.chunk.gather(tx, rules, ({ rule, settings }) => {
      const candidates = rule.candidates(settings, { day, who });
      return candidates && sql`select * from (${candidates}) q where q.channel = 'call'`;
    });
    await this.chunk.judgeCalls(tx, day);
    const skipped = await this.chunk.skipped(tx);
    const planned = await this.calls.plan(tx, { id, day, rules, orgPath: '/', doneTo: '-1' });
    await tx.run(rawSql('drop table care_candidate'));
    await tx.run(sql`
      update care.plan_run set state = 'done', finished_at = ${now}, planned = ${JSON.stringify(planned)}::jsonb, skipped = ${JSON.stringify(skipped)}::jsonb
      where id = ${id}`);
  }
}
