import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import { addDays, type Day, dayOf } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { lockList } from '../lists/list-filling.commands.js';
import { type Assigning, ownersOf } from '../lists/list-owners.js';
import { FOR_GOOD, SAME_CONTACT_DAYS } from './dispatch.types.js';

/** Which care rules a task answers to, its own campaign's included: contacts of the same kind merge (CAR-4). */
const SAME_KIND = sql`(t.campaign_id = r.campaign_id
  or r.standing and exists (select from reporting.task_rule k where k.task_id = t.id and k.rule_code = r.campaign_code))`;

/** What the gate is asked: for marketing or for care, on the last day. Whoever may be called again by then is kept on the list. */
export interface LastDay {
  deadlineOn: Day;
  marketing: boolean;
}

/** Customers of `asked` who may not be called even on the last day: `customer_id, line_id, number, reason`. */
export const refusedForGood = (contact: ContactQueries, asked: Sql, { deadlineOn, marketing }: LastDay): Sql => sql`
  select * from (${contact.plannable(asked, { channel: 'call', purpose: marketing ? 'marketing' : 'care', day: deadlineOn, caps: false })}) judged
  where judged.reason = any(${FOR_GOOD}::text[])`;

const NEW = sql`r.known_id is null and r.end_reason is null`;
const ASKED = sql`r.known_id is null and r.line_id is not null and r.campaign_id is not null`;

/**
 * Brings the new rows of `dispatch_row` (see the intake) to lists: onto the open task of the same kind where there is one, else onto one made by
 * the campaign's rule of assignment; what cannot be called for good ends at once, with the reason.
 */
@Injectable()
export class DispatchLists {
  constructor(
    private readonly calendar: CalendarQueries,
    private readonly contact: ContactQueries,
  ) {}

  /** Nothing that these rows may join or change ends, and none of their campaigns closes, before this transaction does. */
  async lock(tx: Tx): Promise<void> {
    const campaigns = await tx.rows<{ id: string }>(
      sql`select distinct campaign_id as id from dispatch_row where campaign_id is not null order by 1`,
    );
    for (const { id } of campaigns) await lockList(tx, id);
    await tx.run(sql`
      select t.id from calls.task t
      where t.id in (select task_id from dispatch_row
                     union select o.id from dispatch_row r join calls.task o on o.customer_id = r.customer_id and o.state in ('open', 'claimed')
                     where r.known_id is null)
      order by t.id for update`);
  }

  /** Ends what may not be called by its last day. */
  async askGate(tx: Tx): Promise<void> {
    for (const question of await this.questions(tx)) {
      const these = sql`${ASKED} and r.deadline_on = ${question.deadlineOn}::date and (r.kind = 'marketing') = ${question.marketing}`;
      const asked = sql`select distinct on (r.customer_id) r.customer_id, r.line_id, r.number from dispatch_row r where ${these} order by r.customer_id, r.line_id`;
      await tx.run(sql`
        update dispatch_row r set end_reason = g.reason from (${refusedForGood(this.contact, asked, question)}) g
        where ${these} and g.customer_id = r.customer_id and g.line_id = r.line_id`);
    }
  }

  /** Ends what need not come to a list: the last day is over, the campaign closed, the customer held out. */
  async endAtOnce(tx: Tx, now: Date): Promise<void> {
    await tx.run(sql`
      update dispatch_row r
      set end_reason = case when r.deadline_on < ${dayOf(now)}::date then 'expired'
                            when (select c.state from campaigns.v_campaign c where c.id = r.campaign_id) = 'closed' then 'campaign_closed'
                            when exists (select from campaigns.v_audience a where a.campaign_id = r.campaign_id and a.customer_id = r.customer_id
                                           and a.excluded = 'hold_out') then 'hold_out' end
      where ${NEW}`);
  }

  /** One contact for each customer and campaign, on the list or made. */
  async put(tx: Tx, now: Date): Promise<void> {
    const today = dayOf(now);
    await this.join(tx);
    await this.joinKept(tx, today);
    const campaigns = await tx.rows<Omit<Assigning, 'day'> & { id: string }>(sql`
      select c.id, c.assignment, o.path as "orgPath" from campaigns.v_campaign c join staff.v_org_unit o on o.id = c.org_unit_id
      where c.id in (select r.campaign_id from dispatch_row r where ${NEW} and r.task_id is null) order by c.id`);
    const dueOn = await this.workDay(today);
    for (const campaign of campaigns) await this.make(tx, { ...campaign, day: today }, { dueOn, now });
    await tx.run(sql`update dispatch_row r set end_reason = 'no_manager' where ${NEW} and r.task_id is null`);
  }

  /** The earliest of all promises of a task rules; what a dispatch alone asked for may also be put off by it. */
  async retime(tx: Tx, taskIds: Sql): Promise<void> {
    await tx.run(sql`
      update calls.task t set deadline_on = n.deadline_on, due_on = n.due_on
      from (select o.id, least(o.due_on, p.deadline_on) as due_on, case when p.alone then p.deadline_on else least(o.deadline_on, p.deadline_on) end as deadline_on
            from (select d.task_id, min(d.deadline_on) as deadline_on,
                         bool_or(d.own_task) and not exists (select from reporting.task_rule k where k.task_id = d.task_id) as alone
                  from calls.dispatch d where d.ended_at is null and d.task_id in (${taskIds}) group by d.task_id) p
            join calls.task o on o.id = p.task_id) n
      where t.id = n.id and t.state in ('open', 'claimed') and (n.due_on, n.deadline_on) is distinct from (t.due_on, t.deadline_on)`);
  }

  private questions(tx: Tx): Promise<LastDay[]> {
    return tx.rows<LastDay>(
      sql`select distinct r.deadline_on as "deadlineOn", r.kind = 'marketing' as marketing from dispatch_row r where ${ASKED} order by 1, 2`,
    );
  }

  private async join(tx: Tx): Promise<void> {
    await tx.run(sql`
      update dispatch_row r set task_id = o.task_id
      from (select distinct on (r.row_number) r.row_number, t.id as task_id
            from dispatch_row r join calls.task t on t.customer_id = r.customer_id and t.state in ('open', 'claimed') and ${SAME_KIND}
            where ${NEW} order by r.row_number, (t.campaign_id = r.campaign_id) desc, t.due_on, t.id) o
      where o.row_number = r.row_number`);
  }

  /** Our own visit of the same kind was made just now, and its promise still stands: nobody is wished a happy birthday twice. */
  private async joinKept(tx: Tx, today: Day): Promise<void> {
    await tx.run(sql`
      update dispatch_row r set task_id = o.task_id
      from (select distinct on (r.row_number) r.row_number, v.task_id
            from dispatch_row r
            join reporting.visit v on v.customer_id = r.customer_id and v.rule_code = r.campaign_code
            join calls.task t on t.id = v.task_id and (t.state = 'done' or t.close_reason = 'care_fulfilled')
            where ${NEW} and r.task_id is null and r.standing and v.state = 'done' and v.deadline_on >= ${today}::date
              and platform.day_of(v.closed_at) >= ${addDays(today, -SAME_CONTACT_DAYS)}::date
            order by r.row_number, v.closed_at desc) o
      where o.row_number = r.row_number`);
  }

  private async make(tx: Tx, campaign: Assigning & { id: string }, { dueOn, now }: { dueOn: Day; now: Date }): Promise<void> {
    // a round robin goes on where the list stands, else the first manager would get every file's first customer
    const turn =
      campaign.assignment === 'round-robin' ? sql`(select count(*) from calls.task t where t.campaign_id = ${campaign.id}::bigint)` : sql`0::bigint`;
    const taken = sql`exists (select from calls.task t where t.campaign_id = i.campaign_id and t.customer_id = i.customer_id and t.cycle = '')`;
    await tx.run(sql`
      with included as materialized (
        select w.*, ${turn} + row_number() over (order by w.star desc, w.value desc, w.customer_id) as place
        from (select distinct on (r.customer_id) r.* from dispatch_row r
              where ${NEW} and r.task_id is null and r.campaign_id = ${campaign.id}
              order by r.customer_id, r.deadline_on, r.row_number) w),
      made as (
        insert into calls.task (campaign_id, customer_id, line_id, cycle, owner_id, due_on, deadline_on, star, expected_value, list_source, created_at)
        select i.campaign_id, i.customer_id, i.line_id,
               case when i.standing or ${taken} then concat('dispatch:', i.source, '/', i.dispatch_no) else '' end,
               w.owner_id, least(${dueOn}::date, i.deadline_on), i.deadline_on, i.star, i.value, nullif(i.source, ''), ${now}::timestamptz
        from included i ${ownersOf(campaign)}
        where w.owner_id is not null
        order by i.place
        returning id, customer_id)
      update dispatch_row r set task_id = m.id, own_task = true
      from made m where ${NEW} and r.task_id is null and r.campaign_id = ${campaign.id} and r.customer_id = m.customer_id`);
  }

  private async workDay(today: Day): Promise<Day> {
    return (await this.calendar.isWorkingDay(today)) ? today : this.calendar.nextWorkingDay(today);
  }
}
