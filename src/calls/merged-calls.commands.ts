import { Injectable } from '@nestjs/common';
import { concernedBy, mergedLately } from '../customers/merged.queries.js';
import { Clock } from '../kernel/clock.js';
import type { Tx } from '../platform/database/database.js';
import { rawSql, type Sql, sql } from '../platform/database/sql.js';
import { UNTOUCHED } from './tasks/tasks.commands.js';

/** What stands beside the customer's id; the figures that are kept of calls follow by their triggers. */
const KEPT = ['calls.attempt', 'calls.sales_order', 'calls.promise', 'calls.dispatch'] as const;
const LIVE = rawSql(`('open', 'claimed', 'recycled')`);
/** Another contact kept the promise; another is to keep it. */
const [FULFILLED, SAME_CUSTOMER] = ['care_fulfilled', 'same_customer'];
/** The line in the history of a task. */
const WHY = '与另一客户为同一人';
/** Of two contacts of one list, the one that was made stands, else the one to be made, else that of the customer. */
const STANDS_FIRST = rawSql(`
  case when t.state = 'done' then 0 when t.state in ('open', 'claimed', 'recycled') then 1 when t.state = 'not_reached' then 2 else 3 end,
  p.moved, t.callback_at nulls last, t.id`);

/** Calls of a customer who turned out to be another: what was done and sold stands with that other, and nobody is called for the same thing twice. */
@Injectable()
export class MergedCalls {
  constructor(private readonly clock: Clock) {}

  /** May run any number of times; the caller holds the planning. */
  async follow(tx: Tx): Promise<void> {
    const merged = mergedLately(this.clock.now());
    await this.passPromisesOn(tx, merged);
    await this.setApart(tx, merged);
    await this.giveToManager(tx, merged);
    for (const table of ['calls.task', ...KEPT])
      await tx.run(sql`update ${rawSql(table)} x set customer_id = m.merged_into from ${merged} m where x.customer_id = m.id`);
  }

  /** A callback that was promised is kept by the call that stays. */
  private async passPromisesOn(tx: Tx, merged: Sql): Promise<void> {
    await tx.run(sql`
      update calls.task o set callback_at = t.callback_at, owner_id = t.owner_id
      from calls.task t join ${merged} m on m.id = t.customer_id
      where t.state = 'open' and t.callback_at is not null
        and o.campaign_id = t.campaign_id and o.customer_id = m.merged_into and o.cycle = t.cycle and o.state = 'open' and o.callback_at is null`);
  }

  /** Second contacts of one list get a cycle of their own and are off, unless somebody is on the phone or has promised to be; dispatches go to the first. */
  private async setApart(tx: Tx, merged: Sql): Promise<void> {
    await tx.run(sql`
      with ranked as (
        select t.id, t.state, t.callback_at, row_number() over first as place, first_value(t.id) over first as stays, first_value(t.state) over first as standing
        from calls.task t join ${concernedBy(merged)} p on p.id = t.customer_id
        window first as (partition by t.campaign_id, p.person, t.cycle order by ${STANDS_FIRST})),
      second as (
        select r.*, r.state in ('open', 'recycled') and (r.callback_at is null or r.standing in ${LIVE}) as off from ranked r where r.place > 1),
      passed as (
        update calls.dispatch d set task_id = s.stays, own_task = false from second s where d.task_id = s.id and s.off and s.standing in ${LIVE} and d.ended_at is null)
      update calls.task t
      set cycle = t.cycle || '+' || t.id, callback_at = case when s.off then null else t.callback_at end, state = case when s.off then 'cancelled' else t.state end,
          close_reason = case when not s.off then t.close_reason when s.standing = 'done' then ${FULFILLED} else ${SAME_CUSTOMER} end,
          closed_at = case when s.off then ${this.clock.now()} else t.closed_at end
      from second s where s.id = t.id`);
  }

  /** What is planned for people's own managers, and nobody has begun, is the own manager's of the customer. */
  private async giveToManager(tx: Tx, merged: Sql): Promise<void> {
    await tx.run(sql`
      with moving as (
        select t.id, t.owner_id as from_owner, u.id as to_owner
        from calls.task t
        join ${merged} m on m.id = t.customer_id
        join campaigns.v_campaign g on g.id = t.campaign_id and g.standing
        join customers.v_customer c on c.id = m.merged_into
        join staff.v_user u on u.id = c.manager_id and u.active and u.role = 'manager'
        where ${UNTOUCHED} and t.owner_id is distinct from u.id),
      noted as (insert into calls.assignment (task_id, from_owner, to_owner, at, why) select id, from_owner, to_owner, ${this.clock.now()}, ${WHY} from moving)
      update calls.task t set owner_id = v.to_owner from moving v where v.id = t.id`);
  }
}
