import { Injectable } from '@nestjs/common';
import { addDays, dayOf, dayStart } from '../../kernel/day.js';
import { uuidAt } from '../../kernel/ids.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { ContactQueries } from '../contact.queries.js';
import type { Reason, TestAsk, Verdict } from '../contact.types.js';
import { isCentralWish } from './central-wish.policy.js';
import { GateContextQueries } from './gate-context.queries.js';
import { decide } from './gate.policy.js';
import { questionOf } from './question.policy.js';

/** Enough to try a text; more would be a way to write to somebody beside the caps. */
const A_DAY = 20;

/**
 * The gate for tests of messages (R10, R16): the same rules, asked about a number, for a purpose of their own. Hours and do-not-contact hold; what counts
 * for customers does not count them. Written to a ledger of their own.
 */
@Injectable()
export class TestTouches {
  constructor(
    private readonly contact: ContactQueries,
    private readonly gate: GateContextQueries,
  ) {}

  /** Holds the number until the transaction ends, so that two asks are answered one after the other. */
  async reserve(tx: Tx, { number, at, text, source, actorId }: TestAsk): Promise<Verdict> {
    await tx.rows(sql`select pg_advisory_xact_lock(hashtext('contact.test'), hashtext(${number}))`);
    const question = questionOf({ channel: 'sms', purpose: 'test', at, centralWish: isCentralWish(text) });
    const decision = decide(question, await this.contact.factsOf(number, at, tx), this.gate.current());
    const full = await this.isFull(tx, number, at);
    const reasons: Reason[] = full ? [...decision.reasons, 'cap_reached'] : decision.reasons;
    const id = uuidAt(at);
    await tx.run(sql`
      insert into contact.test_touch (id, number, allowed, reasons, source, actor_id, at)
      values (${id}, ${number}, ${reasons.length === 0}, ${reasons}::text[], ${source}, ${actorId}, ${at})`);
    const until = full && decision.reasons.length === 0 ? dayStart(addDays(dayOf(at), 1)) : decision.until;
    return { allowed: reasons.length === 0, reasons, touchId: id, expiresAt: null, until };
  }

  private async isFull(tx: Tx, number: string, at: Date): Promise<boolean> {
    const { n } = await tx.one<{ n: number }>(sql`
      select count(*)::int as n from contact.test_touch where number = ${number} and allowed and at >= ${dayStart(dayOf(at))} and at <= ${at}`);
    return n >= A_DAY;
  }
}
