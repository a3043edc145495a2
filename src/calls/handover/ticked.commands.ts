import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { TickedOrder } from './ticked.forms.js';
import type { Stays } from './ticked.policy.js';
import { type Receiver, type TickedTask, TickedQueries } from './ticked.queries.js';

export interface TickedMoves {
  to: { username: string; name: string };
  moved: number;
  /** Those that stayed, each with the reason. */
  stayed: { task: string; customer: string | null; why: Stays }[];
}

/** Moves chosen tasks of managers to another one; who holds a call or has ended it meanwhile keeps that one (CAM-3, R31). */
@Injectable()
export class TickedHandover {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: TickedQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * A promised callback keeps its minute, the customer stays with their manager. What cannot move is said, the others move all the same.
   * @throws DomainError not_found (outside the scope) · handover_to_manager at `to` (422) · handover_all_stay (409) when none can move
   */
  async handOver(user: CurrentUser, { tasks: ids, to: username, why }: TickedOrder): Promise<TickedMoves> {
    const to = await this.queries.receiver(user, username);
    return this.db.tx(async (tx) => {
      const tasks = await this.queries.tasks(user, [...new Set(ids)], { to: to.id, locked: tx });
      const moving = tasks.filter(({ stays }) => stays === null);
      if (moving.length === 0) throw new DomainError('handover_all_stay', { status: 409, params: { count: tasks.length } });
      await this.move(tx, user, { moving, to, why });
      const stayed = tasks.flatMap((task) => (task.stays ? [{ task: task.id, customer: task.customerName, why: task.stays }] : []));
      const from = [...new Set(moving.map(({ owner }) => owner ?? '-'))];
      const detail = { from, to: to.username, tasks: moving.map(({ id }) => id), stayed: stayed.map(({ task }) => task), why };
      await this.audit.record(tx, user, { action: 'task.handed-over', object: 'user', id: to.id, detail });
      return { to: { username: to.username, name: to.name }, moved: moving.length, stayed };
    });
  }

  private async move(tx: Tx, user: CurrentUser, { moving, to, why }: { moving: TickedTask[]; to: Receiver; why: string }): Promise<void> {
    const ids = moving.map(({ id }) => id);
    await tx.run(sql`
      insert into calls.assignment (task_id, from_owner, to_owner, by_user, at, why)
      select t.id, t.owner_id, ${to.id}::bigint, ${user.id}::bigint, ${this.clock.now()}::timestamptz, ${why}::text
      from calls.task t where t.id = any(${ids}::bigint[])`);
    await tx.run(sql`update calls.task set owner_id = ${to.id}::bigint where id = any(${ids}::bigint[])`);
  }
}
