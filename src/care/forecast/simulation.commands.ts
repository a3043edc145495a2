import { Injectable } from '@nestjs/common';
import { addDays, type Day, lastDayOfMonth, monthsWithin } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import { CONTACTS } from '../planning/place-calls.commands.js';
import { PlanCalls, TOLD_IN } from '../planning/plan-calls.commands.js';
import { PlanChunk } from '../planning/plan-chunk.commands.js';
import { messagePurposeOf, RULES } from '../rules/rule-list.policy.js';
import { callsThrough, messagesThrough } from './calls-through.queries.js';
import type { Simulated, SimulationAsk } from './forecast.types.js';
import { ListedMisses } from './listed-misses.commands.js';
import { SimulationBooks } from './simulation-books.commands.js';
import { SimulationGate } from './simulation-gate.commands.js';
import { ATTEMPTS, LOADS, MESSAGES } from './simulation.tables.js';

/** So many mornings are planned at once; no visit is owed again sooner, so that a visit within a step hardly changes it. */
const STEP_DAYS = 7;
/** When a call to come is taken to be made. */
const CALL_HOUR = rawSql(`interval '10 hours'`);
/** Marks a candidate that goes along with a call already there. */
const ALONG = 0;

const FEW = 5_000;
const BOOKED = rawSql('c.id in (select b.customer_id from care_book b)');

/** Everybody some managers (ids) answer for, as a condition on `customers.v_customer c`. */
export const bookOf = (managers: readonly string[]): Sql => sql`c.manager_id = any(${managers}::bigint[])`;

interface Step {
  day: Day;
  until: Day;
}

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
    private readonly books: SimulationBooks,
    private readonly gate: SimulationGate,
    private readonly listed: ListedMisses,
  ) {}

  /** The figures of some managers' books, kept nowhere. */
  run({ managers, ...ask }: Omit<SimulationAsk, 'who'> & { managers: readonly string[] }): Promise<Simulated> {
    return this.db.tx(async (tx) => {
      const whole = { ...ask, who: bookOf(managers) };
      await this.simulate(tx, whole);
      return this.result(tx, whole);
    });
  }

  /** Fills the tables of {@link SIMULATION_TABLES} for one book, in the transaction of the caller. */
  async simulate(tx: Tx, ask: SimulationAsk): Promise<void> {
    const customers = await this.books.open(tx, ask);
    if (customers === 0) return;
    await this.listed.find(tx, ask);
    // few are found by their ids; who they are is not worked out again for each day and rule
    const asked = customers > FEW ? ask : { ...ask, who: BOOKED };
    for (let day = ask.today; day <= ask.until; day = addDays(day, STEP_DAYS)) {
      const last = addDays(day, STEP_DAYS - 1);
      await this.step(tx, asked, { day, until: last < ask.until ? last : ask.until });
    }
    await tx.run(sql`
      update care_miss m set reason = 'away' where m.reason = 'no_capacity'
        and not exists (select from care_rota r where r.owner_id = m.owner_id and r.day between m.from_on and m.deadline_on and r.calls > 0)`);
  }

  /** The plan runs of {@link STEP_DAYS} mornings. */
  private async step(tx: Tx, ask: SimulationAsk, step: Step): Promise<void> {
    await this.chunk.gather(tx, [], () => null);
    await this.name(tx, ask, step);
    await this.putOff(tx, step.until);
    await this.gate.judge(tx);
    await this.keepMessages(tx, ask);
    await tx.run(rawSql('analyze care_candidate'));
    await this.goAlong(tx, step.day, ask.today);
    await this.calls.spread(tx, step.day, LOADS);
    await this.keep(tx);
    await tx.run(rawSql('drop table care_contact, care_place, care_candidate'));
    await tx.run(rawSql('analyze care_load, care_attempt, care_forecast'));
  }

  /** Every rule's candidates that are neither planned nor forecast yet, with the word of the gate. */
  private async name(tx: Tx, ask: SimulationAsk, step: Step): Promise<void> {
    for (const named of ask.rules.flatMap((inForce) => namedBy(inForce, ask, step))) {
      await tx.run(sql`
        insert into care_candidate (rule_code, sort, policy_version, customer_id, cycle, channel, from_on, deadline_on, late, counts_from, star, owner_id, line_id, number, reason)
        select r.rule_code, r.sort, r.policy_version, r.customer_id, r.cycle, r.channel, r.from_on, r.deadline_on, r.late, r.counts_from,
               b.star, b.owner_id, b.line_id, b.number, coalesce(f.reason, case when r.channel = 'call' and b.owner_id is null then 'no_manager' end)
        from (${named}) r
        join care_book b on b.customer_id = r.customer_id
        left join care_refusal f on f.channel = r.channel and f.purpose = r.purpose and f.customer_id = r.customer_id
        where not exists (select from care.due d
                          where d.rule_code = r.rule_code and d.customer_id = r.customer_id and d.cycle = r.cycle and not d.withdrawn)
          and not exists (select from care_forecast u where u.rule_code = r.rule_code and u.customer_id = r.customer_id and u.cycle = r.cycle)`);
    }
  }

  /** What a month's word names for a later step comes with that step: nobody knows of it before. */
  private async putOff(tx: Tx, until: Day): Promise<void> {
    const monthly = RULES.flatMap((rule) => (rule.monthly ? rule.code : []));
    await tx.run(rawSql('create temp table if not exists care_later (like care_candidate) on commit drop'));
    await tx.run(sql`
      with now as (delete from care_later where from_on <= ${until}::date returning *),
      later as (delete from care_candidate where from_on > ${until}::date and rule_code = any(${monthly}::text[]) returning *),
      kept as (insert into care_later select * from later)
      insert into care_candidate select * from now`);
  }

  /** A message goes out on its day; one that is no filler stands for the visit by message of its month too. */
  private async keepMessages(tx: Tx, { rules }: SimulationAsk): Promise<void> {
    const visits = rules.flatMap(({ rule }) => (messagePurposeOf(rule) === 'service' ? [] : rule.code));
    await tx.run(sql`
      insert into care_forecast select k.rule_code, k.customer_id, k.cycle, k.channel, k.from_on, k.deadline_on, true
      from care_candidate k where k.channel = 'sms' and k.reason is null`);
    await tx.run(sql`
      insert into care_messaged select k.customer_id, k.from_on from care_candidate k
      where k.channel = 'sms' and k.reason is null and k.rule_code = any(${visits}::text[])`);
    await tx.run(rawSql(`delete from care_candidate where channel = 'sms' or reason is not null`));
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

  /** What was placed stands on a list, is owed no more, and will have been a visit. What found no room in time will be missed. */
  private async keep(tx: Tx): Promise<void> {
    const reasons = sql`care_candidate k left join ${CONTACTS} x on ${TOLD_IN}`;
    await tx.run(sql`
      insert into care_forecast
      select k.rule_code, k.customer_id, k.cycle, k.channel, coalesce(k.due_on, x.due_on), k.deadline_on, x.rule_code is not distinct from k.rule_code and x.cycle = k.cycle
      from ${reasons} where coalesce(k.due_on, x.due_on) is not null`);
    await tx.run(
      sql`insert into care_load (customer_id, owner_id, due_on, open) select x.customer_id, x.owner_id, x.due_on, true from ${CONTACTS} x`,
    );
    await tx.run(sql`
      insert into care_miss
      select k.customer_id, k.owner_id, k.rule_code, k.cycle, k.star, k.from_on, k.deadline_on, 'no_capacity', false
      from care_candidate k join ${CONTACTS} x on ${TOLD_IN} where (x.over_capacity or x.due_on > k.deadline_on) and not k.late`);
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
      from care_forecast where channel = 'call' and due_on <= ${until}::date group by 1, 2 order by 2, 1`);
    return { loads, reasons };
  }
}

/** What one rule names in a step: a rule that speaks of months is asked where one begins. */
function namedBy(inForce: RuleInForce, ask: SimulationAsk, step: Step): Sql[] {
  const { rule, version } = inForce;
  return spansOf(inForce, ask, step).flatMap(({ day, until }) => {
    const asked = { day, who: ask.who, attempts: ATTEMPTS, messaged: MESSAGES };
    const each = [
      { named: callsThrough(inForce, asked, until), purpose: 'care' },
      { named: messagesThrough(inForce, asked, until), purpose: messagePurposeOf(rule) },
    ];
    return each.flatMap(({ named, purpose }) =>
      named
        ? [
            sql`select ${rule.code}::text as rule_code, ${rule.sort}::int as sort, ${version}::int as policy_version, ${purpose}::text as purpose,
                       q.customer_id, q.cycle, q.channel, q.from_on, q.deadline_on, q.late, q.counts_from from (${named}) q`,
          ]
        : [],
    );
  });
}

function spansOf({ rule }: RuleInForce, ask: SimulationAsk, step: Step): Step[] {
  if (rule.namesWithinDays !== undefined && step.day > addDays(ask.today, rule.namesWithinDays)) return [];
  if (!rule.monthly) return [step];
  return monthsWithin(step.day, step.until)
    .filter(({ from }) => from === ask.today || from.endsWith('-01'))
    .map(({ from }) => ({ day: from, until: lastDayOfMonth(from) < ask.until ? lastDayOfMonth(from) : ask.until }));
}
