import { Body, Controller, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { named } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ApproveTemplateForm, NewTemplateForm, PreviewForm, RefuseTemplateForm, TemplateWordingForm } from '../messaging.forms.js';
import { previewAnswer, templateAnswer } from '../messaging.views.js';
import { numbersOf, PreviewQueries } from './preview.queries.js';
import { TemplatesCommands } from './templates.commands.js';
import { TemplatesQueries } from './templates.queries.js';
import { WordingRulesQueries } from '../wording/wording-rules.queries.js';

@Roles('planner', 'supervisor')
@Controller('api/v1/sms/templates')
export class TemplatesApiController {
  constructor(
    private readonly commands: TemplatesCommands,
    private readonly queries: TemplatesQueries,
    private readonly previews: PreviewQueries,
    private readonly segments: SegmentsQueries,
    private readonly catalogue: Catalogue,
    private readonly rules: WordingRulesQueries,
  ) {}

  @Roles('planner', 'supervisor', 'manager', 'client')
  @Get()
  async list(@CurrentUser() user: CurrentUser): Promise<object> {
    return { items: (await this.queries.list(user)).map(templateAnswer), nextCursor: null };
  }

  @Roles('planner', 'supervisor', 'manager', 'client')
  @Get(':code')
  async get(@Param('code') code: string, @CurrentUser() user: CurrentUser): Promise<object> {
    return templateAnswer(await this.queries.byCode(user, code));
  }

  @Roles('planner')
  @Post()
  async create(@Body() form: NewTemplateForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return templateAnswer(await this.commands.create(user, form));
  }

  /** A new wording: the next version, a draft. */
  @Roles('planner')
  @Patch(':code')
  async reword(@Param('code') code: string, @Body() form: TemplateWordingForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return templateAnswer(await this.commands.reword(user, code, form));
  }

  @Roles('planner', 'supervisor', 'client')
  @Post(':code/approve')
  @HttpCode(200)
  async approve(@Param('code') code: string, @Body() form: ApproveTemplateForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return templateAnswer(await this.commands.approve(user, code, form.version));
  }

  /** Back to its author, with a reason; a draft still. */
  @Roles('planner', 'supervisor', 'client')
  @Post(':code/refuse')
  @HttpCode(200)
  async refuse(@Param('code') code: string, @Body() form: RefuseTemplateForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return templateAnswer(await this.commands.refuse(user, code, form));
  }

  /** The newest wording, draft or not, on these customers. What keeps a message from being made stands under `errors`. */
  @Post(':code/preview')
  @HttpCode(200)
  async preview(
    @Param('code') code: string,
    @Body() form: PreviewForm,
    @CurrentUser() user: CurrentUser,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const template = await this.queries.byCode(user, code);
    const wording = { ...template, ...(await this.rules.of(template.purpose)) };
    const segment = form.segment ? await named('segment', this.segments.byCode(user, form.segment)) : null;
    const preview = await this.previews.preview(user, { wording, segment, numbers: numbersOf(form.phones) });
    return previewAnswer(preview, this.catalogue, request.locale);
  }
}
