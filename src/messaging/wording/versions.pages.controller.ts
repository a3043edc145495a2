import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { versionDiff, type VersionsAsked, versionsToCompare } from './versions.views.js';

/** What a template said before, and what changed from one wording to another. */
@ApiExcludeController()
@Roles('planner', 'supervisor', 'client')
@Controller('sms/templates/:code/versions')
export class VersionsPagesController {
  constructor(private readonly templates: TemplatesQueries) {}

  @Get()
  async show(
    @CurrentUser() user: CurrentUser,
    @Param('code') code: string,
    @Query() asked: VersionsAsked,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const template = await this.templates.byCode(user, code);
    const versions = await this.templates.versions(template.id);
    const diff = versionDiff(versions, versionsToCompare(template, versions, asked));
    await reply.view('messaging/template-versions', { template, versions, diff, several: versions.length > 1 });
  }
}
