import { Injectable } from '@nestjs/common';
import { CustomersCommands } from '../../customers/customers.commands.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { emptySql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { HandoverForm, HandoverOrder } from './handover.forms.js';
import { PromiseMoves } from '../promises/promise-moves.commands.js';
import { type Handover, HandoverQueries, type HandoverPreview, ownerAfter, tasksOf } from './handover.queries.js';

/** Moves what a manager had to others, all at once or not at all (CAM-3, CUS-1). */
@Injectable()
export class HandoverCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: HandoverQueries,
    private readonly customers: CustomersCommands,
    private readonly audit: Audit,
    private readonly promises: PromiseMoves,
  ) {}

  async preview(user: CurrentUser, username: string, form: HandoverForm): Promise<HandoverPreview> {
    return this.queries.preview(user, await this.queries.read(user, username, form));
  }

  /**
   * Open tasks change their list, each with a line in its history; promised callbacks keep their minute; a call that is under way is finished
   * by who holds it. A second time there is nothing left to move.
   * @throws DomainError handover_changed (409) when the counts of the preview hold no more · not_found, handover_receiver, handover_to_self
   */
  async handOver(user: CurrentUser, username: string, order: HandoverOrder): Promise<HandoverPreview> {
    const handover = await this.queries.read(user, username, order);
    return this.db.tx(async (tx) => {
      await tx.run(sql`select id from calls.task t where ${tasksOf(handover)} order by id for update`);
      const counted = await this.queries.preview(user, handover, tx);
      const expected = { customers: order.customers ?? counted.customers, tasks: order.tasks ?? counted.tasks };
      if (expected.customers !== counted.customers || expected.tasks !== counted.tasks) {
        throw new DomainError('handover_changed', { status: 409, params: { customers: counted.customers, tasks: counted.tasks } });
      }
      await this.move(tx, user, handover, order.why);
      const { from, to, callbacksTo, until } = handover;
      const people = { from: from.username, to: to.map((one) => one.username), callbacksTo: callbacksTo?.username ?? null };
      const { receivers: _receivers, ...counts } = counted;
      await this.audit.record(tx, user, {
        action: 'manager.handed-over',
        object: 'user',
        id: from.id,
        detail: { ...people, until, why: order.why, ...counts },
      });
      return counted;
    });
  }

  private async move(tx: Tx, user: CurrentUser, handover: Handover, why: string): Promise<void> {
    const now = this.clock.now();
    // written down first: moving the tasks changes what the plan is made from
    await tx.run(rawSql('create temp table handover_plan (customer_id bigint primary key, own boolean, receiver_id bigint) on commit drop'));
    await tx.run(sql`insert into handover_plan (customer_id, own, receiver_id) select * from (${this.queries.planSql(user, handover)}) p`);
    await tx.run(sql`
      with moved as (
        update calls.task t set owner_id = ${ownerAfter(handover)}
        from handover_plan p where p.customer_id = t.customer_id and ${tasksOf(handover)}
        returning t.id, t.owner_id)
      insert into calls.assignment (task_id, from_owner, to_owner, by_user, at, why)
      select m.id, ${handover.from.id}::bigint, m.owner_id, ${user.id}::bigint, ${now}::timestamptz, ${why}::text from moved m`);
    await this.promises.move(tx, promisesOf(handover, why), { by: user.id, at: now });
    await this.customers.giveTo(tx, sql`select p.customer_id, p.receiver_id as manager_id from handover_plan p where p.own`, {
      by: user.id,
      at: now,
      note: why,
    });
  }
}

/** Promises go where callbacks go: to who keeps those, else with their customer, else to the first receiver. */
const promisesOf = ({ from, to, callbacksTo, until }: Handover, why: string): Sql => sql`
  select p.id, coalesce(${callbacksTo?.id ?? null}::bigint, h.receiver_id, ${to[0]?.id ?? null}::bigint) as to_owner, ${why}::text as why, null::bigint as absence_id
  from calls.promise p left join handover_plan h on h.customer_id = p.customer_id
  where p.owner_id = ${from.id}::bigint and p.state = 'open' ${until ? sql`and p.due_on <= ${until}::date` : emptySql}`;
