import { Injectable } from '@nestjs/common';
import { setImmediate as breathe } from 'node:timers/promises';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { type SegmentRow, SegmentsQueries } from '../../segments/segments.queries.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { cellOf } from './columns.policy.js';
import type { Model, ModelCard } from './model.types.js';
import type { ModelForm } from './models.forms.js';
import { type ModelRow, ModelsQueries } from './models.queries.js';
import { type Labelled, train, type TrainingInput } from './training.policy.js';

/** Below, five folds judge by a handful of leavers each. */
const LEAST_ROWS = 200;
const LEAST_OF_EACH = 40;
const VALUES_TOLD = 8;

@Injectable()
export class ModelsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly segments: SegmentsQueries,
    private readonly models: ModelsQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * Trains a model from a labelled segment and puts it in use. A code that is there gets its next version; the one before stays and can be used again.
   * @throws DomainError not_found (segment) · model_column_unknown · model_positive_absent · model_too_few · code_taken (409)
   */
  async train(user: CurrentUser, form: ModelForm): Promise<ModelRow & { model: Model }> {
    const segment = await this.segments.byCode(user, form.segment);
    const input = await this.labelled(user, segment, form);
    const made = await train(input, () => breathe());
    return this.database.tx(async (tx) => {
      await this.keep(tx, user, { form, segment, ...made });
      return this.models.inUse(user, form.code, tx);
    });
  }

  /** Puts an earlier version of a code back in use. @throws DomainError not_found · model_version_unknown */
  async use(user: CurrentUser, code: string, version: number): Promise<ModelRow> {
    return this.database.tx(async (tx) => {
      await this.lockCode(tx, code);
      const versions = await this.models.versions(user, code, tx);
      const wanted = versions.find((row) => row.version === version && row.orgPath.startsWith(user.orgPath));
      if (!wanted) throw new DomainError('model_version_unknown', { status: 404, param: 'version', params: { code, version } });
      await tx.run(sql`update retention.churn_model set in_use = false where code = ${code} and in_use`);
      await tx.run(sql`update retention.churn_model set in_use = true where id = ${wanted.id}`);
      await this.audit.record(tx, user, { action: 'churn-model.used', object: 'churn_model', id: wanted.id, detail: { code, version } });
      return { ...wanted, inUse: true };
    });
  }

  private async labelled(user: CurrentUser, segment: SegmentRow, form: ModelForm): Promise<TrainingInput> {
    const exclude = form.exclude ?? [];
    for (const [param, column] of [['label', form.label], ...exclude.map((name) => ['exclude', name])] as const) {
      if (!segment.columns.includes(column ?? ''))
        throw new DomainError('model_column_unknown', {
          param: param ?? 'label',
          params: { column, segment: segment.code, columns: segment.columns.join('、') },
        });
    }
    const at = { today: dayOf(this.clock.now()), orgPath: user.orgPath };
    const rows: Labelled[] = [];
    const values = new Map<string, number>();
    for await (const { attributes } of (await this.segments.allMembers(user, segment, at)).rows) {
      const label = cellOf(attributes, form.label);
      values.set(label, (values.get(label) ?? 0) + 1);
      if (label !== '') rows.push({ attributes, positive: label === form.positive.trim() });
    }
    refuseThin(form, rows, values);
    return { rows, columns: segment.columns, label: form.label, exclude, unlabelled: values.get('') ?? 0 };
  }

  private async keep(
    tx: Tx,
    user: CurrentUser,
    { form, segment, model, card }: { form: ModelForm; segment: SegmentRow; model: Model; card: ModelCard },
  ): Promise<void> {
    await this.lockCode(tx, form.code);
    const last = await tx.maybe<{ version: number; path: string }>(sql`
      select m.version, o.path from retention.churn_model m join staff.v_org_unit o on o.id = m.org_unit_id
      where m.code = ${form.code} order by m.version desc limit 1`);
    if (last && !last.path.startsWith(user.orgPath)) throw new DomainError('code_taken', { status: 409, param: 'code', params: { code: form.code } });
    await tx.run(sql`update retention.churn_model set in_use = false where code = ${form.code} and in_use`);
    const version = (last?.version ?? 0) + 1;
    const { id } = await tx.one<{ id: string }>(sql`
      insert into retention.churn_model (code, version, org_unit_id, segment_id, label, positive, excluded, parameters, card, in_use, made_by, made_at)
      values (${form.code}, ${version}, ${user.orgUnitId}, ${segment.id}, ${form.label}, ${form.positive}, ${form.exclude ?? []}, ${JSON.stringify(model)}::jsonb,
              ${JSON.stringify(card)}::jsonb, true, ${user.id}, ${this.clock.now()}) returning id`);
    const detail = { code: form.code, version, segment: segment.code, auc: card.auc };
    await this.audit.record(tx, user, { action: 'churn-model.trained', object: 'churn_model', id, detail });
  }

  /** Two trainings of one code at a time would take the same version. */
  private async lockCode(tx: Tx, code: string): Promise<void> {
    await tx.run(sql`select pg_advisory_xact_lock(hashtext('churn_model'), hashtext(${code}))`);
  }
}

function refuseThin(form: ModelForm, rows: readonly Labelled[], values: ReadonlyMap<string, number>): void {
  const left = rows.filter(({ positive }) => positive).length;
  if (left === 0) {
    const found =
      [...values.keys()]
        .filter((value) => value !== '')
        .slice(0, VALUES_TOLD)
        .join('、') || '—';
    throw new DomainError('model_positive_absent', { param: 'positive', params: { label: form.label, positive: form.positive, values: found } });
  }
  if (rows.length < LEAST_ROWS || left < LEAST_OF_EACH || rows.length - left < LEAST_OF_EACH) {
    throw new DomainError('model_too_few', {
      param: 'segment',
      params: { rows: rows.length, left, stayed: rows.length - left, least: LEAST_ROWS, leastOfEach: LEAST_OF_EACH },
    });
  }
}
