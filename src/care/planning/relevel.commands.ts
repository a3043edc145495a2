import { Injectable } from '@nestjs/common';
import { TasksCommands, UNTOUCHED } from '../../calls/tasks/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { CareRulesQueries } from '../care-rules.queries.js';
import { CONTACTS, countsFrom, OPEN_END, PlaceCalls, TASKS } from './place-calls.commands.js';

const MOVING_TABLE = rawSql(`create temp table care_moving (
  task_id bigint, nth int, customer_id bigint, owner_id bigint, line_id bigint, star smallint, deadline_on date, from_on date
) on commit drop`);

/** What stands on the lists beside the calls that are moved. */
const OTHERS = sql`(select t.owner_id, t.due_on from ${TASKS} t where t.id not in (select m.task_id from care_moving m))`;

/** The days found: task_id, due_on, over_capacity (no day their rules allow has room). */
const NEW_DAYS = sql`(
  select m.task_id, x.due_on, x.over_capacity from care_moving m join ${CONTACTS} x on x.customer_id = m.customer_id and x.contact = m.nth)`;

/** Gives care calls that stand on a list, and that nobody has begun, a day that suits their owner, as far as their rules let them wait. */
@Injectable()
export class Relevel {
  constructor(
    private readonly clock: Clock,
    private readonly rules: CareRulesQueries,
    private readonly tasks: TasksCommands,
    private readonly placing: PlaceCalls,
  ) {}

  /**
   * What does not fit is put on its last day and flagged.
   * @param tasks yields `task_id`
   * @returns how many have another day
   */
  async fit(tx: Tx, tasks: Sql): Promise<number> {
    await this.lay(tx, tasks);
    const moved = await this.apply(tx, NEW_DAYS);
    await this.close(tx);
    return moved;
  }

  /** Lays the calls out over the days of their owners, beside what else stands there. */
  private async lay(tx: Tx, tasks: Sql): Promise<void> {
    const today = dayOf(this.clock.now());
    await tx.run(MOVING_TABLE);
    await tx.run(sql`
      insert into care_moving
      select t.id, row_number() over (partition by t.customer_id order by t.id), t.customer_id, t.owner_id, t.line_id, t.star, t.deadline_on, ${today}::date
      from calls.v_task t where t.id in (${tasks}) and ${UNTOUCHED}`);
    await this.notBefore(tx, today);
    await this.placing.place(tx, today, {
      contacts: sql`
        select m.customer_id, m.nth as contact, m.owner_id, m.line_id, m.star, null::text as rule_code, null::text as cycle, m.from_on,
               case when m.deadline_on < ${today}::date then ${OPEN_END}::date else m.deadline_on end as until_on, m.deadline_on
        from care_moving m`,
      booked: OTHERS,
    });
  }

  /** The rules say from when on; a call that tells several things waits for the last of them. */
  private async notBefore(tx: Tx, today: Day): Promise<void> {
    const named = (await this.rules.inForce()).flatMap(({ rule, settings }) => {
      const who = sql`c.id in (select m.customer_id from care_moving m)`;
      const candidates = rule.candidates(settings, { day: today, who });
      return candidates
        ? [sql`select ${rule.code}::text as rule_code, q.customer_id, q.cycle, q.from_on from (${candidates}) q where q.channel = 'call'`]
        : [];
    });
    if (named.length === 0) return;
    await tx.run(sql`
      update care_moving m set from_on = greatest(m.from_on, n.from_on)
      from (select d.task_id, max(q.from_on) as from_on
            from (${joinSql(named, ' union all ')}) q
            join care.due d on d.rule_code = q.rule_code and d.customer_id = q.customer_id and d.cycle = q.cycle and d.state = 'open'
            group by d.task_id) n
      where m.task_id = n.task_id`);
  }

  /** @param days yields `task_id, due_on, over_capacity` */
  private async apply(tx: Tx, days: Sql): Promise<number> {
    const moved = await this.tasks.moveDays(tx, days);
    await tx.run(
      sql`update care.due d set due_on = n.due_on, counts_from = ${countsFrom('d', sql`n.due_on`)} from ${days} n where d.task_id = n.task_id and d.state = 'open' and d.due_on <> n.due_on`,
    );
    return moved;
  }

  private async close(tx: Tx): Promise<void> {
    await tx.run(rawSql('drop table care_moving, care_contact, care_place'));
  }
}
