import { Injectable } from '@nestjs/common';
import { boxText } from '../../platform/views/formats.js';
import { SegmentChoices } from '../../segments/segment-choices.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BlastContentQueries } from './blast-content.queries.js';
import { BlastProgress } from './blast-progress.queries.js';
import { BlastsQueries } from './blasts.queries.js';
import { DraftPages } from './draft-pages.queries.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import { isOwn } from '../home-unit.js';
import type { BlastWishForm } from '../messaging.forms.js';
import type { Blast } from '../messaging.types.js';
import { TemplatesQueries } from '../templates/templates.queries.js';

/** Why the page has no form for a blast. `filtered`: it has no box for a filter, and saved from there the blast would go to its whole segment. */
type Lock = 'retry' | 'filtered' | 'state';

interface FormAsk {
  own?: Pick<Blast, 'templateCode' | 'gateway'>;
  segment?: string | undefined;
}

function lockOf({ state, retryOf, filtered }: Blast): Lock | undefined {
  if (state !== 'draft') return 'state';
  return retryOf ? 'retry' : filtered ? 'filtered' : undefined;
}

/** What the pages of a blast show, put together from several questions. */
@Injectable()
export class BlastPagesQueries {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly moving: BlastProgress,
    private readonly templates: TemplatesQueries,
    private readonly segments: SegmentChoices,
    private readonly gateways: GatewaysQueries,
    private readonly drafts: DraftPages,
    private readonly content: BlastContentQueries,
  ) {}

  async startQuestion(blast: Blast): Promise<object> {
    return { blast, people: await this.drafts.people(blast) };
  }

  /**
   * @param own what a draft has chosen: offered too, marked, when nobody could choose it now — saving must not swap it for the first of the others
   * @param segment what stands in the box of the segment
   */
  private async form(user: CurrentUser, { own, segment }: FormAsk): Promise<object> {
    const [templates, box, all, active] = await Promise.all([
      this.templates.list(user),
      this.segments.box(user, segment),
      this.gateways.list(),
      this.gateways.active(),
    ]);
    return {
      templates: templates
        .filter(({ inUse, code }) => inUse !== null || code === own?.templateCode)
        .map((template) => ({ ...template, off: template.inUse === null })),
      box,
      // in front the one that is taken where none is named: the form proposes what the API does
      gateways: [...active, ...all.filter((one) => !one.active && one.code === own?.gateway)].map(({ code, kind, active: on }) => ({
        code,
        kind,
        off: !on,
      })),
      others: active.length > 1 ? active.map(({ code, kind }) => ({ code, kind })) : [],
    };
  }

  /** The form of a new one, with the code it gets unless another is typed. */
  async newForm(user: CurrentUser, segment?: string): Promise<{ freeCode: string }> {
    const [form, freeCode] = await Promise.all([this.form(user, { segment }), this.blasts.freeCode()]);
    return { ...form, freeCode };
  }

  /** What the form says, for programs: people may type a segment's name. @throws DomainError segment_not_known, segment_near, segment_several */
  readSegment<F extends BlastWishForm>(user: CurrentUser, form: F): Promise<F> {
    return this.segments.readIn(user, form);
  }

  /** A draft's own values in the form; or `locked`, why there is none. @param segment what was typed for it instead */
  async editForm(user: CurrentUser, code: string, segment?: string): Promise<{ blast: Blast; locked?: Lock }> {
    const blast = await this.blasts.byCode(user, code);
    const locked = lockOf(blast);
    if (locked) return { blast, locked };
    const { name, templateCode, segmentCode, gateway, notBefore, notAfter, ownRate, holdoutPercent, fallbacks } = blast;
    const values = {
      name,
      template: templateCode,
      segment: segmentCode ?? '',
      gateway,
      notBefore: boxText(notBefore),
      notAfter: boxText(notAfter),
      ratePerSecond: ownRate ?? '',
      fallbackGateways: fallbacks,
      holdoutPercent: holdoutPercent === 0 ? '' : holdoutPercent,
    };
    return Object.assign(await this.form(user, { own: blast, segment: segment ?? values.segment }), { blast, values });
  }

  /** The list: how each stands, and whether it waits for its moment. */
  rows(blasts: readonly Blast[]): Promise<object[]> {
    return this.moving.rows(blasts);
  }

  async show(user: CurrentUser, code: string): Promise<object> {
    const blast = await this.blasts.byCode(user, code);
    const progress = await this.progress(user, blast);
    if (blast.state !== 'draft') return progress;
    return { ...progress, ...(await this.drafts.of(user, blast)), conditions: await this.content.conditions(blast) };
  }

  /** `maySteer`: planners and supervisors; a client only looks. Starting is the planner's. */
  async progress(user: CurrentUser, blast: Blast): Promise<object> {
    const maySend = ['planner', 'admin'].includes(user.role);
    return {
      ...(await this.moving.of(blast)),
      maySteer: ['planner', 'supervisor', 'admin'].includes(user.role),
      maySend,
      mayRetime: maySend && isOwn(user, blast) && ['running', 'paused'].includes(blast.state) && blast.counts.queued > 0,
    };
  }
}
