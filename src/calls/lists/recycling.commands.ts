import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { Database, type Queryable, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { lockList } from './list-filling.commands.js';
import { type LimitedList, ListLimits } from './list-limits.queries.js';
import { ownersOf } from './list-owners.js';
import { UNTOUCHED } from '../tasks/tasks.commands.js';

/** Why a task ended undone: the limit of the list for its completion, or the last day of the campaign. */
export const OVERDUE = { limit: 'completion_limit', end: 'campaign_over' } as const;

export interface Recycled {
  /** Tasks that went to somebody else. */
  passedOn: number;
  /** Tasks nobody has now: the supervisor hands them out. */
  pooled: number;
  /** Tasks that ended undone. */
  ended: number;
}

/**
 * Keeps the limits of a list (CAM-4): what was not dialled in time goes to somebody else by the rule of the list, what is not done in time ends. A task
 * goes round at most once: when the rule names whom it ran out with before, as the customer's own manager, or nobody, it lies in the pool, state
 * `recycled`, for the supervisor. So a list is always what people have + what nobody has + what is over (R31).
 */
@Injectable()
export class Recycling {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly limits: ListLimits,
    private readonly catalogue: Catalogue,
  ) {}

  /** Each list in its own transaction; a second run at once finds nothing. */
  async run(): Promise<Recycled> {
    const sum: Recycled = { passedOn: 0, pooled: 0, ended: 0 };
    for (const list of await this.limits.running(this.clock.now())) {
      const { passedOn, pooled, ended } = await this.ofList(list);
      sum.passedOn += passedOn;
      sum.pooled += pooled;
      sum.ended += ended;
    }
    return sum;
  }

  private ofList(list: LimitedList): Promise<Recycled> {
    return this.db.tx(async (tx) => {
      await lockList(tx, list.id);
      const ended = await this.end(tx, list);
      const moved: Recycled = { passedOn: 0, pooled: 0, ended };
      for (const owner of await this.lateOwners(tx, list)) {
        const [counted] = await tx.rows<{ passedOn: number; pooled: number }>(this.recycleSql(list, owner));
        moved.passedOn += counted?.passedOn ?? 0;
        moved.pooled += counted?.pooled ?? 0;
      }
      return moved;
    });
  }

  /** A promised callback is kept all the same, and a dispatch has its own last day and hands back by itself. */
  private end(tx: Tx, { id, endsOn, undoneSince }: LimitedList): Promise<number> {
    const now = this.clock.now();
    const over = endsOn !== null && endsOn < dayOf(now);
    if (!over && !undoneSince) return Promise.resolve(0);
    return tx.run(sql`
      update calls.task t
      set state = case when t.attempts = 0 then 'cancelled' else 'not_reached' end, close_reason = ${over ? OVERDUE.end : OVERDUE.limit},
          closed_at = ${now}, not_before = null, refused_reason = null
      where t.campaign_id = ${id} and t.state in ('open', 'recycled') and t.callback_at is null
        and (${over}::boolean or t.created_at <= ${undoneSince}::timestamptz)
        and not exists (select from calls.dispatch d where d.task_id = t.id and d.ended_at is null)`);
  }

  private async lateOwners(on: Queryable, list: LimitedList): Promise<(string | null)[]> {
    if (!list.undialledSince) return [];
    const rows = await on.rows<{ ownerId: string | null }>(
      sql`select distinct t.owner_id as "ownerId" from calls.task t where ${this.late(list)} order by 1`,
    );
    return rows.map(({ ownerId }) => ownerId);
  }

  /** Over `calls.task t`. What the gate holds back, or what was planned for later, nobody could have dialled. */
  private late({ id, undialledSince }: LimitedList): Sql {
    const now = this.clock.now();
    return sql`
      t.campaign_id = ${id} and ${UNTOUCHED} and coalesce(t.given_at, t.created_at) <= ${undialledSince}::timestamptz
      and platform.day_start(t.due_on) <= ${undialledSince}::timestamptz and (t.not_before is null or t.not_before <= ${now}::timestamptz)`;
  }

  /** The tasks one person let run out: each to whom the rule names among the others, or to the pool. A claim that holds one just now wins. */
  private recycleSql(list: LimitedList, owner: string | null): Sql {
    const now = this.clock.now();
    const day = dayOf(now);
    return sql`
      with locked as materialized (
        select t.id, t.customer_id, t.owner_id, t.star, t.expected_value from calls.task t
        where ${this.late(list)} and t.owner_id is not distinct from ${owner}::bigint order by t.id for update of t skip locked),
      included as materialized (
        select l.id as task_id, l.customer_id, l.owner_id as from_owner, c.manager_id,
               row_number() over (order by l.star desc, l.expected_value desc, l.id) as place
        from locked l join customers.v_customer c on c.id = l.customer_id),
      moving as materialized (
        select i.task_id, i.from_owner,
               case when w.owner_id is distinct from i.from_owner
                     and not exists (select from calls.assignment a where a.task_id = i.task_id and a.recycled and a.from_owner = w.owner_id) then w.owner_id end as to_owner
        from included i ${ownersOf({ ...list, day, except: owner })}),
      moved as (
        update calls.task t set owner_id = m.to_owner, state = case when m.to_owner is null then 'recycled' else 'open' end
        from moving m where t.id = m.task_id returning t.id),
      noted as (
        insert into calls.assignment (task_id, from_owner, to_owner, at, why, recycled)
        select m.task_id, m.from_owner, m.to_owner, ${now}::timestamptz,
               case when m.to_owner is null then ${this.why('recycling.pooled', list)}::text else ${this.why('recycling.passed_on', list)}::text end, true
        from moving m join moved d on d.id = m.task_id)
      select count(*) filter (where m.to_owner is not null)::int as "passedOn", count(*) filter (where m.to_owner is null)::int as pooled from moving m`;
  }

  private why(key: string, list: LimitedList): string {
    return this.catalogue.t('zh', key, { hours: list.firstDialHours });
  }
}
