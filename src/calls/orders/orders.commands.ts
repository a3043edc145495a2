import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { Audit } from '../../staff/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { OrdersSettled } from '../calls.events.js';
import type { CloseOrderForm } from './orders.forms.js';
import { type OrderItem, OrdersQueries } from './orders.queries.js';

@Injectable()
export class OrdersCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly orders: OrdersQueries,
    private readonly audit: Audit,
    private readonly events: Events,
  ) {}

  /**
   * Closes by hand an order that no file answers. One that failed or expired may still succeed, for the attempt it came from; asked again nothing changes.
   * @throws DomainError not_found · `order_closed` (409) when it succeeded, or failed already
   */
  async close(user: CurrentUser, id: string, { state, reason }: CloseOrderForm): Promise<OrderItem> {
    await this.db.tx(async (tx) => {
      await this.orders.byId(user, id, tx);
      const { was } = await tx.one<{ was: string }>(sql`select state as was from calls.sales_order where id::text = ${id} for update`);
      if (was === state) return;
      if (was === 'succeeded' || (was === 'expired' && state === 'failed')) throw new DomainError('order_closed', { status: 409 });
      const now = this.clock.now();
      await tx.run(sql`
        update calls.sales_order set state = ${state}, completed_on = ${dayOf(now)}::date, close_reason = ${reason}, closed_by = ${user.id}, closed_at = ${now}
        where id::text = ${id}`);
      await this.audit.record(tx, user, { action: 'order.closed', object: 'order', id, detail: { from: was, to: state, reason } });
      await this.events.publish(tx, OrdersSettled, { importId: null });
    });
    return this.orders.byId(user, id);
  }
}
