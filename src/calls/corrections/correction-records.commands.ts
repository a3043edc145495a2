import { Injectable } from '@nestjs/common';
import { notFound } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { Decision } from '../attempts/attempt.policy.js';
import type { CorrectionForm } from '../attempts/attempts.forms.js';
import type { CampaignRules, ContactTarget } from '../attempts/attempts.types.js';
import { AttemptCorrected, ConversionRecorded } from '../calls.events.js';
import type { Outcome } from '../outcomes/outcomes.types.js';
import { MOST_ATTEMPTS } from '../tasks/tasks.commands.js';

/** The attempt as it stands. */
export interface Recorded extends ContactTarget {
  id: string;
  taskId: string | null;
  taskState: string | null;
  taskTouchId: string | null;
  taskAttempts: number;
  /** What was promised, while it is. */
  callbackAt: Date | null;
  campaign: CampaignRules;
  outcome: string;
  reason: string | null;
  topics: string[];
  startedAt: Date;
  talkSeconds: number;
  product: string | null;
  ordered: boolean;
  /** Only inferred, or taken over from the switch: nobody's word stands against a change. */
  inferred: boolean;
  switchOutcome: string | null;
  switchConnected: boolean | null;
  /** No later attempt of the task: its state hangs on this one. */
  newest: boolean;
}

/** One correction on its way. */
export interface Change {
  /** null: the switch itself, see `followSwitch`. */
  user: CurrentUser | null;
  recorded: Recorded;
  form: Pick<CorrectionForm, 'reason' | 'callbackAt' | 'order'>;
  /** The second-level reason it has from now on. */
  code: string | null;
  /** A sale by this without the evidence its product demands is refused. */
  strict: boolean;
  now: Date;
  from: Outcome;
  to: Outcome;
}

/** What a correction reads and leaves behind. */
@Injectable()
export class CorrectionRecords {
  constructor(
    private readonly audit: Audit,
    private readonly events: Events,
  ) {}

  /** @param user null: everything. @throws DomainError not_found, also for what another manager recorded */
  async locked(tx: Tx, user: CurrentUser | null, id: string): Promise<Recorded> {
    const mine = user === null ? sql`true` : user.role === 'manager' ? sql`a.manager_id = ${user.id}` : inScope(user, sql`u.org_path`);
    const task = await tx.maybe<{ id: string }>(sql`
      select t.id from calls.task t where t.id = (select a.task_id from calls.attempt a where a.id = ${id}) for update`);
    const row = await tx.maybe<Recorded>(sql`
      select a.id, a.task_id as "taskId", t.state as "taskState", t.touch_id as "taskTouchId", coalesce(t.attempts, 1) as "taskAttempts",
             t.callback_at as "callbackAt",
             a.customer_id as "customerId", a.line_id as "lineId", l.number, l.health as "lineHealth", a.outcome, a.reason, a.topics,
             a.started_at as "startedAt", a.talk_seconds as "talkSeconds", s.product, s.id is not null as ordered,
             (a.source in ('inferred', 'switch') and a.corrected_at is null) as inferred, a.switch_outcome as "switchOutcome",
             w.connected as "switchConnected",
             jsonb_build_object('id', c.id::text, 'kind', c.kind, 'closed', c.state = 'closed', 'productFamily', c.product_family, 'maxAttempts', ${MOST_ATTEMPTS},
                                'minGapMinutes', c.min_gap_minutes, 'callerNumber', c.caller_number) as campaign,
             not exists (select 1 from calls.attempt b where b.task_id = a.task_id and b.ordinal > a.ordinal) as newest
      from calls.attempt a
      join customers.v_line l on l.id = a.line_id
      join campaigns.v_campaign c on c.id = a.campaign_id
      join staff.v_user u on u.id = a.manager_id
      left join calls.sales_order s on s.attempt_id = a.id
      left join calls.outcome w on w.code = a.switch_outcome
      left join calls.task t on t.id = ${task?.id ?? null}::bigint
      where a.id = ${id} and ${mine} for update of a`);
    if (!row) throw notFound('attempt', id);
    return row;
  }

  /** The attempt as it should have been, the trail, and the order taken back. */
  async write(tx: Tx, { user, recorded, form, code, now, to }: Change, decision: Decision): Promise<void> {
    const removed =
      recorded.ordered && !to.converted
        ? await tx.maybe<{ order: unknown }>(sql`
            delete from calls.sales_order where attempt_id = ${recorded.id}
            returning jsonb_build_object('orderNo', order_no, 'product', product, 'state', state, 'completedOn', completed_on) as "order"`)
        : undefined;
    await tx.run(sql`
      insert into calls.correction (attempt_id, old_outcome, new_outcome, old_reason, order_removed, why, by_user, at)
      values (${recorded.id}, ${recorded.outcome}, ${to.code}, ${recorded.reason}, ${removed ? JSON.stringify(removed.order) : null}::jsonb,
              ${form.reason}, ${user?.id ?? null}, ${now})`);
    await tx.run(sql`
      update calls.attempt set outcome = ${to.code}, reason = ${code}, flags = ${decision.flags},
        ${user ? sql`corrected_at = ${now}` : sql`source = 'switch'`}
      where id = ${recorded.id}`);
  }

  /** An outcome that was inferred or came by file is as the person says. @returns whether it was nobody's word until now */
  async confirm(tx: Tx, { user, recorded, form, now }: Pick<Change, 'user' | 'recorded' | 'form' | 'now'>): Promise<boolean> {
    const { id, outcome } = recorded;
    const confirmed = await tx.run(
      sql`update calls.attempt set corrected_at = ${now} where id = ${id} and source <> 'agent' and corrected_at is null`,
    );
    if (confirmed === 0) return false;
    await tx.run(sql`
      insert into calls.correction (attempt_id, old_outcome, new_outcome, old_reason, why, by_user, at)
      values (${id}, ${outcome}, ${outcome}, ${recorded.reason}, ${form.reason}, ${user?.id ?? null}, ${now})`);
    const detail = { from: outcome, to: outcome, why: form.reason };
    await this.audit.record(tx, user ?? 'feed:call-records', { action: 'attempt.corrected', object: 'attempt', id, detail });
    return true;
  }

  async tell(tx: Tx, { user, recorded, form, from, to }: Change): Promise<void> {
    const detail = { from: from.code, to: to.code, why: form.reason };
    await this.audit.record(tx, user ?? 'feed:call-records', { action: 'attempt.corrected', object: 'attempt', id: recorded.id, detail });
    await this.events.publish(tx, AttemptCorrected, {
      attemptId: recorded.id,
      taskId: recorded.taskId,
      campaignId: recorded.campaign.id,
      customerId: recorded.customerId,
      oldOutcome: from.code,
      outcome: to.code,
      visit: to.visit,
      topics: recorded.topics,
      at: recorded.startedAt.toISOString(),
    });
    if (to.converted && !from.converted) await this.events.publish(tx, ConversionRecorded, { attemptId: recorded.id });
  }
}
