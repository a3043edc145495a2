import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { GatewayAccount, OutgoingMessage, SubmitResult } from '../gateways/gateway.types.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import { PacingCommands } from '../sending/pacing.commands.js';
import { VALIDITY_HOURS } from '../receipts/validity.js';

/** A hand-over lasts seconds: after so long its process is gone, and nobody knows. */
const LOST_MS = 300_000;

/** The one hand-over of tests, and what the network says of them later. */
@Injectable()
export class TestHandOver {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gateways: GatewaysQueries,
    private readonly pacing: PacingCommands,
  ) {}

  /** At the gateway's pace, each once; what it did not answer for is unknown and stays so until a receipt tells. */
  async carry(account: GatewayAccount, messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const pace = { gateway: account.code, gatewayRate: account.ratePerSecond, blastId: null, blastRate: null };
    const { taken, waitMs } = await this.pacing.take(pace, messages.length);
    if (taken && waitMs > 0) await pause(waitMs);
    const answered = new Map((taken ? await this.gateways.carry(account, messages) : []).map((result) => [result.id, result]));
    for (const { id } of messages) await this.mark(answered.get(id) ?? { id, outcome: taken ? 'unknown' : 'throttled' });
  }

  private async mark(result: SubmitResult): Promise<void> {
    const ref = 'ref' in result ? result.ref : null;
    const code = 'code' in result ? result.code : null;
    const over = result.outcome === 'accepted' || result.outcome === 'unknown' ? null : this.clock.now();
    await this.database.run(sql`
      update messaging.test_send set state = ${result.outcome}, gateway_ref = ${ref}, network_code = ${code}, finished_at = ${over}
      where id = ${result.id} and state = 'sending'`);
  }

  /** Receipts of tests belong to no message, whoever reads them first finds none: they are taken here, by our reference or the gateway's. */
  async takeReceipts(): Promise<void> {
    const now = this.clock.now();
    const since = new Date(now.getTime() - VALIDITY_HOURS * 3_600_000);
    const open = sql`select id, gateway_code, gateway_ref from messaging.test_send where state in ('sending', 'accepted', 'unknown') and sent_at > ${since}`;
    if (!(await this.database.maybe(sql`${open} limit 1`))) return;
    await this.database.run(sql`
      with told as (
        delete from messaging.receipt r using (${open}) o
        where r.message_id = o.id or r.message_id is null and r.gateway_code = o.gateway_code and r.gateway_ref = o.gateway_ref
        returning o.id, r.state, r.network_code, r.received_at
      ), word as (
        select distinct on (id) id, state, network_code, received_at from told where state in ('delivered', 'undelivered', 'expired')
        order by id, array_position(array['expired', 'undelivered', 'delivered'], state) desc
      )
      update messaging.test_send s set state = w.state, network_code = coalesce(w.network_code, s.network_code), finished_at = w.received_at
      from word w where s.id = w.id`);
    await this.database.run(sql`
      update messaging.test_send set state = 'unknown' where state = 'sending' and sent_at < ${new Date(now.getTime() - LOST_MS)}`);
  }
}
