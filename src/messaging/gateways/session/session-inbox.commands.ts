import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../../platform/database/database.js';
import { ReceiptsCommands } from '../../receipts/receipts.commands.js';
import { InboundParts, type InboundPiece } from '../../replies/inbound-parts.commands.js';
import { RepliesCommands } from '../../replies/replies.commands.js';
import type { InboundMessage, Receipt } from '../gateway.types.js';

/** What a customer wrote, whole or a piece of it. */
export type Heard = InboundMessage | InboundPiece;

/** What a gateway sends of itself, read from its protocol: receipts and what customers write, kept together in one transaction. */
@Injectable()
export class SessionInbox {
  constructor(
    private readonly database: Database,
    private readonly receipts: ReceiptsCommands,
    private readonly replies: RepliesCommands,
    private readonly parts: InboundParts,
  ) {}

  keep(gateway: string, reports: readonly Receipt[], answers: readonly Heard[]): Promise<void> {
    return this.database.tx(async (tx) => {
      await this.receipts.append(tx, gateway, reports);
      for (const heard of answers) await this.hear(tx, gateway, heard);
    });
  }

  private hear(tx: Tx, gateway: string, heard: Heard): Promise<void> {
    return 'part' in heard ? this.parts.receive(tx, gateway, heard) : this.replies.receive(tx, gateway, heard);
  }
}
