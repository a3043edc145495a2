import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { type Assigning, ownersOf } from '../lists/list-owners.js';

/**
 * A list that is not bound to the customers' own managers goes on without somebody who is away and has no deputy to take over: the calls due in the absence go to the others, by
 * the campaign's own rule (CAM-3). Callbacks are left: they were promised by a person. Each move has its line in `calls.assignment`.
 */
@Injectable()
export class HandingAround {
  constructor(private readonly clock: Clock) {}

  /** @param which of the absences `a`; @param why the sentence for the history, of a row with name and days. @returns how many tasks moved */
  async of(tx: Tx, today: Day, which: Sql, why: Sql): Promise<number> {
    let moved = 0;
    for (const campaign of await this.campaigns(tx, today, which)) {
      moved += await tx.run(sql`
        with included as materialized (
          select t.id as task_id, t.customer_id, t.owner_id as from_owner, null::bigint as manager_id, left_by.*,
                 row_number() over (order by t.star desc, t.expected_value desc, t.id) as place
          from calls.task t join (${leftBehind(today, which)}) left_by on left_by.user_id = t.owner_id
          where t.campaign_id = ${campaign.id} and t.state = 'open' and t.callback_at is null and t.due_on <= ${today}::date),
        moving as (
          select i.task_id, i.from_owner, w.owner_id as to_owner, i.absence_id, i.name, i.from_day, i.to_day, i.noted_by
          from included i ${ownersOf({ ...campaign, day: today, through: today })}
          where w.owner_id <> i.from_owner and not exists (select from (${leftBehind(today, sql`true`)}) other where other.user_id = w.owner_id)),
        moved as (
          update calls.task t set owner_id = m.to_owner from moving m
          where t.id = m.task_id and t.owner_id = m.from_owner and t.state = 'open' returning t.id)
        insert into calls.assignment (task_id, from_owner, to_owner, by_user, at, why, absence_id)
        select m.task_id, m.from_owner, m.to_owner, m.noted_by, ${this.clock.now()}::timestamptz, ${why}, m.absence_id
        from moving m join moved d on d.id = m.task_id`);
    }
    return moved;
  }

  private campaigns(tx: Tx, today: Day, which: Sql): Promise<(Omit<Assigning, 'day'> & { id: string })[]> {
    return tx.rows(sql`
      select c.id, c.assignment, o.path as "orgPath"
      from campaigns.v_campaign c join staff.v_org_unit o on o.id = c.org_unit_id
      where c.assignment <> 'owner' and c.state in ('running', 'paused') and exists (
        select from calls.task t join (${leftBehind(today, which)}) l on l.user_id = t.owner_id
        where t.campaign_id = c.id and t.state = 'open' and t.callback_at is null and t.due_on <= ${today}::date)
      order by c.id`);
  }
}

/** Who is away today without a deputy who is there, once each. */
const leftBehind = (today: Day, which: Sql): Sql => sql`
  select distinct on (a.user_id) a.user_id, a.id as absence_id, a.noted_by, a.from_day, a.to_day, u.name
  from calendar.v_absence a
  join staff.v_user u on u.id = a.user_id
  join calendar.v_rota(${today}, ${today}) r on r.user_id = a.user_id
  where ${today}::date between a.from_day and a.to_day and r.rostered > 0 and r.share = 0 and ${which}
    and not exists (select from calendar.v_rota(${today}, ${today}) d join staff.v_user du on du.id = d.user_id and du.active
                    where d.user_id = a.deputy_id and d.share > 0)
  order by a.user_id, a.to_day desc, a.id`;
