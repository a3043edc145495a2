import { Injectable } from '@nestjs/common';
import { SAME_CONTACT_DAYS } from '../../calls/dispatch/dispatch.types.js';
import { TasksCommands } from '../../calls/tasks/tasks.commands.js';
import { addDays, type Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { RunUnderWay } from './plan.types.js';

/** Of what kind task `t` is: 0 a care call of our own rules, 1 one that came by dispatch to a standing campaign, null neither. */
const KIND = sql`
  case when exists (select from care.due d where d.task_id = t.id and d.channel = 'call') then 0
       when exists (select from reporting.dispatch x join campaigns.v_campaign p on p.id = x.campaign_id where x.task_id = t.id and p.standing) then 1 end`;

/** Finds the calls among the candidates that need no task of their own, because there is one they can go with (CAR-1, CAR-4). */
@Injectable()
export class PlanJoins {
  constructor(private readonly tasks: TasksCommands) {}

  async join(tx: Tx, run: RunUnderWay): Promise<void> {
    await this.joinDispatches(tx, run);
    await this.joinOpenTasks(tx, run.day);
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

  /**
   * A care call that is on the list already takes the new reason with it, when its day suits. Looked up customer by customer: what has been written
   * in this very run is not in the planner's statistics yet, and a join of whole tables would go astray by it.
   */
  private async joinOpenTasks(tx: Tx, day: Day): Promise<void> {
    await tx.run(sql`
      update care_candidate k set task_id = o.task_id, due_on = o.due_on
      from (select k.rule_code, k.customer_id, k.cycle, f.task_id, f.due_on
            from care_candidate k
            cross join lateral (
              select t.id as task_id, t.due_on from calls.v_task t cross join lateral (select ${KIND} as kind) s
              where t.customer_id = k.customer_id and t.state = 'open' and greatest(t.due_on, ${day}::date) >= k.from_on
                and (k.late or greatest(t.due_on, ${day}::date) <= k.deadline_on) and s.kind is not null
              order by s.kind, t.due_on, t.id limit 1) f
            where k.channel = 'call' and k.task_id is null) o
      where k.rule_code = o.rule_code and k.customer_id = o.customer_id and k.cycle = o.cycle`);
  }
}
