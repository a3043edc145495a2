import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { ConfirmationWanted, OrdersSettled } from '../calls.events.js';
import { mayAsk } from './confirmation.policy.js';
import { OrderConfirmations } from './order-confirmations.commands.js';
import type { CloseOrderForm, ConfirmOrderForm, EvidenceForm } from './orders.forms.js';
import { type OrderItem, OrdersQueries } from './orders.queries.js';

/** A success may be told of an order in which nothing is, or nothing is any more, to be confirmed. */
const SETTLED: readonly (string | null)[] = ['confirmed', null];

/** What people do to orders after the sale (CAM-9). */
@Injectable()
export class OrdersCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly orders: OrdersQueries,
    private readonly audit: Audit,
    private readonly events: Events,
    private readonly confirmations: OrderConfirmations,
  ) {}

  /**
   * Closes by hand an order that no file answers. One that failed or expired may still succeed, for the attempt it came from; asked again nothing changes.
   * @throws DomainError not_found · `order_closed` (409) when it succeeded, or failed already · `order_unconfirmed` (409) a success the customer has not confirmed
   * · `order_incomplete` (409) a success nobody has shown the evidence of; what the order system tells of it counts all the same
   */
  async close(user: CurrentUser, id: string, { state, reason }: CloseOrderForm): Promise<OrderItem> {
    await this.db.tx(async (tx) => {
      const { state: was, confirmation, complete } = await this.locked(tx, user, id);
      if (was === state) return;
      if (was === 'succeeded' || (was === 'expired' && state === 'failed')) throw new DomainError('order_closed', { status: 409 });
      if (state === 'succeeded' && !SETTLED.includes(confirmation)) throw new DomainError('order_unconfirmed', { status: 409 });
      if (state === 'succeeded' && !complete) throw new DomainError('order_incomplete', { status: 409 });
      const now = this.clock.now();
      await tx.run(sql`
        update calls.sales_order set state = ${state}, told_state = ${state}, told_on = ${dayOf(now)}::date, completed_on = ${dayOf(now)}::date,
          close_reason = ${reason}, closed_by = ${user.id}, closed_at = ${now}
        where id::text = ${id}`);
      await this.confirmations.note(tx, [id], { kind: 'closed', detail: { to: state, reason }, by: user.id });
      await this.audit.record(tx, user, { action: 'order.closed', object: 'order', id, detail: { from: was, to: state, reason } });
      await this.events.publish(tx, OrdersSettled, { importId: null });
    });
    return this.orders.byId(user, id);
  }

  /** Adds what was missing; what is there stays. A piece given again changes nothing. @throws DomainError not_found · `order_evidence_none` (422) */
  async addEvidence(user: CurrentUser, id: string, form: EvidenceForm): Promise<OrderItem> {
    await this.db.tx(async (tx) => {
      const before = await this.locked(tx, user, id);
      const added = Object.fromEntries(Object.entries(form).filter(([name, value]) => Boolean(value) && !before[HELD[name as keyof EvidenceForm]]));
      if (!Object.values(form).some(Boolean)) throw new DomainError('order_evidence_none');
      if (Object.keys(added).length === 0) return;
      const { product, identity, tariffRead, startRead, contractRead, recordingRef } = added as EvidenceForm;
      await tx.run(sql`
        update calls.sales_order set
          product = coalesce(product, ${product ?? null}), recording_ref = coalesce(recording_ref, ${recordingRef ?? null}),
          identity_by = case when ${identity ?? null}::text is null then identity_by else ${user.id}::bigint end,
          identity_at = case when ${identity ?? null}::text is null then identity_at else ${this.clock.now()} end,
          identity_check = coalesce(identity_check, ${identity ?? null}),
          tariff_read = tariff_read or ${tariffRead ?? false}, start_read = start_read or ${startRead ?? false}, contract_read = contract_read or ${contractRead ?? false}
        where id::text = ${id}`);
      const detail = Object.fromEntries(Object.entries(added).map(([name, value]) => [name, String(value)]));
      await this.confirmations.note(tx, [id], { kind: 'evidence', detail, by: user.id });
      await this.audit.record(tx, user, { action: 'order.evidence', object: 'order', id, detail });
    });
    return this.orders.byId(user, id);
  }

  /** Asks the customer again; the time to answer begins anew. @throws DomainError not_found · `order_not_asked` (409) nothing is to be confirmed, it was, or it failed */
  async askAgain(user: CurrentUser, id: string): Promise<OrderItem> {
    await this.db.tx(async (tx) => {
      const order = await this.locked(tx, user, id);
      if (!mayAsk(order)) throw new DomainError('order_not_asked', { status: 409 });
      await tx.run(sql`
        update calls.sales_order set confirmation = 'waiting', confirm_message_id = null, confirm_by = ${await this.confirmations.endFrom(tx, this.clock.now())},
          state = calls.order_state(told_state, 'waiting'), completed_on = case when told_state = 'failed' then completed_on end
        where id::text = ${id}`);
      await this.confirmations.note(tx, [id], { kind: 'ask_again', detail: {}, by: user.id });
      await this.audit.record(tx, user, { action: 'order.asked-again', object: 'order', id });
      await this.events.publish(tx, ConfirmationWanted, { orderId: id });
    });
    return this.orders.byId(user, id);
  }

  /** What the customer said otherwise than by a plain reply. @throws DomainError not_found · `order_not_asked` (409) */
  async confirm(user: CurrentUser, id: string, { confirmation: to, reason }: ConfirmOrderForm): Promise<OrderItem> {
    await this.db.tx(async (tx) => {
      const { confirmation: was } = await this.locked(tx, user, id);
      if (was === null) throw new DomainError('order_not_asked', { status: 409 });
      if (was === to) {
        await tx.run(sql`update calls.sales_order set needs_review = false where id::text = ${id}`);
        return;
      }
      await this.confirmations.settle(tx, [id], { to, detail: { reason }, by: user.id });
      await this.audit.record(tx, user, { action: `order.${to}`, object: 'order', id, detail: { from: was, reason } });
    });
    return this.orders.byId(user, id);
  }

  /** @throws DomainError not_found, also outside the scope */
  private async locked(tx: Tx, user: CurrentUser, id: string): Promise<OrderItem> {
    await this.orders.byId(user, id, tx);
    await tx.run(sql`select from calls.sales_order where id::text = ${id} for update`);
    return this.orders.byId(user, id, tx);
  }
}

/** Which fact of an order a piece of evidence fills. */
const HELD: Record<keyof EvidenceForm, keyof OrderItem> = {
  product: 'product',
  identity: 'identityCheck',
  tariffRead: 'tariffRead',
  startRead: 'startRead',
  contractRead: 'contractRead',
  recordingRef: 'recordingRef',
};
