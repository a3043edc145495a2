import { Injectable } from '@nestjs/common';
import { addDays, type Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { PLAN_AHEAD_DAYS } from '../planning/plan.types.js';
import { messagedSql } from '../rules/sms-visit.rule.js';
import type { SimulationAsk } from './forecast.types.js';
import { SimulationGate } from './simulation-gate.commands.js';
import { SIMULATION_TABLES } from './simulation.tables.js';

const STANDING = sql`(select p.id from campaigns.v_campaign p where p.standing)`;
const OURS = sql`(select b.customer_id from care_book b)`;

/** What a forecast begins with: the customers of a book, the gate's word on them, what stands on lists, and what was. */
@Injectable()
export class SimulationBooks {
  constructor(private readonly gate: SimulationGate) {}

  /** @returns how many customers there are */
  async open(tx: Tx, ask: SimulationAsk): Promise<number> {
    // the tables are small and read at once: a few rows say enough of them
    await tx.run(rawSql('set local default_statistics_target = 10'));
    for (const table of SIMULATION_TABLES) await tx.run(table);
    const customers = await this.addCustomers(tx, ask.who);
    await this.gate.ask(tx, ask);
    await this.addRota(tx, ask);
    await this.addLoad(tx, ask);
    await this.addPast(tx, ask.today);
    await tx.run(rawSql('analyze care_load, care_rota, care_attempt, care_messaged, care_refusal'));
    return customers;
  }

  private async addCustomers(tx: Tx, who: Sql): Promise<number> {
    const customers = await tx.run(sql`
      insert into care_book
      select c.id, c.star_level, w.id, k.line_id, k.number
      from customers.v_customer c
      join lateral (select l.line_id, l.number from customers.v_contact_line l where l.customer_id = c.id) k on true
      left join staff.v_user w on w.id = c.manager_id and w.active and w.role = 'manager'
      where ${who}`);
    await tx.run(rawSql('analyze care_book'));
    return customers;
  }

  /** Whoever is on duty on a great festival's days keeps promises and makes no care calls (GOV-4). */
  private async addRota(tx: Tx, { today, until }: SimulationAsk): Promise<void> {
    await tx.run(sql`
      insert into care_rota
      select r.user_id, r.day, r.share, case when d.closed_festival is null then r.calls else 0 end
      from calendar.v_rota(${today}, ${addDays(until, PLAN_AHEAD_DAYS)}) r join calendar.v_day d on d.day = r.day
      where r.user_id in (select b.owner_id from care_book b)`);
  }

  /** Whoever calls a customer of the book; a manager's list can hold others too, which take up his day as well. */
  private async addLoad(tx: Tx, { today, until }: SimulationAsk): Promise<void> {
    await tx.run(sql`
      insert into care_load
      select t.customer_id, t.owner_id, t.due_on, t.state in ('open', 'claimed'), p.code, t.deadline_on
      from calls.v_task t join campaigns.v_campaign p on p.id = t.campaign_id
      where t.owner_id in (select b.owner_id from care_book b) and p.standing
        and case when t.due_on < ${today}::date then t.state in ('open', 'claimed')
                 else t.due_on <= ${addDays(until, PLAN_AHEAD_DAYS)}::date and t.state not in ('cancelled', 'recycled') end`);
  }

  private async addPast(tx: Tx, today: Day): Promise<void> {
    await tx.run(sql`
      insert into care_attempt
      select a.customer_id, a.campaign_id, a.source, a.topics, a.visit, a.effective, max(a.started_at) from calls.v_attempt a
      where (a.visit or a.effective) and a.customer_id in ${OURS}
      group by a.customer_id, a.campaign_id, a.source, a.topics, a.visit, a.effective
      union all
      select t.customer_id, t.campaign_id, 'agent', coalesce((select array_agg(d.rule_code) from care.due d where d.task_id = t.id), '{}'), true, true,
             platform.day_start(greatest(t.due_on, ${today}::date)) + interval '10 hours'
      from calls.v_task t
      where t.state in ('open', 'claimed') and t.customer_id in ${OURS} and t.campaign_id in ${STANDING}`);
    await tx.run(
      sql`insert into care_messaged select m.customer_id, m.on_day from ${messagedSql(`${today.slice(0, 7)}-01`)} m where m.customer_id in ${OURS}`,
    );
  }
}
