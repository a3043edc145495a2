import { Injectable } from '@nestjs/common';
import { InvalidInput, orUndefined } from '../../kernel/errors.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { type SegmentRow, SegmentsQueries } from '../../segments/segments.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { Say } from '../cases/cases.views.js';
import { hrefOf, leftOutBy, modelLine, tenthsOf, weightsInWords } from './model-card.views.js';
import type { ModelStartForm } from './models.forms.js';
import { type ModelRow, ModelsQueries } from './models.queries.js';

const SEGMENTS_OFFERED = 200;

const mayTrain = ({ role }: CurrentUser): boolean => role !== 'supervisor';

/** What the pages of the models show. */
@Injectable()
export class ModelsPage {
  constructor(
    private readonly models: ModelsQueries,
    private readonly segments: SegmentsQueries,
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
    const chosen = wanted === undefined ? undefined : await this.segments.byCode(user, wanted).catch(orUndefined);
    const excluded = typed?.exclude ?? before?.excluded ?? [];
    return {
      segments: await this.usable(user),
      segment: chosen && chosen.columns.length > 0 ? chosen : null,
      unusable: wanted !== undefined && !chosen?.columns.length ? wanted : null,
      columns: chosen?.columns.map((name) => ({ name, excluded: excluded.includes(name) })),
      before: before && { ...before, href: hrefOf(before.code) },
      ...(before ? { values: { code: before.code, label: before.label, positive: before.positive } } : {}),
    };
  }

  /** The segment by its code. @throws InvalidInput model_segment_unknown at `segment` */
  async segment(user: CurrentUser, code: string): Promise<SegmentRow> {
    const found = await this.segments.byCode(user, code).catch(orUndefined);
    if (!found) throw new InvalidInput([{ param: 'segment', code: 'model_segment_unknown', params: { segment: code } }]);
    return found;
  }

  /** A version's card; without a number the one in use. @throws DomainError not_found */
  async card(user: CurrentUser, code: string, version?: number): Promise<object> {
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
      segments: mayTrain(user) ? await this.usable(user) : [],
    };
  }

  /** The newest segments that bring columns of their own: a filter has none to learn from. */
  private async usable(user: CurrentUser): Promise<SegmentRow[]> {
    return (await this.segments.list(user, { limit: SEGMENTS_OFFERED })).items.filter(({ columns }) => columns.length > 0);
  }
}

const isOwn = ({ orgPath }: ModelRow, user: CurrentUser): boolean => orgPath.startsWith(user.orgPath);
