import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { DomainError, named } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { AudienceChecks } from './audience-checks.commands.js';
import { CheckPages } from './check-pages.queries.js';

export class TemplateCheckForm {
  /** Code of the segment. */
  @IsString()
  segment!: string;
}

/** What a wording comes to on a whole audience: parts, cost, what keeps messages from being made, the worst cases. */
@ApiTags('sms')
@ApiBearerAuth()
@Roles('planner', 'supervisor')
@Controller('api/v1/sms')
export class CheckApiController {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly templates: TemplatesQueries,
    private readonly segments: SegmentsQueries,
    private readonly checks: AudienceChecks,
    private readonly pages: CheckPages,
  ) {}

  /** The last look at a blast; null when nobody has looked. `stale`: the draft has changed since. */
  @Get('blasts/:code/check')
  async get(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<object> {
    return { check: await this.pages.answerOf(user, await this.blasts.byCode(user, code)) };
  }

  /** Looks anew, beside this request: `state` says how far it is. */
  @HttpCode(202)
  @Post('blasts/:code/check')
  async look(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<object> {
    const blast = await this.blasts.byCode(user, code);
    if (blast.state !== 'draft') throw new DomainError('blast_state', { status: 409 });
    await this.checks.ask(user, { blastId: blast.id, templateId: null, segmentId: null });
    return { check: await this.pages.answerOf(user, blast) };
  }

  @Get('templates/:code/check')
  async ofTemplate(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Query('segment') segment = ''): Promise<object> {
    const [template, list] = [await this.templates.byCode(user, code), await named('segment', this.segments.byCode(user, segment))];
    return { check: await this.pages.answerOfTemplate(user, template.id, list.id) };
  }

  @HttpCode(202)
  @Post('templates/:code/check')
  async lookAtTemplate(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: TemplateCheckForm): Promise<object> {
    const [template, list] = [await this.templates.byCode(user, code), await named('segment', this.segments.byCode(user, form.segment))];
    await this.checks.ask(user, { blastId: null, templateId: template.id, segmentId: list.id });
    return { check: await this.pages.answerOfTemplate(user, template.id, list.id) };
  }
}
