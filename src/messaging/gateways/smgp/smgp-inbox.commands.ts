import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { numberOrDigits } from '../../../kernel/phone.js';
import { Database, type Tx } from '../../../platform/database/database.js';
import type { Receipt } from '../gateway.types.js';
import { InboundParts } from '../../replies/inbound-parts.commands.js';
import { hintOf } from '../../receipts/receipt-hints.js';
import { ReceiptsCommands } from '../../receipts/receipts.commands.js';
import { RepliesCommands } from '../../replies/replies.commands.js';
import { refOf } from './message-ids.policy.js';
import type { Deliver } from './packet.types.js';
import { readReport } from './receipts.policy.js';
import { readInbound } from './texts.policy.js';

/** What a gateway sends of itself: receipts and what customers write, kept together in one transaction. */
@Injectable()
export class SmgpInbox {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly receipts: ReceiptsCommands,
    private readonly replies: RepliesCommands,
    private readonly parts: InboundParts,
  ) {}

  keep(gateway: string, messages: readonly Deliver[]): Promise<void> {
    const now = this.clock.now();
    const reports = messages.filter(({ isReport }) => isReport).map((message) => receiptOf(message, now));
    const answers = messages.filter(({ isReport }) => !isReport);
    return this.database.tx(async (tx) => {
      await this.receipts.append(tx, gateway, reports);
      for (const message of answers) await this.answer(tx, gateway, message);
    });
  }

  private async answer(tx: Tx, gateway: string, message: Deliver): Promise<void> {
    const { body, of } = readInbound(message);
    const number = numberOrDigits(message.source);
    if (of) return this.parts.receive(tx, gateway, { number, body, ...of });
    const ref = message.id.some((byte) => byte !== 0) ? refOf(message.id, this.clock.now()) : null;
    await this.replies.receive(tx, gateway, { ref, number, body });
  }
}

function receiptOf(message: Deliver, now: Date): Receipt {
  const { ref, number, state, networkCode } = readReport(message, now);
  return { messageId: null, ref, state, networkCode, ...(number === null ? {} : { hint: hintOf(number, null) }) };
}
