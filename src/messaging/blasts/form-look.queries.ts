import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/errors.js';
import { SegmentChoices } from '../../segments/segment-choices.queries.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { Wording } from '../messaging.types.js';
import { PreviewQueries } from '../templates/preview.queries.js';
import { samplesView } from '../templates/template-editor.views.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { compose } from '../wording/wording.js';

/** What would be sent, seen while the form of a blast is being filled in: a wrong template is noticed before it is saved (SMS-2). */
@Injectable()
export class FormLook {
  constructor(
    private readonly templates: TemplatesQueries,
    private readonly choices: SegmentChoices,
    private readonly segments: SegmentsQueries,
    private readonly previews: PreviewQueries,
  ) {}

  /** The text as it is written until a segment is chosen; from then on as three of its customers would read it. */
  async of(user: CurrentUser, { template, segment }: { template: string; segment: string }): Promise<object> {
    const wording = await this.wording(user, template);
    if (!wording) return {};
    const chosen = await this.segment(user, segment);
    if (!chosen) return { written: compose(wording, wording.body) };
    return { look: true, ...samplesView(await this.previews.sampled(user, { wording, segment: chosen })) };
  }

  private async wording(user: CurrentUser, code: string): Promise<Wording | null> {
    if (code === '') return null;
    const { inUse } = await this.templates.byCode(user, code);
    return inUse === null ? null : this.templates.inUse({ code });
  }

  /** null while what stands in the box is no segment yet. */
  private async segment(user: CurrentUser, typed: string): Promise<{ id: string } | null> {
    if (typed.trim() === '') return null;
    try {
      return await this.segments.byCode(user, await this.choices.codeOf(user, typed));
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }
}
