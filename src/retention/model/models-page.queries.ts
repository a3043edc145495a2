import { Injectable } from '@nestjs/common';
import { type ErrorParams, InvalidInput, isRefusal } from '../../kernel/errors.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { type SegmentBox, SegmentChoices } from '../../segments/segment-choices.queries.js';
import { type SegmentRow, SegmentsQueries } from '../../segments/segments.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { Say } from '../cases/cases.views.js';
import { hrefOf, leftOutBy, modelLine, tenthsOf, weightsInWords } from './model-card.views.js';
import type { ModelStartForm } from './models.forms.js';
import { type ModelRow, ModelsQueries } from './models.queries.js';

const mayTrain = ({ role }: CurrentUser): boolean => role !== 'supervisor';

interface Fault {
  key: string;
  params: ErrorParams | undefined;
}

/** What the pages of the models show. */
@Injectable()
export class ModelsPage {
  constructor(
    private readonly models: ModelsQueries,
    private readonly segments: SegmentsQueries,
    private readonly choices: SegmentChoices,
    private readonly catalogue: Catalogue,
  ) {}

  async list(user: CurrentUser): Promise<object> {
    return { rows: (await this.models.list(user)).map(modelLine), mayTrain: mayTrain(user) };
  }

  /**
   * The training form. A model that is named brings what it was trained with.
   * @param typed a form that came back
   * @throws DomainError not_found (model)
   */
  async training(user: CurrentUser, { segment, code }: ModelStartForm, typed?: { exclude: readonly string[] }): Promise<object> {
    const before = typed || code === undefined ? undefined : await this.models.inUse(user, code);
    const wanted = segment ?? before?.segment;
    const { chosen, fault } = await this.chosen(user, wanted);
    const excluded = typed?.exclude ?? before?.excluded ?? [];
    return {
      box: await this.box(user, chosen?.code ?? wanted),
      typed: chosen?.code ?? wanted,
      segment: chosen,
      // a form that came back says it at the box itself
      unusable: typed ? undefined : fault,
      columns: chosen?.columns.map((name) => ({ name, excluded: excluded.includes(name) })),
      before: before && { ...before, href: hrefOf(before.code) },
      ...(before ? { values: { code: before.code, label: before.label, positive: before.positive } } : {}),
    };
  }

  /**
   * The segment that was typed, by name or code; one of a filter has no columns to learn from or to judge by.
   * @throws DomainError segment_not_known, segment_near, segment_several · InvalidInput model_segment_unknown at `segment`
   */
  async segment(user: CurrentUser, typed: string): Promise<SegmentRow> {
    const found = await this.segments.byCode(user, await this.choices.codeOf(user, typed));
    if (found.columns.length === 0) throw new InvalidInput([{ param: 'segment', code: 'model_segment_unknown', params: { segment: found.code } }]);
    return found;
  }

  /** A version's card; without a number the one in use. @param at `segment`: what was typed to be scored, where the form comes back @throws DomainError not_found */
  async card(user: CurrentUser, code: string, { version, segment }: { version?: number | undefined; segment?: string } = {}): Promise<object> {
    const versions = await this.models.versions(user, code);
    const { model, ...row } = await (version === undefined ? this.models.inUse(user, code) : this.models.version(user, code, version));
    const say: Say = (key, params) => this.catalogue.t(user.locale, key, params);
    return {
      model: modelLine(row),
      card: row.card,
      suspicious: row.card.suspicious.join(say('retention.model.and')),
      tenths: tenthsOf(row.card),
      leftOut: leftOutBy(row.card.leftOut),
      weights: weightsInWords(model, say),
      versions: versions.map(modelLine),
      current: versions.find(({ inUse }) => inUse)?.version,
      mayTrain: mayTrain(user),
      mayUse: mayTrain(user) && isOwn(row, user),
      box: mayTrain(user) ? await this.box(user, segment) : null,
    };
  }

  /** Of segments that bring columns of their own. */
  private box(user: CurrentUser, typed?: string): Promise<SegmentBox> {
    return this.choices.box(user, typed, 'columns');
  }

  /** What the training page was opened with, or why there is nothing to train from. */
  private async chosen(user: CurrentUser, wanted: string | undefined): Promise<{ chosen?: SegmentRow; fault?: Fault }> {
    if (wanted === undefined) return {};
    try {
      return { chosen: await this.segment(user, wanted) };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const [{ code, params } = error] = error instanceof InvalidInput ? error.faults : [];
      return { fault: { key: `error.${code}`, params } };
    }
  }
}

const isOwn = ({ orgPath }: ModelRow, user: CurrentUser): boolean => orgPath.startsWith(user.orgPath);
