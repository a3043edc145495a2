import { Injectable } from '@nestjs/common';
import { familyOf, purposeOf } from '../../campaigns/campaigns.types.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import type { BatchRequest, Purpose, Verdict } from '../../contact/contact.types.js';
import { addDays, atTime, dayOf } from '../../kernel/day.js';
import { notFound } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { prepared, sql } from '../../platform/database/sql.js';
import { LEASE_MINUTES } from '../calls.types.js';
import type { Candidate } from './claim.queries.js';
import { DispatchEnds } from '../dispatch/dispatch-ends.commands.js';

/** A locked task and who wants it. */
export interface Wish {
  userId: string;
  candidate: Candidate;
}

/** undefined = nobody is next. */
export type Claimed = { taskId: string } | { refused: Candidate; verdict: Verdict } | undefined;

interface Answered extends Wish {
  verdict: Verdict;
}

/** Asks the gate for locked tasks: a lease when it says yes, a not-before time when it says no. */
@Injectable()
export class Leases {
  constructor(
    private readonly contact: ContactCommands,
    private readonly dispatches: DispatchEnds,
  ) {}

  /**
   * In the order of the wishes. No customer may stand in two of them.
   * @throws DomainError not_found when the gate knows a customer no more
   */
  async ask(tx: Tx, wishes: readonly Wish[], now: Date): Promise<Claimed[]> {
    const answered = await this.judge(tx, wishes, now);
    await this.take(
      tx,
      answered.filter(({ verdict }) => verdict.allowed),
      now,
    );
    await this.holdBack(
      tx,
      answered.filter(({ verdict }) => !verdict.allowed),
      now,
    );
    return answered.map(({ candidate, verdict }) => (verdict.allowed ? { taskId: candidate.id } : { refused: candidate, verdict }));
  }

  private async judge(tx: Tx, wishes: readonly Wish[], now: Date): Promise<Answered[]> {
    const verdicts = await this.contact.reserveEach(
      tx,
      questionsOf(wishes, now).map((alike) => requestFor(alike, now)),
    );
    const byCustomer = new Map(verdicts.flatMap((some) => [...some]));
    return wishes.map((wish) => {
      const verdict = byCustomer.get(wish.candidate.customerId);
      if (!verdict) throw notFound('customer', wish.candidate.customerId);
      return { ...wish, verdict };
    });
  }

  private async take(tx: Tx, allowed: readonly Answered[], now: Date): Promise<void> {
    if (allowed.length === 0) return;
    const leaseUntil = new Date(now.getTime() + LEASE_MINUTES * 60_000);
    await tx.run(
      prepared(sql`
        update calls.task t set state = 'claimed', claimed_by = a.person, lease_until = ${leaseUntil}, touch_id = a.touch,
               not_before = case when t.not_before > ${now} then t.not_before end, refused_reason = null
        from unnest(${allowed.map((one) => one.candidate.id)}::bigint[], ${allowed.map((one) => one.userId)}::bigint[],
                    ${allowed.map((one) => one.verdict.touchId)}::uuid[]) as a(id, person, touch)
        where t.id = a.id`),
    );
  }

  private async holdBack(tx: Tx, refused: readonly Answered[], now: Date): Promise<void> {
    if (refused.length === 0) return;
    const tomorrow = atTime(addDays(dayOf(now), 1), '09:00');
    await tx.run(
      prepared(sql`
        update calls.task t set not_before = r.until, refused_reason = r.reason
        from unnest(${refused.map((one) => one.candidate.id)}::bigint[], ${refused.map((one) => one.verdict.until ?? tomorrow)}::timestamptz[],
                    ${refused.map((one) => one.verdict.reasons[0] ?? null)}::text[]) as r(id, until, reason)
        where t.id = r.id`),
    );
    for (const { candidate, verdict } of refused) await this.dispatches.refused(tx, candidate.id, verdict);
  }
}

/** The gate is asked once for all whose campaign and purpose are the same. */
function questionsOf(wishes: readonly Wish[], now: Date): Wish[][] {
  const questions = new Map<string, Wish[]>();
  for (const wish of wishes) {
    const question = `${wish.candidate.campaignId} ${purposeFor(wish.candidate, now)}`;
    const alike = questions.get(question);
    if (alike) alike.push(wish);
    else questions.set(question, [wish]);
  }
  return [...questions.values()];
}

function requestFor(alike: readonly Wish[], now: Date): BatchRequest {
  const [{ candidate }] = alike as [Wish, ...Wish[]];
  return {
    rows: alike.map(({ userId, candidate: { customerId, number } }) => ({ customerId, number, actorId: userId })),
    channel: 'call',
    purpose: purposeFor(candidate, now),
    campaignId: candidate.campaignId,
    productFamily: familyOf(candidate),
    callWindow: candidate.callWindow,
    source: 'desk',
    at: now,
    holdMinutes: LEASE_MINUTES,
  };
}

/** A promise whose minute has come is a callback, whatever the campaign sells (GOV-4). */
function purposeFor(candidate: Candidate, now: Date): Purpose {
  if (candidate.callbackAt && candidate.callbackAt <= now) return 'callback';
  return purposeOf(candidate.kind);
}
