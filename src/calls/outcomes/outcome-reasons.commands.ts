import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { OutcomesQueries } from './outcomes.queries.js';
import type { KeptReason } from './outcomes.types.js';
import { changesOf, checkLabels } from './outcome-change.policy.js';
import type { ReasonChangeForm, SecondLevelReasonForm } from './outcome-setting.forms.js';

/** Changes the second-level reasons: why refused, what of interest. Nothing is ever deleted: calls name them. */
@Injectable()
export class OutcomeReasonSettings {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outcomes: OutcomesQueries,
    private readonly audit: Audit,
  ) {}

  /** @throws InvalidInput at each wrong field · DomainError `outcome_code_taken` (409) */
  add(user: CurrentUser, { code, labelZh, labelEn }: SecondLevelReasonForm): Promise<void> {
    return this.database.tx(async (tx) => {
      const all = await this.locked(tx);
      if (all.some((one) => one.code === code)) throw new DomainError('outcome_code_taken', { status: 409, param: 'code', params: { code } });
      checkLabels({ code, labelZh, labelEn }, all);
      const sort = Math.max(0, ...all.map((one) => one.sort)) + 1;
      await tx.run(sql`insert into calls.outcome_reason (code, label_zh, label_en, sort) values (${code}, ${labelZh}, ${labelEn}, ${sort})`);
      await this.tell(tx, user, 'outcome-reason.added', { id: code, detail: { labelZh, labelEn } });
    });
  }

  /** @returns whether anything changed @throws InvalidInput · DomainError not_found, `outcome_stale` (409) */
  change(user: CurrentUser, code: string, { version, ...wanted }: ReasonChangeForm): Promise<boolean> {
    return this.database.tx(async (tx) => {
      const all = await this.locked(tx);
      const before = pick(all, code);
      if (before.version !== version) throw new DomainError('outcome_stale', { status: 409 });
      const after = { ...before, labelZh: wanted.labelZh ?? before.labelZh, labelEn: wanted.labelEn ?? before.labelEn };
      checkLabels(
        after,
        all.filter((one) => one.code !== code),
      );
      const changes = changesOf<KeptReason>(before, after, ['labelZh', 'labelEn']);
      if (Object.keys(changes).length === 0) return false;
      await tx.run(
        sql`update calls.outcome_reason set label_zh = ${after.labelZh}, label_en = ${after.labelEn}, version = version + 1 where code = ${code}`,
      );
      await this.tell(tx, user, 'outcome-reason.changed', { id: code, detail: changes });
      return true;
    });
  }

  /** @returns whether anything changed @throws DomainError not_found, `outcome_reason_last` (409): outcomes ask for one */
  offer(user: CurrentUser, code: string, offered: boolean): Promise<boolean> {
    return this.database.tx(async (tx) => {
      const all = await this.locked(tx);
      const before = pick(all, code);
      if ((before.retiredAt === null) === offered) return false;
      if (!offered && !all.some((one) => one.code !== code && one.retiredAt === null)) throw new DomainError('outcome_reason_last', { status: 409 });
      await tx.run(
        sql`update calls.outcome_reason set retired_at = ${offered ? null : this.clock.now()}, version = version + 1 where code = ${code}`,
      );
      const detail = { offered: { from: !offered, to: offered } };
      await this.tell(tx, user, offered ? 'outcome-reason.restored' : 'outcome-reason.retired', { id: code, detail });
      return true;
    });
  }

  private async locked(tx: Tx): Promise<KeptReason[]> {
    await tx.rows(sql`select pg_advisory_xact_lock(hashtext('calls.outcome'))`);
    return this.outcomes.allReasons(tx);
  }

  private tell(tx: Tx, user: CurrentUser, action: string, of: { id: string; detail: object }): Promise<void> {
    return this.audit.record(tx, user, { action, object: 'outcome_reason', id: of.id, detail: { ...of.detail } });
  }
}

function pick(all: readonly KeptReason[], code: string): KeptReason {
  const found = all.find((one) => one.code === code);
  if (!found) throw notFound('outcome_reason', code);
  return found;
}
