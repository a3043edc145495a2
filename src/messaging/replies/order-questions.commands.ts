import { Injectable } from '@nestjs/common';
import { askedWords, type OrderToAsk, OrderConfirmations } from '../../calls/orders/order-confirmations.commands.js';
import type { Verdict } from '../../contact/contact.types.js';
import { isRefusal } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { MessageIntents, type SentMessage } from '../sending/message-intents.commands.js';
import { AskConfirmation } from '../messaging.jobs.js';
import { cardColumns, cardJoins } from '../wording/recipient-values.js';
import type { TaskCard } from '../single-messages/task-messages.queries.js';
import { ORDER_TEMPLATE, type Values } from '../wording/wording.js';

/** What the price of an order is called: what the catalogue does not know was told in the call. */
const priceText = (fen: number | null): string => (fen === null ? '资费以通话中告知的为准' : `每月${String(fen / 100)}元`);

const valuesOf = ({ product, priceFen, hours, code }: OrderToAsk): Values => ({
  'order.product': product ?? '所订业务',
  'order.price': priceText(priceFen),
  'order.hours': String(hours),
  'order.yes': askedWords(code).yes,
  'order.no': askedWords(code).no,
});

/** Asks customers to confirm what they bought by telephone (CAM-9): a service message, through the gate like any other. */
@Injectable()
export class OrderQuestions {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly confirmations: OrderConfirmations,
    private readonly intents: MessageIntents,
  ) {}

  /** Once an order; run again it asks nobody twice. What the gate holds back for a while is asked then; what it refuses is in the order's history. */
  async ask(orderId: string): Promise<void> {
    await this.database.tx(async (tx) => {
      const order = await this.confirmations.toAsk(tx, orderId);
      if (!order) return;
      const answer = await this.say(tx, order);
      if (answer === undefined) return this.confirmations.notAsked(tx, orderId, 'orders.text_faulty');
      if (!('refused' in answer)) return this.confirmations.asked(tx, order, answer.id);
      await this.refused(tx, orderId, answer.refused);
    });
  }

  /** @returns undefined when the text cannot be made: a person has to mend the template and ask again */
  private async say(tx: Tx, order: OrderToAsk): Promise<SentMessage | { refused: Verdict } | undefined> {
    const card = await tx.one<TaskCard>(sql`
      select ${cardColumns('service')}, p.id as "campaignId", p.family as "productFamily"
      from reporting.campaign p ${cardJoins(sql`${order.lineId}::bigint`, null)} where p.id = ${order.campaignId}`);
    try {
      return await this.intents.intend(tx, card, {
        taskId: order.taskId,
        templateCode: ORDER_TEMPLATE,
        source: 'order',
        actorId: null,
        values: valuesOf(order),
      });
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  private async refused(tx: Tx, orderId: string, { reasons, until }: Verdict): Promise<void> {
    await this.confirmations.notAsked(tx, orderId, `contact.reason.${reasons[0] ?? 'blocked'}`);
    if (until) await this.outbox.add(tx, AskConfirmation, { orderId }, { runAt: until });
  }
}
