import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { ReceiptState } from './gateway.types.js';
import { ReceiptsCommands } from '../receipts/receipts.commands.js';
import { RepliesCommands } from '../replies/replies.commands.js';

const CHUNK = 2000;

interface Due {
  ref: string;
  messageId: string;
  number: string;
  fate: ReceiptState;
  networkCode: string | null;
  reply: string | null;
}

/** The pretended network speaks: receipts that are due, and what customers answer. */
@Injectable()
export class SimulatorVoiceCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly receipts: ReceiptsCommands,
    private readonly replies: RepliesCommands,
  ) {}

  async speak(gateway: string): Promise<void> {
    let spoken = CHUNK;
    while (spoken === CHUNK) spoken = await this.database.tx((tx) => this.speakChunk(tx, gateway));
  }

  private async speakChunk(tx: Tx, gateway: string): Promise<number> {
    const now = this.clock.now();
    const due = await tx.rows<Due>(sql`
      with due as (
        select id from messaging.simulator_inbox
        where gateway_code = ${gateway} and receipt_sent_at is null and receipt_at <= ${now} order by receipt_at limit ${CHUNK} for update skip locked
      )
      update messaging.simulator_inbox i set receipt_sent_at = ${now} from due where i.id = due.id
      returning i.id::text as ref, i.message_id as "messageId", i.number, i.fate, i.network_code as "networkCode", i.reply`);
    await this.receipts.append(
      tx,
      gateway,
      due.map(({ ref, messageId, fate, networkCode }) => ({ ref, messageId, state: fate, networkCode })),
    );
    for (const { ref, number, reply } of due) {
      if (reply !== null) await this.replies.receive(tx, gateway, { ref: `reply-${ref}`, number, body: reply });
    }
    return due.length;
  }
}
