import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Tx } from '../../platform/database/database.js';
import { listOf, sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { Receipt } from '../gateways/gateway.types.js';
import { ApplyReceipts } from '../messaging.jobs.js';

/**
 * What gateways say, appended as it comes: an acceptance, or a word of the network later. All that comes together is one row; nothing is read or
 * changed here, so nothing waits.
 */
@Injectable()
export class ReceiptLog {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async append(tx: Tx, gateway: string, receipts: readonly Receipt[]): Promise<void> {
    if (receipts.length === 0) return;
    await tx.run(sql`
      insert into messaging.said (gateway_code, said_at, taken, words, message_ids, refs, states, codes, hints)
      values (${gateway}, ${this.clock.now()}, false, ${receipts.length}, ${listOf(receipts.map(({ messageId }) => messageId))}::uuid[],
              ${listOf(receipts.map(({ ref }) => ref))}::text[], ${listOf(receipts.map(({ state }) => state))}::text[],
              ${listOf(receipts.map(({ networkCode }) => networkCode))}::text[], ${listOf(receipts.map(({ hint }) => hint ?? null))}::text[])`);
    await this.outbox.addUnlessWaiting(tx, ApplyReceipts, {});
  }

  /** Messages a gateway took, and the ids under which it will speak of them. */
  async accepted(tx: Tx, gateway: string, taken: readonly { id: string; ref: string }[]): Promise<void> {
    if (taken.length === 0) return;
    await tx.run(sql`
      insert into messaging.said (gateway_code, said_at, taken, words, message_ids, refs)
      values (${gateway}, ${this.clock.now()}, true, ${taken.length}, ${listOf(taken.map(({ id }) => id))}::uuid[], ${listOf(taken.map(({ ref }) => ref))}::text[])`);
    await this.outbox.addUnlessWaiting(tx, ApplyReceipts, {});
  }
}
