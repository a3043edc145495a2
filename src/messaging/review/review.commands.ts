import { Injectable } from '@nestjs/common';
import { OrderConfirmations } from '../../calls/orders/order-confirmations.commands.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { RepliesCommands } from '../replies/replies.commands.js';
import { type Decision, type ReplyRow, ReviewQueries } from './review.queries.js';

interface Verdict {
  decision: Decision;
  /** Of the order: Y or N, with or without its code. */
  word?: string | undefined;
}

/** A person says what an answer means that no rule understood: once, with her name to it. */
@Injectable()
export class ReviewCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly queries: ReviewQueries,
    private readonly orders: OrderConfirmations,
    private readonly replies: RepliesCommands,
    private readonly audit: Audit,
  ) {}

  /** Said again, the same changes nothing. @throws DomainError not_found · `reply_decided`, `reply_no_order`, `reply_which_order`, `reply_no_manager` (409) */
  async decide(user: CurrentUser, id: string, verdict: Verdict): Promise<void> {
    await this.database.tx(async (tx) => {
      await tx.maybe(sql`select 1 from messaging.reply where id = ${/^\d{1,18}$/.test(id) ? id : '0'} for no key update`);
      const reply = await this.queries.one(tx, user, id);
      if (!reply) throw notFound('reply', id);
      if (reply.decision === verdict.decision) return;
      if (reply.decision !== null) throw new DomainError('reply_decided', { status: 409, params: { who: reply.decidedBy ?? '' } });
      await this.does[verdict.decision](tx, user, reply, verdict);
      const forwardedTo = verdict.decision === 'forwarded' ? reply.managerId : null;
      const meaning = { opt_out: 'opt_out', order: 'expected', kept: 'unclear', forwarded: 'unclear' }[verdict.decision];
      await tx.run(sql`
        update messaging.reply set decision = ${verdict.decision}, decided_by = ${user.id}, decided_at = ${this.clock.now()}, meaning = ${meaning},
          expected = coalesce(${verdict.word ?? null}, expected), forwarded_to = ${forwardedTo} where id = ${id}`);
      await this.audit.record(tx, user, { action: `reply.${verdict.decision}`, object: 'reply', id, detail: { customerId: reply.customerId } });
      if (verdict.decision === 'opt_out') await this.replies.optOut(tx, reply, { source: `review:${user.username}`, actorId: user.id });
    });
  }

  /** The manager has read what was passed on to her. */
  async seen(user: CurrentUser, id: string): Promise<void> {
    const known = /^\d{1,18}$/.test(id) ? id : '0';
    const mine = await this.database.maybe(sql`
      update messaging.reply set seen_at = coalesce(seen_at, ${this.clock.now()}) where id = ${known} and forwarded_to = ${user.id} returning 1`);
    if (!mine) throw notFound('reply', id);
  }

  private readonly does: Record<Decision, (tx: Tx, user: CurrentUser, reply: ReplyRow, verdict: Verdict) => Promise<void>> = {
    kept: () => Promise.resolve(),
    // follows once it is kept as one
    opt_out: () => Promise.resolve(),
    order: async (tx, _user, { number, body }, { word }) => {
      // without a message nothing but an order that waits is meant: to one that has its answer, or none in time, there is nothing to say here
      const deed = word ? await this.orders.answer(tx, { number, messageId: null, word, text: body }) : 'nothing';
      if (deed === 'nothing') throw new DomainError('reply_no_order', { status: 409 });
      if (deed === 'review') throw new DomainError('reply_which_order', { status: 409 });
    },
    forwarded: (_tx, _user, { managerId }) => (managerId ? Promise.resolve() : Promise.reject(new DomainError('reply_no_manager', { status: 409 }))),
  };
}
