import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { OutcomesQueries } from './outcomes.queries.js';
import type { KeptOutcome, Outcome } from './outcomes.types.js';
import { type Changeable, CHANGEABLE, changesOf, checkKey, checkOutcome, moved, neededBy } from './outcome-change.policy.js';
import type { OutcomeChangeForm } from './outcome-setting.forms.js';

/** Changes what the desk offers. Nothing is ever deleted, and what figures count by is never changed: the calls of the past stay what they were (CAM-6). */
@Injectable()
export class OutcomeSettings {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outcomes: OutcomesQueries,
    private readonly audit: Audit,
  ) {}

  /** At the end of the desk. @throws InvalidInput at each wrong field · DomainError `outcome_code_taken` (409) */
  add(user: CurrentUser, form: Omit<Outcome, 'sort'>): Promise<void> {
    return this.database.tx(async (tx) => {
      const all = await this.locked(tx);
      // files name an outcome by its code or its Chinese label
      if (all.some(({ code, labelZh }) => code === form.code || labelZh === form.code))
        throw new DomainError('outcome_code_taken', { status: 409, param: 'code', params: { code: form.code } });
      const outcome: Outcome = { ...form, sort: Math.max(0, ...all.map(({ sort }) => sort)) + 1 };
      checkOutcome(outcome, { before: null, others: all });
      await tx.run(insertOf(outcome));
      await this.tell(tx, user, 'outcome.added', { id: outcome.code, detail: { ...outcome } });
    });
  }

  /**
   * @returns whether anything changed
   * @throws InvalidInput at each wrong field · DomainError not_found, `outcome_stale` (409)
   */
  change(user: CurrentUser, code: string, { version, ...wanted }: OutcomeChangeForm): Promise<boolean> {
    return this.database.tx(async (tx) => {
      const all = await this.locked(tx);
      const before = pick(all, code);
      if (before.version !== version) throw new DomainError('outcome_stale', { status: 409 });
      const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
      const after = { ...before, ...(Object.fromEntries(given) as Partial<Changeable>) };
      checkOutcome(after, { before, others: without(all, code) });
      const changes = changesOf<KeptOutcome>(before, after, CHANGEABLE);
      if (Object.keys(changes).length === 0) return false;
      await tx.run(sql`
        update calls.outcome set label_zh = ${after.labelZh}, label_en = ${after.labelEn}, key = ${after.key}, redial = ${after.redial},
          cooling_off_days = ${after.coolingOffDays}, needs_reason = ${after.needsReason}, opens_ticket = ${after.opensTicket}, tone = ${after.tone},
          version = version + 1
        where code = ${code}`);
      await this.tell(tx, user, 'outcome.changed', { id: code, detail: changes });
      return true;
    });
  }

  /** Off the desk: no new call ends with it, old ones keep it. @returns whether anything changed @throws DomainError not_found, `outcome_needed` (409) */
  retire(user: CurrentUser, code: string): Promise<boolean> {
    return this.database.tx(async (tx) => {
      const before = pick(await this.locked(tx), code);
      if (neededBy(code)) throw new DomainError('outcome_needed', { status: 409, params: { outcome: `${before.labelZh} / ${before.labelEn}` } });
      if (before.retiredAt) return false;
      await tx.run(sql`update calls.outcome set retired_at = ${this.clock.now()}, version = version + 1 where code = ${code}`);
      await this.tell(tx, user, 'outcome.retired', { id: code, detail: { offered: { from: true, to: false } } });
      return true;
    });
  }

  /** Back on the desk. @returns whether anything changed @throws DomainError not_found · InvalidInput when its key is another's by now */
  restore(user: CurrentUser, code: string): Promise<boolean> {
    return this.database.tx(async (tx) => {
      const all = await this.locked(tx);
      const before = pick(all, code);
      if (!before.retiredAt) return false;
      checkKey(before, without(all, code));
      await tx.run(sql`update calls.outcome set retired_at = null, version = version + 1 where code = ${code}`);
      await this.tell(tx, user, 'outcome.restored', { id: code, detail: { offered: { from: false, to: true } } });
      return true;
    });
  }

  /** One place up or down among its neighbours at the desk. @returns whether there was one @throws DomainError not_found */
  move(user: CurrentUser, code: string, direction: 'up' | 'down'): Promise<boolean> {
    return this.database.tx(async (tx) => {
      const all = await this.locked(tx);
      const from = pick(all, code).sort;
      const codes = moved(all, code, direction);
      if (!codes) return false;
      await tx.run(sql`
        update calls.outcome o set sort = x.n from unnest(${codes}::text[]) with ordinality x(code, n) where o.code = x.code and o.sort <> x.n`);
      await this.tell(tx, user, 'outcome.moved', { id: code, detail: { sort: { from, to: codes.indexOf(code) + 1 } } });
      return true;
    });
  }

  /** One change at a time: what one checks against must not be written by another meanwhile. */
  private async locked(tx: Tx): Promise<KeptOutcome[]> {
    await tx.rows(sql`select pg_advisory_xact_lock(hashtext('calls.outcome'))`);
    return this.outcomes.all(tx);
  }

  private tell(tx: Tx, user: CurrentUser, action: string, of: { id: string; detail: object }): Promise<void> {
    return this.audit.record(tx, user, { action, object: 'outcome', id: of.id, detail: { ...of.detail } });
  }
}

const without = (all: readonly KeptOutcome[], code: string): KeptOutcome[] => all.filter((one) => one.code !== code);

function pick(all: readonly KeptOutcome[], code: string): KeptOutcome {
  const found = all.find((one) => one.code === code);
  if (!found) throw notFound('outcome', code);
  return found;
}

const insertOf = (o: Outcome) => sql`
  insert into calls.outcome (code, label_zh, label_en, sort, key, connected, effective, visit, converted, closes_task, redial,
                             cooling_off_days, opens_ticket, blocks_calls, needs_reason, line_health, tone)
  values (${o.code}, ${o.labelZh}, ${o.labelEn}, ${o.sort}, ${o.key}, ${o.connected}, ${o.effective}, ${o.visit}, ${o.converted}, ${o.closesTask}, ${o.redial},
          ${o.coolingOffDays}, ${o.opensTicket}, ${o.blocksCalls}, ${o.needsReason}, ${o.lineHealth}, ${o.tone})`;
