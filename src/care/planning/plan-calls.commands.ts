import { Injectable } from '@nestjs/common';
import { TasksCommands } from '../../calls/tasks/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { CONTACTS, countsFrom, OPEN_END, PlaceCalls, TASKS } from './place-calls.commands.js';
import { PlanJoins } from './plan-joins.commands.js';
import type { RunUnderWay } from './plan.types.js';

const TASK_TABLE = rawSql(`create temp table care_task (task_id bigint, campaign_id bigint, customer_id bigint, cycle text) on commit drop`);

/** Which contact `x` a candidate `k` has come to be told in, on a `care_candidate k left join` of contacts. */
export const TOLD_IN = rawSql(`k.channel = 'call' and k.task_id is null and x.customer_id = k.customer_id and x.contact = k.contact`);

/** Candidates that need a call of their own. */
const OWN_CALL = rawSql(`k.channel = 'call' and k.task_id is null`);
/** The last day a candidate may be told; there is none for what is late already. */
const LAST_DAY = sql`case when k.late then ${OPEN_END}::date else k.deadline_on end`;
/** A contact belongs to the best reason's campaign. */
const WANTED = sql`
  select k.customer_id, k.contact, k.owner_id, k.line_id, k.star, k.rule_code, k.cycle, k.from_on, ${LAST_DAY} as until_on, k.deadline_on
  from care_candidate k where ${OWN_CALL} and k.contact = 0
  union all
  select k.customer_id, k.contact, min(k.owner_id), min(k.line_id), min(k.star), (array_agg(k.rule_code order by k.sort, k.cycle))[1],
         (array_agg(k.cycle order by k.sort, k.cycle))[1], max(k.from_on), min(${LAST_DAY}), min(k.deadline_on)
  from care_candidate k where ${OWN_CALL} and k.contact > 0
  group by k.customer_id, k.contact`;
const STANDING_TASK = rawSql(`(select t.id from calls.v_task t where t.campaign_id = p.id and t.customer_id = x.customer_id and t.cycle = x.cycle)`);

/**
 * Turns the calls among the candidates into tasks: reasons of one customer that can be told in one call become one contact,
 * contacts are spread over the days the owner is rostered, each reason gets its own row in `care.due` (CAR-1, CAR-11).
 */
@Injectable()
export class PlanCalls {
  constructor(
    private readonly clock: Clock,
    private readonly tasks: TasksCommands,
    private readonly placing: PlaceCalls,
    private readonly joins: PlanJoins,
  ) {}

  /** Whoever asks has locked planning. @returns the reasons planned, by rule */
  async plan(tx: Tx, run: RunUnderWay): Promise<Record<string, number>> {
    await this.joins.join(tx, run);
    const today = dayOf(this.clock.now());
    await this.spread(tx, run.day < today ? today : run.day, TASKS); // nobody can call on a day gone by: it was asked for, or waited over midnight
    await this.makeTasks(tx);
    const planned = await this.makeDue(tx, run);
    await tx.run(rawSql('drop table care_contact, care_place, care_task'));
    return { ...Object.fromEntries(run.rules.map(({ rule }) => [rule.code, 0])), ...planned };
  }

  /**
   * Makes contacts of the candidates that go with no other call, and gives each a day: {@link CONTACTS}, from the tables `care_contact` and `care_place`.
   * @param booked what stands on the managers' lists: a relation of owner_id, due_on
   */
  async spread(tx: Tx, day: Day, booked: Sql): Promise<void> {
    await this.merge(tx);
    await this.placing.place(tx, day, { contacts: WANTED, booked });
  }

  /**
   * One contact for all reasons of a customer that may be told by the last working day before the nearest deadline; each of the others is its own: a
   * birthday on a day off is wished before it, which may be before a new period of visits begins. Who has one reason only, as nearly everybody, keeps
   * contact 0.
   */
  private async merge(tx: Tx): Promise<void> {
    await tx.run(sql`
      with own as materialized (
        select k.rule_code, k.customer_id, k.cycle, k.sort, k.from_on, min(${LAST_DAY}) over (partition by k.customer_id) as deadline
        from care_candidate k
        where ${OWN_CALL} and k.customer_id in (select k.customer_id from care_candidate k where ${OWN_CALL} group by 1 having count(*) > 1)),
      -- looked up once for each day: for each reason it costs more than all the rest
      nearest as materialized (
        select o.deadline, max(d.day) as day
        from (select distinct o.deadline from own o) o
        join calendar.v_day d on d.working and d.day between o.deadline - 15 and o.deadline group by 1)
      update care_candidate k set contact = g.contact
      from (select o.rule_code, o.customer_id, o.cycle,
                   case when o.from_on <= coalesce(n.day, o.deadline) then 1
                        else 1 + row_number() over (partition by o.customer_id order by o.sort, o.cycle) end as contact
            from own o left join nearest n on n.deadline = o.deadline) g
      where k.rule_code = g.rule_code and k.customer_id = g.customer_id and k.cycle = g.cycle`);
  }

  private async makeTasks(tx: Tx): Promise<void> {
    await tx.run(TASK_TABLE);
    await this.tasks.plan(
      tx,
      sql`select p.id as campaign_id, k.customer_id, k.line_id, k.cycle, k.owner_id, k.due_on, k.deadline_on, k.star, k.over_capacity
          from ${CONTACTS} k join campaigns.v_campaign p on p.code = k.rule_code`,
      rawSql('care_task'),
    );
  }

  /** Where a contact had its task already, the reason goes to that one. */
  private async makeDue(tx: Tx, run: RunUnderWay): Promise<Record<string, number>> {
    const rows = await tx.rows<{ code: string; count: number }>(sql`
      with made as (
        insert into care.due as o (rule_code, customer_id, cycle, channel, due_on, deadline_on, counts_from, facts, policy_version, task_id, plan_run_id, created_at)
        select k.rule_code, k.customer_id, k.cycle, k.channel, coalesce(k.due_on, x.due_on), k.deadline_on,
               ${countsFrom('k', sql`x.due_on`)}, k.facts, k.policy_version,
               coalesce(k.task_id, n.task_id, ${STANDING_TASK}), ${run.id}, ${this.clock.now()}
        from care_candidate k
        left join ${CONTACTS} x on ${TOLD_IN}
        left join campaigns.v_campaign p on p.code = x.rule_code
        left join care_task n on n.campaign_id = p.id and n.customer_id = x.customer_id and n.cycle = x.cycle
        where k.channel = 'call' and (k.task_id is not null or x.due_on is not null)
        on conflict (rule_code, customer_id, cycle) do update
        set state = 'open', withdrawn = false, closed_at = null, due_on = excluded.due_on, deadline_on = excluded.deadline_on, facts = excluded.facts,
            counts_from = excluded.counts_from, policy_version = excluded.policy_version, task_id = excluded.task_id,
            plan_run_id = excluded.plan_run_id, created_at = excluded.created_at
        where o.withdrawn
        returning rule_code)
      select rule_code as code, count(*)::int as count from made group by 1`);
    return Object.fromEntries(rows.map(({ code, count }) => [code, count]));
  }
}
