import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import type { LastLook, Verdict } from '../../contact/contact.types.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { timeText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { DoubtsCommands } from '../doubts/doubts.commands.js';
import type { OutgoingMessage } from '../gateways/gateway.types.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import { MessageIntents, type SentMessage } from '../sending/message-intents.commands.js';
import { PacingCommands } from '../sending/pacing.commands.js';
import { notTaken } from '../sending/outage.policy.js';
import { SubmissionCommands } from '../sending/submission.commands.js';
import { taskCard, tasksOf } from './task-messages.queries.js';
import type { WaitingMessage } from '../messaging.jobs.js';
import { WaitingMessages } from './waiting-messages.commands.js';
import { TemplatesQueries } from '../templates/templates.queries.js';

/** The sentences are those of messages: the reason codes alone are said of calls. */
function refusal(verdict: Verdict): DomainError {
  const { until } = verdict;
  return new DomainError(`sms_${verdict.reasons[0] ?? 'blocked'}`, {
    status: 409,
    params: { until: until ? `${dayOf(until).slice(5)} ${timeText(until)}` : '' },
  });
}

/** The hand-over of one message, once: a run that finds the traces of another does not repeat it. */
@Injectable()
export class MessageSubmission {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gateways: GatewaysQueries,
    private readonly pacing: PacingCommands,
    private readonly submission: SubmissionCommands,
    private readonly doubts: DoubtsCommands,
    private readonly waiting: WaitingMessages,
  ) {}

  /** All that may fail comes before the mark: from there on an answer that is lost is a doubt. */
  async submit(waiting: WaitingMessage): Promise<void> {
    const { messageId } = waiting;
    const found = await this.database.maybe<OutgoingMessage & { gateway: string; look: LastLook; createdAt: Date }>(sql`
      select m.id, m.number, m.body, m.parts, m.encoding, m.gateway_code as gateway, m.created_at as "createdAt",
             jsonb_build_object('purpose', m.purpose, 'campaignId', p.id::text, 'productFamily', p.family) as look
      from messaging.message m left join calls.v_task t on t.id = m.task_id left join reporting.campaign p on p.id = t.campaign_id
      where m.id = ${messageId} and m.state = 'queued' and m.submitted_at is null`);
    if (!found) return this.doubts.holdMessage(messageId);
    const { gateway, look, createdAt, ...message } = found;
    if (this.waiting.isLate(look.purpose, createdAt)) return this.waiting.giveUp(messageId);
    const account = await this.gateways.account(gateway);
    // switched off since it was meant to go there: no gateway has heard of it
    if (!account.active) return this.waiting.tryAgain(waiting);
    const { taken, waitMs } = await this.pacing.take({ gateway, gatewayRate: account.ratePerSecond, blastId: null, blastRate: null }, 1);
    if (!taken) return this.waiting.tryAgain(waiting);
    if (waitMs > 0) await pause(waitMs);
    const [kept] = await this.submission.lastLook([message], look);
    if (!kept) return;
    if (!(await this.mark(messageId))) return this.doubts.holdMessage(messageId);
    const results = await this.submission.handOver(account, [message]);
    if (notTaken(results).length > 0) await this.waiting.tryAgain(waiting);
  }

  /** @returns false: another run has it */
  private async mark(messageId: string): Promise<boolean> {
    const marked = await this.database.maybe(sql`
      update messaging.message set submitted_at = ${this.clock.now()} where id = ${messageId} and state = 'queued' and submitted_at is null returning 1 as one`);
    return marked !== undefined;
  }
}

/** A message to one customer during or after a call (CAM-5): an approved template, through the same gate. */
@Injectable()
export class SingleMessageCommands {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplatesQueries,
    private readonly intents: MessageIntents,
  ) {}

  /**
   * @param shownAt when the form was shown that sends it: a second press of the same form sends nothing more
   * @throws DomainError sms_<the gate's first reason> (409), `sms_greeting` (422: it is sent by its programme, with a date the client approved, CAR-5), template_not_approved, template_variable_missing, not_found
   */
  async sendForTask(
    user: CurrentUser,
    taskId: string,
    { template: templateCode, shownAt }: { template: string; shownAt?: Date | undefined },
  ): Promise<SentMessage> {
    const answer = await this.database.tx(async (tx) => {
      const { purpose } = await this.templates.byCode(user, templateCode, tx);
      if (purpose === 'greeting') throw new DomainError('sms_greeting', { param: 'template' });
      const card = await taskCard(tx, taskId, tasksOf(user));
      const sent = shownAt && (await this.sentSince(tx, { taskId, templateCode, shownAt }));
      return sent ?? this.intents.intend(tx, card, { taskId, templateCode, source: 'desk', actorId: user.id });
    });
    // Thrown after the commit: the ledger keeps the refusal.
    if ('refused' in answer) throw refusal(answer.refused);
    return answer;
  }

  /**
   * What the product leaves by itself when a call was tried in vain, once a task and template.
   * @returns null when it was left before, or the gate refused it: the ledger says why
   * @throws DomainError template_not_approved, template_variable_missing, not_found
   */
  async leaveForTask(taskId: string, templateCode: string): Promise<SentMessage | null> {
    return this.database.tx(async (tx) => {
      await this.lockTask(tx, taskId);
      const left = await tx.maybe(sql`
        select 1 from messaging.message m join messaging.template p on p.id = m.template_id where m.task_id = ${taskId} and p.code = ${templateCode}`);
      if (left) return null;
      const card = await taskCard(tx, taskId, sql`true`);
      const answer = await this.intents.intend(tx, card, { taskId, templateCode, source: 'care', actorId: null });
      return 'refused' in answer ? null : answer;
    });
  }

  private async sentSince(
    tx: Tx,
    { taskId, templateCode, shownAt }: { taskId: string; templateCode: string; shownAt: Date },
  ): Promise<SentMessage | undefined> {
    await this.lockTask(tx, taskId);
    return tx.maybe<SentMessage>(sql`
      select m.id, 'queued' as state, m.body as text, m.parts from messaging.message m join messaging.template p on p.id = m.template_id
      where m.task_id = ${taskId} and p.code = ${templateCode} and m.created_at >= ${shownAt} order by m.created_at limit 1`);
  }

  private async lockTask(tx: Tx, taskId: string): Promise<void> {
    await tx.rows(sql`select pg_advisory_xact_lock(hashtext('messaging.leave'), (${taskId}::bigint % 2147483647)::int)`);
  }
}
