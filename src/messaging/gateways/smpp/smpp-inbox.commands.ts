import { Injectable } from '@nestjs/common';
import { numberOrDigits } from '../../../kernel/phone.js';
import { Database, type Tx } from '../../../platform/database/database.js';
import type { Receipt } from '../gateway.types.js';
import { InboundParts } from '../../replies/inbound-parts.commands.js';
import { hintOf } from '../../receipts/receipt-hints.js';
import { ReceiptsCommands } from '../../receipts/receipts.commands.js';
import { RepliesCommands } from '../../replies/replies.commands.js';
import type { IdFormat } from './message-ids.policy.js';
import { type ShortMessage, TAG } from './pdu.types.js';
import { isReport, readReport } from './receipts.policy.js';
import { readInbound } from './texts.policy.js';
import { numberIn } from '../tlvs.policy.js';

/** What a centre sends of itself: receipts and what customers write, kept together in one transaction. */
@Injectable()
export class SmppInbox {
  constructor(
    private readonly database: Database,
    private readonly receipts: ReceiptsCommands,
    private readonly replies: RepliesCommands,
    private readonly parts: InboundParts,
  ) {}

  keep(gateway: string, format: IdFormat, messages: readonly ShortMessage[]): Promise<void> {
    const reports = messages.filter(isReport).map((message) => receiptOf(message, format));
    const answers = messages.filter((message) => !isReport(message));
    return this.database.tx(async (tx) => {
      await this.receipts.append(tx, gateway, reports);
      for (const message of answers) await this.answer(tx, gateway, message);
    });
  }

  private async answer(tx: Tx, gateway: string, message: ShortMessage): Promise<void> {
    const { body, of } = readInbound(message);
    const number = numberOrDigits(message.source.digits);
    if (of) return this.parts.receive(tx, gateway, { number, body, ...of });
    const reference = numberIn(message.tlvs, TAG.userMessageReference);
    // without a reference the same words twice are two answers: losing one would be worse than reading one twice
    await this.replies.receive(tx, gateway, { ref: reference === null ? null : String(reference), number, body });
  }
}

function receiptOf(message: ShortMessage, format: IdFormat): Receipt {
  const { ref, state, networkCode, digits, reference } = readReport(message, format);
  return { messageId: null, ref, state, networkCode, hint: hintOf(numberOrDigits(digits), reference) };
}
