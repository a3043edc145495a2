import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { emptySql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type Stays, staysBecause } from './ticked.policy.js';

export interface TickedTask {
  id: string;
  customerId: string;
  customerName: string | null;
  star: number;
  campaignName: string;
  ownerId: string | null;
  owner: string | null;
  ownerName: string | null;
  state: string;
  dueOn: string;
  callbackAt: Date | null;
  stays: Stays | null;
}

export interface Receiver {
  id: string;
  username: string;
  name: string;
  team: string;
  /** Tasks of running campaigns in hand. */
  open: number;
  /** Percent of today that rota and absences leave; 0: away. */
  share: number;
}

/** Tasks that were ticked, and who could take them. */
@Injectable()
export class TickedQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Both the customer and the owner lie in the scope.
   * @param to who shall get them @param locked until the transaction ends
   * @throws DomainError not_found for one outside the scope
   */
  async tasks(
    user: CurrentUser,
    ids: readonly string[],
    { to = null, locked }: { to?: string | null; locked?: Queryable } = {},
  ): Promise<TickedTask[]> {
    const rows = await (locked ?? this.db).rows<Omit<TickedTask, 'stays'>>(sql`
      select t.id, t.customer_id as "customerId", c.name as "customerName", t.star, a.name as "campaignName", t.owner_id as "ownerId",
             u.username as owner, u.name as "ownerName", t.state, t.due_on as "dueOn", t.callback_at as "callbackAt"
      from calls.task t
      join customers.v_customer c on c.id = t.customer_id
      join staff.v_org_unit o on o.id = c.org_unit_id
      join campaigns.v_campaign a on a.id = t.campaign_id
      left join staff.v_user u on u.id = t.owner_id
      where t.id = any(${ids}::bigint[]) and ${inScope(user, sql`o.path`)} and (u.id is null or ${inScope(user, sql`u.org_path`)})
      order by t.callback_at nulls last, t.id ${locked ? sql`for update of t` : emptySql}`);
    const outside = ids.find((id) => !rows.some((row) => row.id === id));
    if (outside !== undefined) throw notFound('task', outside);
    return rows.map((row) => ({ ...row, stays: staysBecause(row, to) }));
  }

  /** Active managers of the scope, by how much they have in hand. */
  receivers(user: CurrentUser): Promise<Receiver[]> {
    const today = dayOf(this.clock.now());
    return this.db.rows<Receiver>(sql`
      select u.id, u.username, u.name, u.team_name as team, coalesce(r.share, 100)::int as share, coalesce(n.open, 0) as open
      from staff.v_user u
      left join calendar.v_rota(${today}::date, ${today}::date) r on r.user_id = u.id
      left join (select owner_id, count(*)::int as open from reporting.open_task group by 1) n on n.owner_id = u.id
      where u.role = 'manager' and u.active and ${inScope(user, sql`u.org_path`)}
      order by open, u.username`);
  }

  /** @throws DomainError handover_to_manager at `to` */
  async receiver(user: CurrentUser, username: string): Promise<Receiver> {
    const found = (await this.receivers(user)).find((one) => one.username.toLowerCase() === username.toLowerCase());
    if (!found) throw new DomainError('handover_to_manager', { param: 'to', params: { name: username } });
    return found;
  }
}
