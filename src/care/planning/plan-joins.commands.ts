import { Injectable } from '@nestjs/common';
import { SAME_CONTACT_DAYS } from '../../calls/dispatch/dispatch.types.js';
import { TasksCommands } from '../../calls/tasks.commands.js';
import { addDays, type Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { RunUnderWay } from './plan.types.js';

/** Care calls that are on a list already: those of our own rules, and those that came by dispatch to a standing campaign. */
const OWN = sql`(select d.customer_id, d.task_id from care.due d where d.channel = 'call')`;
const DISPATCHED = sql`(
  select x.customer_id, x.task_id from reporting.dispatch x join campaigns.v_campaign p on p.id = x.campaign_id where p.standing and x.task_id is not null)`;

/** Finds the calls among the candidates that need no task of their own, because there is one they can go with (CAR-1, CAR-4). */
@Injectable()
export class PlanJoins {
  constructor(private readonly tasks: TasksCommands) {}

  async join(tx: Tx, run: RunUnderWay): Promise<void> {
    await this.joinDispatches(tx, run);
    for (const listed of [OWN, DISPATCHED]) await this.joinOpenTasks(tx, run.day, listed);
    await this.tasks.takeAlong(
      tx,
      sql`select k.task_id, max(k.due_on) as due_on, min(k.deadline_on) filter (where not k.late) as deadline_on
          from care_candidate k where k.channel = 'call' and k.task_id is not null group by k.task_id`,
    );
  }

  /** Whether a call that came by dispatch and is over was the one a candidate wanted. */
  async anyKept(tx: Tx): Promise<boolean> {
    const kept = await tx.maybe(
      sql`select 1 from care_candidate k join calls.v_task t on t.id = k.task_id where k.channel = 'call' and t.state = 'done' limit 1`,
    );
    return kept !== undefined;
  }

  /**
   * A dispatch of the same kind is this rule's contact, even when it was made first or is over: one wish a person (CAR-4). It waits for the rule's
   * day when its own last day lets it. Rules that count any visit need no such care: what was done for a dispatch keeps their promise by itself.
   */
  private async joinDispatches(tx: Tx, { day, rules }: RunUnderWay): Promise<void> {
    const codes = rules.filter(({ rule }) => rule.counting === 'own-task').map(({ rule }) => rule.code);
    await tx.run(sql`
      update care_candidate k set task_id = o.task_id, due_on = o.due_on, counts_from = least(k.counts_from, o.made_on)
      from (select distinct on (n.rule_code, n.customer_id, n.cycle) n.* from (
              select distinct on (t.id, k.rule_code) k.rule_code, k.customer_id, k.cycle, t.id as task_id, t.state, platform.day_of(t.created_at) as made_on,
                     case when k.from_on <= t.deadline_on then greatest(t.due_on, k.from_on) else t.due_on end as due_on
              from care_candidate k
              join campaigns.v_campaign p on p.code = k.rule_code
              join reporting.dispatch x on x.customer_id = k.customer_id and x.campaign_id = p.id
              join calls.v_task t on t.id = x.task_id
              where k.channel = 'call' and k.rule_code = any(${codes}::text[])
                and not exists (select from care.due d where d.task_id = t.id and d.rule_code = k.rule_code)
                and (t.state in ('open', 'claimed') or t.state = 'done' and platform.day_of(t.closed_at) >= ${addDays(day, -SAME_CONTACT_DAYS)}::date)
              order by t.id, k.rule_code, k.deadline_on, k.cycle) n
            order by n.rule_code, n.customer_id, n.cycle, n.state = 'done', n.task_id) o
      where k.rule_code = o.rule_code and k.customer_id = o.customer_id and k.cycle = o.cycle`);
  }

  /** A care call that is on the list already takes the new reason with it, when its day suits. */
  private async joinOpenTasks(tx: Tx, day: Day, listed: Sql): Promise<void> {
    await tx.run(sql`
      update care_candidate k set task_id = o.task_id, due_on = o.due_on
      from (select distinct on (k.rule_code, k.customer_id, k.cycle) k.rule_code, k.customer_id, k.cycle, t.id as task_id, t.due_on
            from care_candidate k
            join ${listed} d on d.customer_id = k.customer_id
            join calls.v_task t on t.id = d.task_id
            where k.channel = 'call' and k.task_id is null and t.state = 'open' and greatest(t.due_on, ${day}::date) >= k.from_on
              and (k.late or greatest(t.due_on, ${day}::date) <= k.deadline_on)
            order by k.rule_code, k.customer_id, k.cycle, t.due_on, t.id) o
      where k.rule_code = o.rule_code and k.customer_id = o.customer_id and k.cycle = o.cycle`);
  }
}
