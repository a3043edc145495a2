import { Injectable } from '@nestjs/common';
import { SegmentsQueries } from '../segments/segments.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { progressView } from './blast-pages.views.js';
import { BlastsQueries } from './blasts.queries.js';
import { GatewaysQueries } from './gateways.queries.js';
import type { Blast } from './messaging.types.js';
import { PreviewQueries } from './preview.queries.js';
import { samplesView } from './template-editor.views.js';
import { TemplatesQueries } from './templates.queries.js';

/** What the pages of a blast show, put together from several questions. */
@Injectable()
export class BlastPagesQueries {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly templates: TemplatesQueries,
    private readonly segments: SegmentsQueries,
    private readonly gateways: GatewaysQueries,
    private readonly previews: PreviewQueries,
  ) {}

  async form(user: CurrentUser): Promise<object> {
    const [templates, segments, gateways] = await Promise.all([
      this.templates.list(user),
      this.segments.list(user, { limit: 100 }),
      this.gateways.list(),
    ]);
    return {
      templates: templates.filter(({ inUse }) => inUse !== null),
      segments: segments.items,
      gateways: gateways.filter(({ active }) => active),
    };
  }

  async show(user: CurrentUser, code: string): Promise<object> {
    const blast = await this.blasts.byCode(user, code);
    const progress = await this.progress(user, blast);
    // a client reads counts, not customers
    return blast.state === 'draft' && user.role !== 'client' ? { ...progress, ...(await this.samples(user, blast)) } : progress;
  }

  /** `maySteer`: planners and supervisors; a client only looks. Starting is the planner's. */
  async progress(user: CurrentUser, blast: Blast): Promise<object> {
    const [failures, minutes, median] = await Promise.all([
      this.blasts.failures(blast.id),
      this.blasts.minutes(blast.id),
      this.blasts.medianSeconds(blast.id),
    ]);
    return {
      ...progressView({ blast, failures, minutes, median }),
      maySteer: ['planner', 'supervisor', 'admin'].includes(user.role),
      maySend: ['planner', 'admin'].includes(user.role),
    };
  }

  /** Before the start: what three of the audience would get. */
  private async samples(user: CurrentUser, blast: Blast): Promise<object> {
    const template = await this.templates.byCode(user, blast.templateCode);
    if (template.inUse === null) return {};
    const wording = await this.templates.inUse({ code: blast.templateCode });
    const segment = blast.segmentId ? { id: blast.segmentId } : null;
    const numbers = await this.previews.samples(user, blast.segmentId);
    return samplesView(await this.previews.preview(user, { wording, segment, numbers }));
  }
}
