import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { versionAnswer, versionDiff, type VersionsAsked, versionsToCompare } from './versions.views.js';

@ApiTags('sms')
@ApiBearerAuth()
@Roles('planner', 'supervisor', 'client')
@Controller('api/v1/sms/templates/:code/versions')
export class VersionsApiController {
  constructor(private readonly templates: TemplatesQueries) {}

  /** Every wording it has had, newest first, and under `diff` what changed from one to another: from what is in use to the newest, if nothing else is asked. */
  @Get()
  async list(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Query() asked: VersionsAsked): Promise<object> {
    const template = await this.templates.byCode(user, code);
    const versions = await this.templates.versions(template.id);
    return { items: versions.map(versionAnswer), nextCursor: null, diff: versionDiff(versions, versionsToCompare(template, versions, asked)) };
  }
}
