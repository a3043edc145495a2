import { Injectable } from '@nestjs/common';
import { familyOf } from '../../campaigns/campaigns.types.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import { CustomersCommands } from '../../customers/customers.commands.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { Decision } from './attempt.policy.js';
import type { OrderForm } from './attempts.forms.js';
import type { CampaignRules, ContactTarget } from './attempts.types.js';
import { OrderBook } from '../orders/order-book.commands.js';
import type { Outcome } from '../outcomes/outcomes.types.js';
import { Rests } from '../claims/rests.commands.js';

/** What an outcome brings about outside the task itself, and what a correction takes back. */
export interface Cause {
  attemptId: string;
  target: ContactTarget;
  campaign: CampaignRules;
  outcome: Outcome;
  /** The end of the call. */
  at: Date;
  /** null: nobody, the switch said so. */
  actorId: string | null;
}

@Injectable()
export class Consequences {
  constructor(
    private readonly contact: ContactCommands,
    private readonly customers: CustomersCommands,
    private readonly orders: OrderBook,
    private readonly rests: Rests,
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
    if (decision.coolOff) await this.contact.coolOff(tx, { ...decision.coolOff, ...restOf(cause) });
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
    // whatever the outcome brings today: when the call was recorded it may have brought a rest
    if (cause.campaign.kind === 'marketing') await this.rests.recount(tx, target.customerId, familyOf(cause.campaign), cause.attemptId);
  }

  /**
   * @param strict what the product demands and is not there refuses the sale
   * @throws InvalidInput with what is missing · DomainError `order_no_taken` (409) at `order.orderNo`
   */
  async openOrder(tx: Tx, { attemptId, campaign, target, at, actorId }: Cause, order: OrderForm | undefined, strict: boolean): Promise<void> {
    await this.orders.open(tx, { attemptId, campaignId: campaign.id, customerId: target.customerId, at, actorId, strict }, order);
  }

  private async blockedByOthers(tx: Tx, { attemptId, target }: Cause): Promise<boolean> {
    const other = await tx.maybe(sql`
      select 1 from calls.attempt a join calls.outcome o on o.code = a.outcome
      where a.customer_id = ${target.customerId} and a.line_id = ${target.lineId} and a.id <> ${attemptId} and o.blocks_calls limit 1`);
    return other !== undefined;
  }
}

const restOf = ({ target, outcome, at }: Cause) =>
  ({ customerId: target.customerId, from: at, cause: outcome.converted ? 'converted' : 'refused' }) as const;
