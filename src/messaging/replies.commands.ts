import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { ContactCommands } from '../contact/contact.commands.js';
import { optOutMeaning } from '../contact/contact.queries.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { InboundMessage } from './gateway.types.js';

/** What customers write back. Opt-out words take effect at once: the next hand-over asks again (GOV-2, R18). */
@Injectable()
export class RepliesCommands {
  constructor(
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
  ) {}

  /** Kept once however often the gateway delivers it. */
  async receive(tx: Tx, gateway: string, inbound: InboundMessage): Promise<void> {
    const meaning = optOutMeaning(inbound.body);
    const kept = await tx.run(sql`
      insert into messaging.reply (gateway_code, gateway_ref, number, customer_id, body, meaning, message_id, received_at)
      select ${gateway}, ${inbound.ref}, ${inbound.number}, l.customer_id, ${inbound.body}, ${meaning}, m.id, ${this.clock.now()}
      from (select 1) one
      left join customers.v_line l on l.number = ${inbound.number}
      left join lateral (select id from messaging.message where customer_id = l.customer_id and number = ${inbound.number} order by id desc limit 1) m on true
      on conflict (gateway_code, gateway_ref) do nothing`);
    if (kept === 0 || meaning !== 'opt_out') return;
    await this.contact.block(tx, {
      number: inbound.number,
      channel: 'sms',
      scope: 'marketing',
      reason: 'sms_reply',
      source: `sms:${gateway}`,
      actorId: null,
    });
  }
}
