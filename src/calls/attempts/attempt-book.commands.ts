import { Injectable } from '@nestjs/common';
import { familyOf } from '../../campaigns/campaigns.types.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import { LearningCommands } from '../../customers/profile/learning.commands.js';
import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { slotsFor } from '../claims/best-slot.queries.js';
import { type Decision, decideAttempt, type TaskNext } from './attempt.policy.js';
import type { AttemptEntry, ContactTarget } from './attempts.types.js';
import { AttemptRecorded, ConversionRecorded } from '../calls.events.js';
import { Consequences } from './consequences.commands.js';
import { PromiseBook } from '../promises/promise-book.commands.js';
import { TOLERANCE } from '../switch/switch-matching.commands.js';

/** The columns of a task that follow from a decision. */
export function taskColumns(next: TaskNext, now: Date): Sql {
  if (next.state === 'open')
    return sql`state = 'open', not_before = ${next.notBefore}, callback_at = ${next.callbackAt}, close_reason = null, closed_at = null, refused_reason = null`;
  return sql`state = ${next.state}, close_reason = ${next.closeReason}, closed_at = ${now}, not_before = null, callback_at = null, refused_reason = null`;
}

/** When the call ended: never later than now, however long it is said to have lasted. */
export const endOf = (startedAt: Date, talkSeconds: number, now: Date): Date =>
  new Date(Math.min(startedAt.getTime() + talkSeconds * 1000, now.getTime()));

/** Enters an attempt with everything that follows from it. The touch must be an allowed one: the database refuses any other. */
@Injectable()
export class AttemptBook {
  constructor(
    private readonly contact: ContactCommands,
    private readonly learning: LearningCommands,
    private readonly consequences: Consequences,
    private readonly promises: PromiseBook,
    private readonly events: Events,
  ) {}

  async enter(tx: Tx, entry: AttemptEntry): Promise<void> {
    const { id, target, campaign, outcome, form, managerId } = entry;
    const at = endOf(entry.startedAt, form.talkSeconds, entry.now);
    const decision = decideAttempt({
      outcome,
      at,
      callbackAt: form.callbackAt ?? null,
      attempts: (entry.task?.attempts ?? 0) + 1,
      campaign: { ...campaign, productFamily: familyOf(campaign) },
      given: { reason: Boolean(form.reason), order: form.order !== undefined, orderProduct: Boolean(form.order?.product) },
      slots: await slotsFor(tx, outcome, target.customerId, entry.now),
    });
    await this.contact.confirm(tx, [entry.touchId], entry.startedAt);
    await this.save(tx, entry, decision);
    const cause = { attemptId: id, target, campaign, outcome, at, actorId: managerId };
    if (decision.order) await this.consequences.openOrder(tx, cause, form.order, entry.strict ?? false);
    await this.consequences.apply(tx, cause, decision);
    await this.promises.make(tx, { attemptId: id, customerId: target.customerId, userId: managerId, now: entry.now }, form.promises ?? []);
    if (form.profile)
      await this.learning.learn(tx, target.customerId, form.profile, {
        by: managerId,
        at: entry.now,
        attemptId: id,
        lineId: target.lineId,
      });
    await this.events.publish(tx, AttemptRecorded, {
      attemptId: id,
      taskId: entry.task?.id ?? null,
      campaignId: campaign.id,
      customerId: target.customerId,
      outcome: outcome.code,
      visit: outcome.visit,
      topics: form.topics ?? [],
      at: entry.startedAt.toISOString(),
    });
    if (outcome.converted) await this.events.publish(tx, ConversionRecorded, { attemptId: id });
  }

  /**
   * The start under which the attempt is entered. One that nobody named gives way by milliseconds to a call which stands there already.
   * @throws DomainError `attempt_exists` (409) when the named start is taken
   */
  async freeStart(tx: Tx, { lineId }: ContactTarget, call: { campaignId: string; startedAt: Date; given: boolean }): Promise<Date> {
    const { campaignId, startedAt, given } = call;
    const taken = await tx.rows<{ at: Date }>(sql`
      select started_at as at from calls.attempt_key
      where line_id = ${lineId} and campaign_id = ${campaignId} and started_at >= ${startedAt} and started_at < ${startedAt}::timestamptz + interval '1 second'
      order by started_at`);
    const times = new Set(taken.map((row) => row.at.getTime()));
    if (given && times.has(startedAt.getTime())) throw new DomainError('attempt_exists', { status: 409, param: 'startedAt' });
    let free = startedAt.getTime();
    while (times.has(free)) free += 1;
    return new Date(free);
  }

  /** Key, attempt and task in one statement; a record of the switch that waits for this attempt is tried again at once. */
  private async save(tx: Tx, entry: AttemptEntry, decision: Decision): Promise<void> {
    const { id, target, campaign, task, outcome, form, startedAt, now } = entry;
    await tx.run(sql`
      with key as (
        insert into calls.attempt_key (line_id, campaign_id, started_at, attempt_id) values (${target.lineId}, ${campaign.id}, ${startedAt}, ${id})),
      record as (
        update calls.unmatched_record set next_try_at = ${now}
        where id in (select id from calls.unmatched_record
                     where number = ${target.number} and started_at between ${startedAt}::timestamptz - ${TOLERANCE} and ${startedAt}::timestamptz + ${TOLERANCE}
                     for update skip locked)),
      task as (
        update calls.task set ${taskColumns(decision.task, now)}, claimed_by = null, lease_until = null, touch_id = null,
          attempts = attempts + 1, last_outcome = ${outcome.code}, last_attempt_at = ${startedAt}
        where id = ${task?.id ?? null}::bigint)
      insert into calls.attempt (id, task_id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, reason, source,
                                 talk_seconds, talk_source, topics, poor_service, note, recording_ref, caller_number, list_source, channel, flags, satisfaction, created_at)
      values (${id}, ${task?.id ?? null}::bigint, ${campaign.id}, ${target.customerId}, ${target.lineId}, ${entry.managerId}, ${entry.touchId},
              ${(task?.attempts ?? 0) + 1}, ${startedAt}, ${outcome.code}, ${form.reason ?? null}, 'agent',
              ${form.talkSeconds}, ${form.talkSource ?? 'self'}, ${form.topics ?? []}, ${form.poorService ?? false}, ${form.note ?? null},
              ${form.recordingRef ?? null}, ${form.callerNumber ?? campaign.callerNumber}, ${task?.listSource ?? null}, ${entry.channel},
              ${decision.flags}, ${form.satisfaction ?? null}, ${now})`);
  }
}
