import { Injectable } from '@nestjs/common';
import { familyOf } from '../../campaigns/campaigns.types.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { endOf, taskColumns } from '../attempts/attempt-book.commands.js';
import { type AttemptFacts, type Decision, decideAttempt } from '../attempts/attempt.policy.js';
import { slotsFor } from '../claims/best-slot.queries.js';
import { checkCallback } from '../attempts/attempts.commands.js';
import type { CorrectionForm } from '../attempts/attempts.forms.js';
import { attemptId, AttemptsQueries } from '../attempts/attempts.queries.js';
import type { AttemptItem } from '../calls.types.js';
import { type Cause, Consequences } from '../attempts/consequences.commands.js';
import { type Change, CorrectionRecords, type Recorded } from './correction-records.commands.js';
import { checkOffered, checkReasonOffered } from '../outcomes/outcomes.policy.js';
import type { Outcome } from '../outcomes/outcomes.types.js';
import { OutcomesQueries } from '../outcomes/outcomes.queries.js';

/** A recorded outcome can be corrected; everything that followed from it is judged anew, and the trail stays (CAM-6, R36). */
@Injectable()
export class CorrectionsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly outcomes: OutcomesQueries,
    private readonly queries: AttemptsQueries,
    private readonly consequences: Consequences,
    private readonly contact: ContactCommands,
    private readonly records: CorrectionRecords,
  ) {}

  /**
   * A manager corrects her own attempts, a supervisor those of the scope.
   * @param strict a sale by this without the evidence its product demands is refused, as the desk does (CAM-9)
   * Asked for what is recorded already it changes nothing, and says so where somebody waits at a page with what they typed; what nobody had said is a
   * person's word from then on, and follows no switch and no file.
   * @throws DomainError not_found · `outcome_unknown`, `outcome_retired`, `reason_…`, `callback_…`, with `strict` `correction_same` (422)
   */
  async correct(user: CurrentUser, id: string, form: CorrectionForm, { strict = false } = {}): Promise<AttemptItem> {
    const now = this.clock.now();
    const outcome = await this.outcomes.byCode(form.outcome);
    checkCallback(outcome, form.callbackAt ?? null, now);
    await this.db.tx(async (tx) => {
      const recorded = await this.records.locked(tx, user, attemptId(id));
      const code = await this.reasonOf(tx, form, { recorded, outcome });
      if (isAsRecorded(recorded, outcome, { ...form, code })) {
        if (!(await this.records.confirm(tx, { user, recorded, form, now })) && strict)
          throw new DomainError('correction_same', { param: 'outcome' });
        return;
      }
      if (recorded.outcome !== outcome.code) checkOffered(outcome, recorded.startedAt);
      const from = await this.outcomes.byCode(recorded.outcome, tx);
      await this.rewrite(tx, { user, recorded, form, code, strict, now, to: outcome, from });
    });
    return this.queries.byId(id);
  }

  /**
   * An outcome that nobody chose becomes that of the switch, and what followed is judged anew. Asked again it changes nothing.
   * @throws DomainError not_found
   */
  async followSwitch(id: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const recorded = await this.records.locked(tx, null, attemptId(id));
      if (!recorded.inferred || recorded.switchOutcome === null || recorded.switchOutcome === recorded.outcome) return;
      const [from, to] = [await this.outcomes.byCode(recorded.outcome, tx), await this.outcomes.byCode(recorded.switchOutcome, tx)];
      await this.rewrite(tx, {
        user: null,
        recorded,
        form: { reason: 'switch_record' },
        code: null,
        strict: false,
        now: this.clock.now(),
        to,
        from,
      });
    });
  }

  /** As chosen; else what the words for the trail are, where they are a code. */
  private async reasonOf(tx: Tx, form: CorrectionForm, { recorded, outcome }: { recorded: Recorded; outcome: Outcome }): Promise<string | null> {
    const { reason, outcomeReason } = form;
    const found = (await this.outcomes.allReasons(tx)).find(({ code }) => code === (outcomeReason ?? reason));
    if (outcomeReason === undefined) return found?.code ?? null;
    if (!found) throw new DomainError('reason_unknown', { param: 'outcomeReason', params: { reason: outcomeReason } });
    if (found.code !== recorded.reason && outcome.needsReason) checkReasonOffered(found, recorded.startedAt, 'outcomeReason');
    return outcome.needsReason ? found.code : null;
  }

  private async rewrite(tx: Tx, change: Change): Promise<void> {
    const { recorded, from, to, user } = change;
    const cause = (outcome: Outcome): Cause => ({
      attemptId: recorded.id,
      target: recorded,
      campaign: recorded.campaign,
      outcome,
      at: endOf(recorded.startedAt, recorded.talkSeconds, change.now),
      actorId: user?.id ?? null,
    });
    const before = decideAttempt(factsOf(change, from));
    const slots = await slotsFor(tx, to, recorded.customerId, change.now);
    const after = decideAttempt({ ...factsOf(change, to), slots });
    await this.records.write(tx, change, after);
    await this.consequences.undo(tx, cause(from), before);
    if (after.order && !recorded.ordered) await this.consequences.openOrder(tx, cause(to), change.form.order, change.strict);
    await this.consequences.apply(tx, cause(to), after);
    if (recorded.taskId && recorded.newest) await this.settleTask(tx, change, after);
    await this.records.tell(tx, change);
  }

  /** The task follows its newest attempt, unless it was called off. Somebody who holds it meanwhile loses it when it is closed by this. */
  private async settleTask(tx: Tx, { recorded, to, now }: Change, { task }: Decision): Promise<void> {
    if (recorded.taskState === 'cancelled' || recorded.taskState === 'recycled') return;
    const held = recorded.taskState === 'claimed';
    if (held && (task.state === 'open' || task.state === 'cancelled')) return;
    if (held && recorded.taskTouchId) await this.contact.release(tx, [recorded.taskTouchId]);
    await tx.run(
      sql`update calls.task set ${taskColumns(task, now)}, claimed_by = null, lease_until = null, touch_id = null, last_outcome = ${to.code} where id = ${recorded.taskId}`,
    );
  }
}

/** Nothing to correct: the same outcome, for the same second-level reason, with the same minute promised. */
function isAsRecorded(recorded: Recorded, outcome: Outcome, { code, callbackAt }: Pick<Change, 'code'> & Change['form']): boolean {
  if (recorded.outcome !== outcome.code) return false;
  if (code !== null && outcome.needsReason && code !== recorded.reason) return false;
  return (
    outcome.redial !== 'callback' || !recorded.newest || recorded.taskState !== 'open' || callbackAt?.getTime() === recorded.callbackAt?.getTime()
  );
}

function factsOf({ recorded, form, code, now }: Change, outcome: Outcome): AttemptFacts {
  return {
    outcome,
    at: endOf(recorded.startedAt, recorded.talkSeconds, now),
    callbackAt: form.callbackAt ?? null,
    attempts: recorded.taskAttempts,
    campaign: { ...recorded.campaign, productFamily: familyOf(recorded.campaign) },
    given: {
      reason: code !== null,
      order: recorded.ordered || form.order !== undefined,
      orderProduct: Boolean(recorded.product ?? form.order?.product),
    },
    switchConnected: recorded.switchConnected,
  };
}
