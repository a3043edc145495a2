import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { CONFIRM_WORDS, OrderConfirmations } from '../../calls/orders/order-confirmations.commands.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import type { InboundMessage } from '../gateways/gateway.types.js';
import { GuardCommands } from '../guard/guard.commands.js';
import { OptOutReceived } from '../messaging.events.js';
import { unheard } from '../sending/message-locks.js';
import { ORDER_TEMPLATE } from '../wording/wording.js';
import { offeredReply } from '../wording/offered-reply.policy.js';
import { optOutOf } from '../wording/wording-rules.queries.js';

/** What comes again sooner is the same answer, of which the gateway has not heard that it is kept. */
const SENT_AGAIN_MS = 10 * 60_000;

const reachOf = (number: string) => ({ number, channel: 'sms', scope: 'marketing', reason: 'sms_reply' }) as const;

interface Asked {
  messageId: string | null;
  blastId: string | null;
  replies: string[];
  /** It asked for the confirmation of an order. */
  forOrder: boolean;
}

/** What customers write back. Opt-out words take effect at once: the next hand-over asks again (GOV-2, R18). */
@Injectable()
export class RepliesCommands {
  constructor(
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly gate: ContactQueries,
    private readonly orders: OrderConfirmations,
    private readonly guard: GuardCommands,
    private readonly events: Events,
  ) {}

  /**
   * Kept once however often the gateway delivers it: the same words under the same id, soon, and nothing else heard from that number in between. Ids alone are not
   * trusted: a centre that never changes them would have a later opt-out swallowed.
   */
  async receive(tx: Tx, gateway: string, inbound: InboundMessage): Promise<void> {
    if (await this.isSentAgain(tx, gateway, inbound)) return;
    const asked = await this.asked(tx, inbound.number);
    const toConfirm = await this.orders.expectedFrom(tx, inbound.number);
    const meaning = this.gate.replyMeaning(inbound.body, [...asked.replies, ...toConfirm]);
    const match = (words: readonly string[]): string | undefined =>
      meaning === 'expected' ? words.find((reply) => this.gate.replyMeaning(inbound.body, [reply]) === 'expected') : undefined;
    const expected = match([...asked.replies, ...toConfirm]);
    const kept = await tx.one<{ id: string }>(sql`
      insert into messaging.reply (gateway_code, gateway_ref, number, customer_id, body, meaning, expected, message_id, blast_id, received_at)
      select ${gateway}, ${inbound.ref}, ${inbound.number}, l.customer_id, ${inbound.body}, ${meaning}, ${expected ?? null}, ${asked.messageId}::uuid, ${asked.blastId}::bigint, ${this.clock.now()}
      from (select 1) one
      left join customers.v_line l on l.number = ${inbound.number} returning id`);
    // an answer to a newer message that asked for just that is none to the order
    if (asked.forOrder || !match(asked.replies))
      await this.orders.answer(tx, {
        number: inbound.number,
        messageId: asked.messageId,
        word: match([...toConfirm, ...CONFIRM_WORDS]) ?? null,
        text: inbound.body,
      });
    const of = { id: kept.id, number: inbound.number, blastId: asked.blastId };
    if (meaning === 'opt_out') await this.optOut(tx, of, { source: `sms:${gateway}`, actorId: null });
    // the customer's own word is the one thing that ends an opt-out
    if (meaning === 'consent') await this.contact.unblock(tx, { ...reachOf(inbound.number), actorId: null, consentedAnew: true });
  }

  /** What follows from an answer that is kept as an opt-out, whether a rule or a person has understood it. */
  async optOut(
    tx: Tx,
    { id, number, blastId }: { id: string; number: string; blastId: string | null },
    by: { source: string; actorId: string | null },
  ): Promise<void> {
    await this.contact.block(tx, { ...reachOf(number), ...by });
    await this.events.publish(tx, OptOutReceived, { replyId: id });
    if (blastId) await this.guard.afterOptOut(tx, blastId);
  }

  /** Of what comes over several lines at once, one is kept first and the others look then. */
  private async isSentAgain(tx: Tx, gateway: string, { number, ref, body }: InboundMessage): Promise<boolean> {
    if (ref === null) return false;
    await tx.run(sql`select pg_advisory_xact_lock(hashtext('messaging.reply'), hashtext(${number}))`);
    const since = new Date(this.clock.now().getTime() - SENT_AGAIN_MS);
    const last = await tx.maybe<{ again: boolean }>(sql`
      select gateway_code = ${gateway} and gateway_ref is not distinct from ${ref} and body = ${body} and received_at > ${since} as again
      from messaging.reply where number = ${number} order by id desc limit 1`);
    return last?.again === true;
  }

  /** The newest message that may have reached that number, and the answers it asked for: those of the wording that was sent. */
  private async asked(tx: Tx, number: string): Promise<Asked> {
    const found = await tx.maybe<Asked & { optOut: string }>(sql`
      select m.id as "messageId", m.blast_id as "blastId", coalesce(v.expected_replies, '{}') as replies, coalesce(k.code = ${ORDER_TEMPLATE}, false) as "forOrder",
             coalesce(b.opt_out, ${optOutOf(sql`k.purpose`)}) as "optOut"
      from customers.v_line l
      join messaging.message m on m.customer_id = l.customer_id and m.number = l.number
      left join messaging.blast b on b.id = m.blast_id
      left join messaging.template k on k.id = m.template_id
      left join messaging.v_template t on t.id = m.template_id
      left join messaging.template_version v on v.template_id = m.template_id and v.version = coalesce(b.template_version, t.version)
      where l.number = ${number} and m.state not in ('void', 'refused', 'rejected')
        and (m.state <> 'expired' or m.submitted_at is not null) and (m.state <> 'queued' or not (${unheard(sql`m.id`)}))
      order by m.id desc limit 1`);
    if (!found) return { messageId: null, blastId: null, replies: [], forOrder: false };
    const { optOut, ...asked } = found;
    return { ...asked, replies: this.notOffered(found.replies, optOut) };
  }

  /** The opt-out text may have been changed after the wording was approved: the letter it tells people to send never means anything else (GOV-2). */
  private notOffered(replies: string[], optOut: string): string[] {
    const offered = offeredReply(optOut);
    return offered === null ? replies : replies.filter((reply) => this.gate.replyMeaning(reply, [offered]) !== 'expected');
  }
}
