import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { uuidAt } from '../../kernel/ids.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { AttemptBook } from './attempt-book.commands.js';
import { AttemptMonths } from './attempt-months.commands.js';
import type { AttemptForm } from './attempts.forms.js';
import { AttemptsQueries } from './attempts.queries.js';
import { type AttemptItem, LEASE_MINUTES } from '../calls.types.js';
import { callbackFault, nearestChoices } from '../outcomes/callback.policy.js';
import { taskIdOf } from '../claims/claim.queries.js';
import { couldBeAsked } from './mark.policy.js';
import { momentText } from '../claims/gate-refusal.policy.js';
import { beganAt, checkOffered } from '../outcomes/outcomes.policy.js';
import type { KeptOutcome, Outcome } from '../outcomes/outcomes.types.js';
import { OutcomesQueries } from '../outcomes/outcomes.queries.js';
import { DeskPorts } from '../desk/task-reasons.types.js';
import { MOST_ATTEMPTS } from '../tasks/tasks.commands.js';

const MINUTE_MS = 60_000;
/** Clocks of two machines may differ by this much. */
const AHEAD_MS = MINUTE_MS;
const OLDEST_MS = 366 * 86_400_000;

interface HeldTask {
  id: string;
  mine: boolean;
  /** When its holder took it; null: nobody has it. */
  takenAt: Date | null;
  ownerId: string | null;
  touchId: string | null;
  customerId: string;
  lineId: string;
  number: string;
  lineHealth: string;
  attempts: number;
  listSource: string | null;
  campaignId: string;
  kind: string;
  productFamily: string | null;
  maxAttempts: number;
  minGapMinutes: number;
  callerNumber: string | null;
  closed: boolean;
}

@Injectable()
export class AttemptsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly outcomes: OutcomesQueries,
    private readonly queries: AttemptsQueries,
    private readonly book: AttemptBook,
    private readonly months: AttemptMonths,
    private readonly ports: DeskPorts,
  ) {}

  /**
   * Records the outcome of the held task. The same start handed in again gives the attempt that stands there already: a double press is one call.
   * @param strict a sale without the evidence its product demands (CAM-9), and the call-back of a complaint or fault without the mark of a customer who was
   * there (TIC-4), are refused, as the desk does
   * @throws DomainError `outcome_unknown`, `outcome_retired`, `reason_…`, `callback_…`, `started_at_…`, `satisfaction_required` (422) · `lease_lost` (409) · not_found
   */
  async record(user: CurrentUser, taskId: string, form: AttemptForm, { strict = false } = {}): Promise<AttemptItem> {
    const now = this.clock.now();
    const begun = startOf(form, now);
    const outcome = await this.outcomes.byCode(form.outcome);
    await this.months.ensure(begun);
    const id = await this.db.tx(async (tx) => {
      const task = await this.task(tx, user, taskId);
      if (!task.mine) return this.alreadyRecorded(tx, user, task, begun);
      await this.check(tx, form, { outcome, began: beganAt(begun, task.takenAt), now });
      if (strict) await this.checkMark(tx, task.id, { outcome, satisfaction: form.satisfaction });
      const startedAt = await this.book.freeStart(tx, task, { campaignId: task.campaignId, startedAt: begun, given: form.startedAt !== undefined });
      const attemptId = uuidAt(startedAt);
      await this.book.enter(tx, {
        id: attemptId,
        target: task,
        campaign: { ...task, id: task.campaignId },
        task,
        touchId: task.touchId ?? '',
        managerId: user.id,
        outcome,
        channel: 'call',
        startedAt,
        now,
        form,
        strict,
      });
      return attemptId;
    });
    return this.queries.byId(id);
  }

  private async check(tx: Tx, form: AttemptForm, { outcome, began, now }: { outcome: KeptOutcome; began: Date; now: Date }): Promise<void> {
    checkOffered(outcome, began);
    await this.outcomes.checkReason(form.reason, began, tx);
    checkCallback(outcome, form.callbackAt ?? null, now);
  }

  /** Nobody would ask again: the matter would never be closed (TIC-4). */
  private async checkMark(tx: Tx, taskId: string, { outcome, satisfaction }: { outcome: Outcome; satisfaction: number | undefined }): Promise<void> {
    if (satisfaction !== undefined || !couldBeAsked(outcome)) return;
    for (const port of this.ports.marks)
      if (await port.forTask(taskId, tx)) throw new DomainError('satisfaction_required', { param: 'satisfaction' });
  }

  /** The task, locked. */
  private async task(tx: Tx, user: CurrentUser, taskId: string): Promise<HeldTask> {
    const task = await tx.maybe<HeldTask>(sql`
      select t.id, (t.state = 'claimed' and t.claimed_by = ${user.id} and t.touch_id is not null) as mine, t.owner_id as "ownerId",
             t.lease_until - make_interval(mins => ${LEASE_MINUTES}) as "takenAt",
             t.touch_id as "touchId", t.customer_id as "customerId", t.line_id as "lineId", l.number, l.health as "lineHealth", t.attempts,
             t.list_source as "listSource", t.campaign_id as "campaignId", c.kind, c.product_family as "productFamily",
             ${MOST_ATTEMPTS} as "maxAttempts", c.min_gap_minutes as "minGapMinutes", c.caller_number as "callerNumber", c.state = 'closed' as closed
      from calls.task t
      join customers.v_line l on l.id = t.line_id
      join campaigns.v_campaign c on c.id = t.campaign_id
      where t.id = ${taskIdOf(taskId)} for update of t`);
    if (!task) throw notFound('task', taskId);
    return task;
  }

  /** A double press is recognised by its start; whoever lost the lease is told so. Asked after the lock, to see what the first press wrote. */
  private async alreadyRecorded(tx: Tx, user: CurrentUser, task: HeldTask, startedAt: Date): Promise<string> {
    const twin = await tx.maybe<{ id: string }>(sql`
      select a.id from calls.attempt_key k join calls.attempt a on a.id = k.attempt_id
      where k.line_id = ${task.lineId} and k.campaign_id = ${task.campaignId} and k.started_at = ${startedAt}
        and a.task_id = ${task.id} and a.manager_id = ${user.id}`);
    if (twin) return twin.id;
    if (user.role === 'manager' && task.ownerId !== user.id) throw notFound('task', task.id);
    throw new DomainError('lease_lost', { status: 409, params: { minutes: LEASE_MINUTES } });
  }
}

/** @throws DomainError `started_at_in_future`, `started_at_too_old` */
export function startOf(form: Pick<AttemptForm, 'startedAt' | 'talkSeconds'>, now: Date): Date {
  const startedAt = form.startedAt ?? new Date(now.getTime() - form.talkSeconds * 1000);
  if (startedAt.getTime() > now.getTime() + AHEAD_MS) throw new DomainError('started_at_in_future', { param: 'startedAt' });
  if (startedAt.getTime() < now.getTime() - OLDEST_MS) throw new DomainError('started_at_too_old', { param: 'startedAt' });
  return startedAt;
}

/** @throws DomainError `callback_at_missing`, `callback_in_past`, `callback_too_far`, `callback_in_quiet_hours` at `callbackAt` */
export function checkCallback(outcome: Outcome, callbackAt: Date | null, now: Date): void {
  if (outcome.redial !== 'callback') return;
  const fault = callbackFault(callbackAt, now);
  if (!fault) return;
  const choices = callbackAt && fault === 'callback_in_quiet_hours' ? nearestChoices(callbackAt, now) : [];
  throw new DomainError(fault, {
    param: 'callbackAt',
    params: {
      wish: callbackAt && !Number.isNaN(callbackAt.getTime()) ? momentText(callbackAt, now) : null,
      choices: choices.map((choice) => momentText(choice, now)).join(' / '),
    },
  });
}
