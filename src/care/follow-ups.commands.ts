import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { addDays, dayOf } from '../kernel/day.js';
import { Database, type Tx } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import type { FollowUpKind } from './care.types.js';

/** An order that is older was completed before anybody asked; nobody remembers how it went. */
const ORDER_DAYS = 30;

/** Other modules ask here for a follow-up call once something is over for a customer (CAR-9). */
@Injectable()
export class FollowUpCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Once a kind and reference, however often it is asked for; what was withdrawn is asked for again with its new day.
   * @param select yields `reference, customer_id, closed_on`
   * @returns how many are new
   */
  ask(tx: Tx, kind: FollowUpKind, select: Sql): Promise<number> {
    const now = sql`${this.clock.now()}::timestamptz`;
    return tx.run(sql`
      insert into care.follow_up as f (kind, reference, customer_id, closed_on, asked_at)
      select ${kind}::text, s.reference, s.customer_id, s.closed_on, ${now} from (${select}) s
      on conflict (kind, reference) do update set closed_on = excluded.closed_on, asked_at = excluded.asked_at, withdrawn_at = null
        where f.withdrawn_at is not null`);
  }

  /** What is open again after all is asked about when it is over. @param references a select of `reference` */
  withdraw(tx: Tx, kind: FollowUpKind, references: Sql): Promise<number> {
    return tx.run(sql`
      update care.follow_up set withdrawn_at = ${this.clock.now()}
      where kind = ${kind} and withdrawn_at is null and reference in (${references})`);
  }

  /** Orders that succeeded are asked about; one that a later file says has not, is not. */
  async followOrders(): Promise<void> {
    const since = addDays(dayOf(this.clock.now()), -ORDER_DAYS);
    await this.db.tx(async (tx) => {
      await this.withdraw(tx, 'order', sql`select o.order_no from calls.v_order o where o.state <> 'succeeded' and o.order_no is not null`);
      await this.ask(
        tx,
        'order',
        sql`select o.order_no as reference, o.customer_id, o.completed_on as closed_on from calls.v_order o
            where o.state = 'succeeded' and o.order_no is not null and o.completed_on >= ${since}::date`,
      );
    });
  }
}
