import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Outbox } from '../platform/jobs/outbox.js';
import type { Receipt } from './gateway.types.js';
import { ApplyReceipts } from './messaging.jobs.js';

/** What gateways say, appended as it comes: an acceptance, or a word of the network later. Nothing is read or changed here, so nothing waits. */
@Injectable()
export class ReceiptLog {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async append(tx: Tx, gateway: string, receipts: readonly Receipt[]): Promise<void> {
    if (receipts.length === 0) return;
    await tx.run(sql`
      insert into messaging.receipt (gateway_code, gateway_ref, message_id, state, network_code, hint, received_at)
      select ${gateway}, r.ref, r.message_id, r.state, r.code, r.hint, ${this.clock.now()}
      from unnest(${receipts.map(({ ref }) => ref)}::text[], ${receipts.map(({ messageId }) => messageId)}::uuid[], ${receipts.map(({ state }) => state)}::text[],
                  ${receipts.map(({ networkCode }) => networkCode)}::text[], ${receipts.map(({ hint }) => hint ?? null)}::text[])
        as r(ref, message_id, state, code, hint)`);
    await this.outbox.addUnlessWaiting(tx, ApplyReceipts, {});
  }

  /** Messages a gateway took, and the ids under which it will speak of them. */
  async accepted(tx: Tx, gateway: string, taken: readonly { id: string; ref: string }[]): Promise<void> {
    if (taken.length === 0) return;
    await tx.run(sql`
      with taken as (
        select * from unnest(${taken.map(({ id }) => id)}::uuid[], ${taken.map(({ ref }) => ref)}::text[]) as t(id, ref)
      ), named as (
        insert into messaging.gateway_message (gateway_code, gateway_ref, message_id) select ${gateway}, ref, id from taken on conflict do nothing
      )
      insert into messaging.receipt (gateway_code, gateway_ref, message_id, state, received_at) select ${gateway}, ref, id, 'accepted', ${this.clock.now()} from taken`);
    await this.outbox.addUnlessWaiting(tx, ApplyReceipts, {});
  }
}
