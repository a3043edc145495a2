import { Injectable } from '@nestjs/common';
import { type Day, isDay } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';
import { inScope, StaffQueries, type UserRow } from '../../staff/staff.queries.js';
import type { CurrentUser, Role } from '../../staff/staff.types.js';
import type { HandoverForm } from './handover.forms.js';

/** A hand-over with its people looked up. */
export interface Handover {
  from: UserRow;
  to: UserRow[];
  /** Who keeps the promises; null: they go with their customers. */
  callbacksTo: UserRow | null;
  withCustomers: boolean;
  until: Day | null;
}

/** What would move, or has moved. `callbacks` and `held` are among the tasks. */
export interface HandoverCount {
  customers: number;
  tasks: number;
  callbacks: number;
  held: number;
}

export interface HandoverPreview extends HandoverCount {
  receivers: { username: string; name: string; customers: number; tasks: number; callbacks: number }[];
}

/** The tasks a hand-over takes; a held one too: whoever holds it finishes the call, then it stands on the new list. */
export const tasksOf = ({ from, until }: Handover): Sql => sql`
  t.owner_id = ${from.id}::bigint and t.state in ('open', 'claimed')
  ${until ? sql`and case when t.callback_at is null then t.due_on <= ${until}::date else t.callback_at < platform.day_start(${until}::date + 1) end` : emptySql}`;

/** Whose a task becomes, over `calls.task t` and the plan `p`. */
export const ownerAfter = ({ callbacksTo }: Handover): Sql =>
  callbacksTo ? sql`case when t.callback_at is null then p.receiver_id else ${callbacksTo.id}::bigint end` : sql`p.receiver_id`;

@Injectable()
export class HandoverQueries {
  constructor(
    private readonly db: Database,
    private readonly staff: StaffQueries,
  ) {}

  /** @throws DomainError not_found (the one who hands over) · handover_receiver, handover_to_self, day_format, each at its field */
  async read(user: CurrentUser, username: string, form: HandoverForm): Promise<Handover> {
    if (form.until !== undefined && !isDay(form.until)) throw new DomainError('day_format', { param: 'until' });
    const from = await this.staff.user(user, username);
    const names = [...new Set(form.to.map((name) => name.toLowerCase()))];
    const to = await Promise.all(names.map((name) => this.receiver(user, from, { name, param: 'to', roles: ['manager'] })));
    const keeper = form.callbacksTo && { name: form.callbacksTo, param: 'callbacksTo', roles: ['manager', 'supervisor'] as Role[] };
    const callbacksTo = keeper ? await this.receiver(user, from, keeper) : null;
    return { from, to, callbacksTo, withCustomers: form.moves === 'all', until: form.until ?? null };
  }

  /** Counts what the order would do; nothing is written. */
  async preview(user: CurrentUser, handover: Handover, on: Queryable = this.db): Promise<HandoverPreview> {
    const rows = await on.rows<HandoverPreview['receivers'][number] & { held: number }>(sql`
      with plan as materialized (${this.planSql(user, handover)}),
      moving as (
        select ${ownerAfter(handover)} as owner_id, t.callback_at is not null as callback, t.state = 'claimed' as held
        from calls.task t join plan p on p.customer_id = t.customer_id where ${tasksOf(handover)})
      select u.username, u.name,
             (select count(*)::int from plan p where p.own and p.receiver_id = u.id) as customers,
             (select count(*)::int from moving m where m.owner_id = u.id) as tasks,
             (select count(*)::int from moving m where m.owner_id = u.id and m.callback) as callbacks,
             (select count(*)::int from moving m where m.owner_id = u.id and m.held) as held
      from staff.v_user u where u.id = any(${receiversOf(handover)}::bigint[]) order by u.username`);
    const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
    return {
      customers: sum((row) => row.customers),
      tasks: sum((row) => row.tasks),
      callbacks: sum((row) => row.callbacks),
      held: sum((row) => row.held),
      receivers: rows.map(({ held: _held, ...row }) => row),
    };
  }

  /**
   * Who gets whom: `customer_id, own, receiver_id`. The person's own customers, and the customers of the tasks on their list; all tasks of
   * one customer go to one receiver. Never a customer outside the asker's units.
   */
  planSql(user: CurrentUser, handover: Handover): Sql {
    const own = handover.withCustomers ? sql`c.manager_id = ${handover.from.id}::bigint` : sql`false`;
    return sql`
      select c.id as customer_id, coalesce(${own}, false) as own,
             (${handover.to.map((one) => one.id)}::bigint[])[1 + (row_number() over (order by c.star_level desc, c.id) - 1) % ${handover.to.length}::int] as receiver_id
      from customers.v_customer c
      join staff.v_org_unit o on o.id = c.org_unit_id
      where ${inScope(user, sql`o.path`)}
        and (${own} or c.id in (select t.customer_id from calls.task t where ${tasksOf(handover)}))`;
  }

  private async receiver(user: CurrentUser, from: UserRow, { name, param, roles }: { name: string; param: string; roles: Role[] }): Promise<UserRow> {
    const found = await this.staff.user(user, name).catch(() => undefined);
    if (!found?.active || !roles.includes(found.role)) throw new DomainError('handover_receiver', { param, params: { name } });
    if (found.id === from.id) throw new DomainError('handover_to_self', { param, params: { name } });
    return found;
  }
}

const receiversOf = ({ to, callbacksTo }: Handover): string[] => [...to, ...(callbacksTo ? [callbacksTo] : [])].map((one) => one.id);
