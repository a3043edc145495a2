import { Injectable } from '@nestjs/common';
import { addDays, type Day } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import type { RuleCode } from '../care.types.js';
import { CONTACTS, PlanCalls, TOLD_IN } from '../planning/plan-calls.commands.js';
import { PlanChunk } from '../planning/plan-chunk.commands.js';
import { PLAN_AHEAD_DAYS } from '../planning/plan.types.js';
import { callsThrough } from './calls-through.queries.js';
import type { Simulated, SimulationAsk } from './forecast.types.js';

/** So many mornings are planned at once; no visit is owed again sooner, so that a visit within a step hardly changes it. */
const STEP_DAYS = 7;
/** When a call to come is taken to be made. */
const CALL_HOUR = rawSql(`interval '10 hours'`);
/** Marks a candidate that goes along with a call already there. */
const ALONG = 0;

/** Calls on lists and forecast; those that are open can take a reason along. */
const LOAD_TABLE = rawSql(`create temp table care_load (customer_id bigint, owner_id bigint, due_on date, open boolean) on commit drop`);
/** Promises to come. A call is counted once, whatever it tells. */
const FORECAST_TABLE = rawSql(
  `create temp table care_forecast (rule_code text, customer_id bigint, cycle text, due_on date, own_call boolean) on commit drop`,
);
/** The last contacts of each kind, and those to come: what rules read instead of the books. */
const ATTEMPT_TABLE = rawSql(`create temp table care_attempt (
  customer_id bigint, campaign_id bigint, source text, topics text[], visit boolean, effective boolean, started_at timestamptz) on commit drop`);
const ATTEMPTS = rawSql('care_attempt');

/** Everybody some managers (ids) answer for, as a condition on `customers.v_customer c`. */
export const bookOf = (managers: readonly string[]): Sql => sql`c.manager_id = any(${managers}::bigint[])`;

/**
 * Runs the plan of the coming days without writing anything (CAR-12): the rules themselves name the candidates, the gate judges them, they
 * are merged and levelled as a plan run does it. All that is made are temporary tables, gone with the transaction.
 *
 * Approximate in this: calls to come are taken to be made, as visits, on the day they are planned for; what a later feed will tell (stars,
 * roaming, refusals) is not known; {@link STEP_DAYS} mornings are planned together, so a visit within them is seen by the next ones only.
 */
@Injectable()
export class Simulation {
  constructor(
    private readonly db: Database,
    private readonly chunk: PlanChunk,
    private readonly calls: PlanCalls,
  ) {}

  run(ask: SimulationAsk): Promise<Simulated> {
    return this.db.tx(async (tx) => {
      await this.begin(tx, ask);
      for (let day = ask.today; day <= ask.until; day = addDays(day, STEP_DAYS)) await this.step(tx, ask, day);
      return this.result(tx, ask);
    });
  }

  private async begin(tx: Tx, ask: SimulationAsk): Promise<void> {
    const { today, until } = ask;
    for (const table of [LOAD_TABLE, FORECAST_TABLE, ATTEMPT_TABLE]) await tx.run(table);
    await tx.run(sql`
      insert into care_load
      select t.customer_id, t.owner_id, t.due_on, t.state in ('open', 'claimed') from calls.v_task t
      where t.owner_id = any(${ask.managers}::bigint[]) and t.campaign_id in (select p.id from campaigns.v_campaign p where p.standing)
        and case when t.due_on < ${today}::date then t.state in ('open', 'claimed')
                 else t.due_on <= ${addDays(until, PLAN_AHEAD_DAYS)}::date and t.state not in ('cancelled', 'recycled') end`);
    await tx.run(sql`
      insert into care_attempt
      select a.customer_id, a.campaign_id, a.source, a.topics, a.visit, a.effective, max(a.started_at) from calls.v_attempt a
      where (a.visit or a.effective) and a.customer_id in (select c.id from customers.v_customer c where ${bookOf(ask.managers)})
      group by a.customer_id, a.campaign_id, a.source, a.topics, a.visit, a.effective
      union all
      select t.customer_id, t.campaign_id, 'agent', coalesce((select array_agg(d.rule_code) from care.due d where d.task_id = t.id), '{}'), true, true,
             platform.day_start(greatest(t.due_on, ${today}::date)) + ${CALL_HOUR}
      from calls.v_task t
      where t.state in ('open', 'claimed') and t.owner_id = any(${ask.managers}::bigint[]) and t.campaign_id in (select p.id from campaigns.v_campaign p where p.standing)`);
    await tx.run(rawSql('analyze care_load, care_attempt'));
  }

  /** The plan runs of {@link STEP_DAYS} mornings, from `day` on. */
  private async step(tx: Tx, ask: SimulationAsk, day: Day): Promise<void> {
    const last = addDays(day, STEP_DAYS - 1);
    const until = last < ask.until ? last : ask.until;
    const asked = { day, who: bookOf(ask.managers), attempts: ATTEMPTS };
    await this.chunk.gather(tx, ask.rules, (one) => callsThrough(one, asked, until), rawSql('care_forecast'));
    await this.chunk.judgeCalls(tx, day);
    await this.chunk.skipped(tx);
    await this.goAlong(tx, day, ask.today);
    await this.calls.spread(tx, day, rawSql('care_load'));
    await this.keep(tx);
    await tx.run(rawSql('drop table care_contact, care_place, care_candidate'));
    await tx.run(rawSql('analyze care_load, care_attempt, care_forecast'));
  }

  /** A call that is on a list, or will be, takes a new reason with it when its day suits. */
  private async goAlong(tx: Tx, day: Day, today: Day): Promise<void> {
    await tx.run(sql`
      update care_candidate k set task_id = ${ALONG}, due_on = o.due_on
      from (select distinct on (k.rule_code, k.customer_id, k.cycle) k.rule_code, k.customer_id, k.cycle, greatest(l.due_on, ${day}::date) as due_on
            from care_candidate k
            join care_load l on l.customer_id = k.customer_id
            where l.open and (l.due_on >= ${day}::date or ${day}::date = ${today}::date) and greatest(l.due_on, ${day}::date) >= k.from_on
              and (k.late or greatest(l.due_on, ${day}::date) <= k.deadline_on)
            order by k.rule_code, k.customer_id, k.cycle, l.due_on) o
      where k.rule_code = o.rule_code and k.customer_id = o.customer_id and k.cycle = o.cycle`);
  }

  /** What was placed stands on a list, is owed no more, and will have been a visit. */
  private async keep(tx: Tx): Promise<void> {
    const reasons = sql`care_candidate k left join ${CONTACTS} x on ${TOLD_IN}`;
    await tx.run(sql`
      insert into care_forecast
      select k.rule_code, k.customer_id, k.cycle, coalesce(k.due_on, x.due_on), x.rule_code is not distinct from k.rule_code and x.cycle = k.cycle
      from ${reasons} where coalesce(k.due_on, x.due_on) is not null`);
    await tx.run(sql`insert into care_load select x.customer_id, x.owner_id, x.due_on, true from ${CONTACTS} x`);
    await tx.run(sql`
      insert into care_attempt
      select x.customer_id, p.id, 'agent', array_agg(k.rule_code), true, true, platform.day_start(x.due_on) + ${CALL_HOUR}
      from ${reasons} join campaigns.v_campaign p on p.code = x.rule_code where x.due_on is not null
      group by x.customer_id, x.contact, p.id, x.due_on`);
  }

  private async result(tx: Tx, { today, until }: SimulationAsk): Promise<Simulated> {
    const loads = await tx.rows<Simulated['loads'][number]>(sql`
      select owner_id as owner, due_on as day, count(*)::int as tasks from care_load
      where due_on between ${today}::date and ${until}::date group by 1, 2 order by 2, 1`);
    const reasons = await tx.rows<Simulated['reasons'][number]>(sql`
      select rule_code as rule, due_on as day, count(*)::int as count, (count(*) filter (where own_call))::int as calls
      from care_forecast where due_on <= ${until}::date group by 1, 2 order by 2, 1`);
    const customers = await tx.rows<{ rule: RuleCode; count: number }>(sql`
      select rule_code as rule, count(distinct customer_id)::int as count from care_forecast where due_on <= ${until}::date group by 1`);
    const { overdue } = await tx.one<{ overdue: number }>(sql`select count(*)::int as overdue from care_load where due_on < ${today}::date`);
    return { loads, reasons, overdue, customers: Object.fromEntries(customers.map(({ rule, count }) => [rule, count])) };
  }
}
