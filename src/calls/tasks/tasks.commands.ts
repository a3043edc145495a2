import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { CAMPAIGN_CLOSED } from '../attempts/attempt.policy.js';
import { LEASE_MINUTES } from '../calls.types.js';

/** Why a task is off its list: what it was planned for holds no more. A later plan may want it again. */
export const WITHDRAWN = 'care_withdrawn';

/** So far the clocks of two machines may differ before it is a fault. */
const CLOCKS_APART_MINUTES = 5;

/** Columns of a held task `t` of campaign `c` that nobody holds any more: open again, or off the list where the campaign was closed meanwhile. */
export const givenBack = (now: Date): Sql => sql`
  state = case when c.state = 'closed' then 'cancelled' else 'open' end, close_reason = case when c.state = 'closed' then ${CAMPAIGN_CLOSED} end,
  closed_at = case when c.state = 'closed' then ${now}::timestamptz end, callback_at = case when c.state <> 'closed' then t.callback_at end,
  claimed_by = null, lease_until = null, touch_id = null`;

/** Nobody has begun anything on task `t`. */
export const UNTOUCHED = rawSql(`t.state = 'open' and t.attempts = 0 and t.callback_at is null`);

/**
 * Of `calls.task t` in `campaigns.v_campaign c`: the campaign's own most attempts, or what the limit over all waves leaves of them, where the one that
 * was made counts (R38).
 */
export const MOST_ATTEMPTS = rawSql(`
  case when c.most_together is null then c.max_attempts else least(c.max_attempts, greatest(1, c.most_together - coalesce(t.earlier_attempts, 0))) end`);

@Injectable()
export class TasksCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
  ) {}

  /**
   * Puts contacts on lists, set-based. What stands there already is left alone, so that a second plan adds nothing; what was withdrawn stands again.
   * @param select yields `campaign_id, customer_id, line_id, cycle, owner_id, due_on, deadline_on, star, over_capacity`, and `expected_value` where `valued`
   * @param noted a temporary table that gets the tasks made: task_id, campaign_id, customer_id, cycle
   * @returns the number of tasks made
   */
  plan(tx: Tx, select: Sql, noted: Sql, { valued = false } = {}): Promise<number> {
    return tx.run(sql`
      with made as (
      insert into calls.task as t (campaign_id, customer_id, line_id, cycle, owner_id, due_on, deadline_on, star, over_capacity, expected_value, created_at)
      select p.campaign_id, p.customer_id, p.line_id, p.cycle, p.owner_id, p.due_on, p.deadline_on, p.star, p.over_capacity,
             ${valued ? sql`p.expected_value` : sql`0`}, ${this.clock.now()}::timestamptz
      from (${select}) p
      on conflict (campaign_id, customer_id, cycle) do update
      set state = 'open', close_reason = null, closed_at = null, line_id = excluded.line_id, owner_id = excluded.owner_id, due_on = excluded.due_on,
          deadline_on = excluded.deadline_on, star = excluded.star, over_capacity = excluded.over_capacity, expected_value = excluded.expected_value
      where t.state = 'cancelled' and t.close_reason = ${WITHDRAWN} and t.attempts = 0
      returning id, campaign_id, customer_id, cycle)
      insert into ${noted} select id, campaign_id, customer_id, cycle from made`);
  }

  /** Whoever plans on what stands on lists waits for whoever does so now, until the end of the transaction: two sources of one contact see each other. */
  async lockPlanning(tx: Tx): Promise<void> {
    await tx.rows(sql`select pg_advisory_xact_lock(hashtext('calls.planning'))`);
  }

  /**
   * A task takes another reason with it: the earliest deadline rules, and it comes on the day given where one is. One that is held keeps its day.
   * @param select yields `task_id, due_on, deadline_on`, a task once
   */
  async takeAlong(tx: Tx, select: Sql): Promise<void> {
    await tx.run(sql`
      update calls.task t set due_on = case when t.state = 'open' then s.due_on else t.due_on end, deadline_on = least(t.deadline_on, s.deadline_on)
      from (${select}) s
      where t.id = s.task_id and t.state in ('open', 'claimed') and (t.due_on <> s.due_on or least(t.deadline_on, s.deadline_on) <> t.deadline_on)`);
  }

  /**
   * Takes open tasks off their lists, for what another contact has settled. A promised callback is kept all the same.
   * @param how `promisesToo`: nobody may call any more, whatever was promised
   */
  async callOff(tx: Tx, taskIds: readonly string[], why: string, { promisesToo = false } = {}): Promise<void> {
    if (taskIds.length === 0) return;
    await tx.run(sql`
      update calls.task set state = 'cancelled', close_reason = ${why}, closed_at = ${this.clock.now()}, callback_at = null
      where id = any(${taskIds}::bigint[]) and (state = 'open' and callback_at is null or ${promisesToo}::boolean and state in ('open', 'recycled'))`);
  }

  /** What tasks that are still to be done are worth. @param select yields `task_id, expected_value` */
  async revalue(tx: Tx, select: Sql): Promise<void> {
    await tx.run(sql`
      update calls.task t set expected_value = s.expected_value from (${select}) s
      where t.id = s.task_id and t.state in ('open', 'claimed', 'recycled') and t.expected_value <> s.expected_value`);
  }

  /**
   * A task comes on another day, or, `at` given, at a minute that was promised, and goes to somebody else where one is named. Only one that nobody holds.
   * @returns whether it could be moved
   */
  async moveTo(tx: Tx, taskId: string, to: { dueOn: string; at?: Date | null; ownerId?: string | null }): Promise<boolean> {
    const { dueOn, at = null, ownerId = null } = to;
    const moved = await tx.run(sql`
      update calls.task
      set due_on = ${dueOn}::date, deadline_on = greatest(deadline_on, ${dueOn}::date), callback_at = ${at}, owner_id = coalesce(${ownerId}::bigint, owner_id),
          not_before = null, refused_reason = null
      where id = ${taskId} and state = 'open'`);
    return moved > 0;
  }

  /**
   * Tasks nobody has touched go to the customer's new manager, each with a line in its history. One that somebody has moved since keeps its place.
   * @param tasks yields `task_id`
   * @param why the line in the history
   * @returns the customers whose tasks moved
   */
  async followManagers(tx: Tx, tasks: Sql, why: string): Promise<{ customerId: string; taskId: string }[]> {
    return tx.rows(sql`
      with moving as (
        select t.id, t.owner_id as from_owner, c.manager_id as to_owner
        from calls.task t
        join customers.v_customer c on c.id = t.customer_id
        join staff.v_user u on u.id = c.manager_id and u.active and u.role = 'manager'
        where t.id in (${tasks}) and ${UNTOUCHED} and t.owner_id <> c.manager_id
          and exists (select from customers.v_manager_change m
                      where m.customer_id = t.customer_id and m.manager_id = c.manager_id and m.changed_at >= t.created_at
                        and not exists (select from calls.assignment a where a.task_id = t.id and a.at > m.changed_at))
        order by t.id for update of t),
      moved as (
        update calls.task t set owner_id = m.to_owner from moving m where t.id = m.id returning t.id, t.customer_id),
      noted as (
        insert into calls.assignment (task_id, from_owner, to_owner, at, why)
        select id, from_owner, to_owner, ${this.clock.now()}::timestamptz, ${why}::text from moving)
      select customer_id as "customerId", id as "taskId" from moved`);
  }

  /**
   * Tasks nobody has touched get another day.
   * @param select yields `task_id, due_on, over_capacity`, a task once
   * @returns how many had another one
   */
  async moveDays(tx: Tx, select: Sql): Promise<number> {
    const moved = await tx.rows<{ elsewhere: boolean }>(sql`
      update calls.task t set due_on = s.due_on, over_capacity = s.over_capacity
      from (select n.*, o.due_on as stood_on from (${select}) n join calls.task o on o.id = n.task_id) s
      where t.id = s.task_id and ${UNTOUCHED} and (t.due_on, t.over_capacity) is distinct from (s.due_on, s.over_capacity)
      returning s.stood_on <> t.due_on as elsewhere`);
    return moved.filter(({ elsewhere }) => elsewhere).length;
  }

  /** What has to be done by another day now. @param select yields `task_id, deadline_on`, a task once */
  async redate(tx: Tx, select: Sql): Promise<void> {
    await tx.run(sql`
      update calls.task t set deadline_on = s.deadline_on from (${select}) s
      where t.id = s.task_id and t.state in ('open', 'claimed', 'recycled') and t.deadline_on is distinct from s.deadline_on`);
  }

  /** Puts back what was called off for that reason: the contact that settled it was corrected. */
  async takeUp(tx: Tx, taskIds: readonly string[], why: string): Promise<void> {
    if (taskIds.length === 0) return;
    await tx.run(sql`
      update calls.task set state = 'open', close_reason = null, closed_at = null
      where id = any(${taskIds}::bigint[]) and state = 'cancelled' and close_reason = ${why}`);
  }

  /**
   * A task taken and abandoned returns by itself: its lease has run out, its reservation counts no more (CAM-5). So does one whose lease is longer
   * than any: it was taken while a clock ran ahead. @returns how many
   */
  async returnExpired(now: Date): Promise<number> {
    const longest = new Date(now.getTime() + (LEASE_MINUTES + CLOCKS_APART_MINUTES) * 60_000);
    return this.db.tx(async (tx) => {
      const expired = await tx.rows<{ touchId: string | null }>(sql`
        with expired as (
          select id, touch_id from calls.task where state = 'claimed' and (lease_until <= ${now} or lease_until > ${longest})
          order by id limit 1000 for update skip locked)
        update calls.task t set ${givenBack(now)}
        from expired e, campaigns.v_campaign c where t.id = e.id and c.id = t.campaign_id
        returning e.touch_id as "touchId"`);
      const touches = expired.flatMap((row) => row.touchId ?? []);
      if (touches.length > 0) await this.contact.release(tx, touches);
      return expired.length;
    });
  }
}
