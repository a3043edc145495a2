import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastPagesQueries } from '../blasts/blast-pages.queries.js';
import { DraftPages } from '../blasts/draft-pages.queries.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { TemplateEditorQueries } from '../templates/template-editor.queries.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { AudienceChecks } from './audience-checks.commands.js';
import { CheckPages } from './check-pages.queries.js';
import { checkUrlOf } from './check.views.js';

const VIEW = 'messaging/check';

/** What a draft comes to on its whole list. The panel fetches itself while somebody looks. */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('sms/blasts/:code/check')
export class BlastCheckPagesController {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly pages: BlastPagesQueries,
    private readonly drafts: DraftPages,
    private readonly checks: AudienceChecks,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    const blast = await this.blasts.byCode(user, code);
    if (!isHtmx(reply.request)) return reply.view('messaging/blast', await this.pages.show(user, code));
    await reply.view(VIEW, await this.drafts.panel(user, blast), { layout: false });
  }

  @Post()
  async look(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'messaging/blast', context: () => this.pages.show(user, code) }, async () => {
      const blast = await this.blasts.byCode(user, code);
      if (blast.state !== 'draft') throw new DomainError('blast_state', { status: 409 });
      await this.checks.ask(user, { blastId: blast.id, templateId: null, segmentId: null });
      return `/sms/blasts/${code}`;
    });
  }
}

/** What the newest wording of a template comes to on a whole segment. */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('sms/templates/:code/check')
export class TemplateCheckPagesController {
  constructor(
    private readonly templates: TemplatesQueries,
    private readonly segments: SegmentsQueries,
    private readonly editor: TemplateEditorQueries,
    private readonly checks: AudienceChecks,
    private readonly checkPages: CheckPages,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query('segment') segmentCode = '',
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!isHtmx(reply.request)) return reply.view('messaging/template', await this.editor.page(user, code, { segment: segmentCode }));
    const [template, segment] = [await this.templates.byCode(user, code), await this.segments.byCode(user, segmentCode)];
    const check = await this.checkPages.ofTemplate(user, template.id, segment.id);
    await reply.view(VIEW, { check, checkUrl: checkUrlOf(code, segmentCode), mayLook: true }, { layout: false });
  }

  @Post()
  async look(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query('segment') segmentCode = '',
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(
      reply,
      { view: 'messaging/template', context: () => this.editor.page(user, code, { segment: segmentCode }) },
      async () => {
        const [template, segment] = [await this.templates.byCode(user, code), await this.segments.byCode(user, segmentCode)];
        await this.checks.ask(user, { blastId: null, templateId: template.id, segmentId: segment.id });
        return `/sms/templates/${code}?segment=${encodeURIComponent(segmentCode)}`;
      },
    );
  }
}
