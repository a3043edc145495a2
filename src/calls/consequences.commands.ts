import { Injectable } from '@nestjs/common';
import { ContactCommands } from '../contact/contact.commands.js';
import { CustomersCommands } from '../customers/customers.commands.js';
import { DomainError } from '../kernel/errors.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { Decision } from './attempt.policy.js';
import type { OrderForm } from './attempts.forms.js';
import type { CampaignRules, ContactTarget } from './attempts.types.js';
import type { Outcome } from './outcomes.types.js';

const DAY_MS = 86_400_000;

/** What an outcome brings about outside the task itself, and what a correction takes back. */
export interface Cause {
  attemptId: string;
  target: ContactTarget;
  campaign: CampaignRules;
  outcome: Outcome;
  /** The end of the call. */
  at: Date;
  actorId: string;
}

@Injectable()
export class Consequences {
  constructor(
    private readonly contact: ContactCommands,
    private readonly customers: CustomersCommands,
  ) {}

  /** The do-not-call block, the mark on the line, the rest of the product family. */
  async apply(tx: Tx, cause: Cause, decision: Decision): Promise<void> {
    const { target, at } = cause;
    if (decision.block) {
      const source = `attempt:${cause.attemptId}`;
      await this.contact.block(tx, { number: target.number, channel: 'call', scope: 'all', reason: 'do_not_call', source, actorId: cause.actorId });
    }
    if (decision.lineHealth && decision.lineHealth !== target.lineHealth)
      await this.customers.setLineHealth(tx, target.lineId, decision.lineHealth, at);
    if (decision.coolOff) {
      const { family, days } = decision.coolOff;
      const until = new Date(at.getTime() + days * DAY_MS);
      await this.contact.coolOff(tx, { customerId: target.customerId, family, until, cause: cause.outcome.converted ? 'converted' : 'refused' });
    }
  }

  /** Takes back what the outcome that was wrong had brought about (R36). */
  async undo(tx: Tx, cause: Cause, decision: Decision): Promise<void> {
    const { target, actorId } = cause;
    if (decision.block && !(await this.blockedByOthers(tx, cause))) {
      await this.contact.unblock(tx, { number: target.number, channel: 'call', scope: 'all', reason: 'attempt_corrected', actorId });
    }
    if (decision.lineHealth && decision.lineHealth !== 'good' && decision.lineHealth === target.lineHealth) {
      await this.customers.setLineHealth(tx, target.lineId, 'good', cause.at);
      target.lineHealth = 'good';
    }
    if (decision.coolOff) await this.contact.endCoolOff(tx, target.customerId, decision.coolOff.family);
  }

  /** @throws DomainError `order_no_taken` (409) at `order.orderNo` */
  async openOrder(tx: Tx, cause: Cause, order: OrderForm | undefined): Promise<void> {
    const { attemptId, campaign, target, at } = cause;
    const made = await tx.run(sql`
      insert into calls.sales_order (attempt_id, campaign_id, customer_id, order_no, product, terms_read, opened_at)
      values (${attemptId}, ${campaign.id}, ${target.customerId}, ${order?.orderNo ?? null}, ${order?.product ?? null}, ${order?.termsRead ?? false}, ${at})
      on conflict (order_no) do nothing`);
    if (made === 0) throw new DomainError('order_no_taken', { status: 409, param: 'order.orderNo', params: { orderNo: order?.orderNo } });
  }

  private async blockedByOthers(tx: Tx, { attemptId, target }: Cause): Promise<boolean> {
    const other = await tx.maybe(sql`
      select 1 from calls.attempt a join calls.outcome o on o.code = a.outcome
      where a.customer_id = ${target.customerId} and a.line_id = ${target.lineId} and a.id <> ${attemptId} and o.blocks_calls limit 1`);
    return other !== undefined;
  }
}
