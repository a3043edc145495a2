import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { rightsVersion } from './rights-version.js';
import { StarRightsCommands } from './star-rights.commands.js';
import { StarRightsForm } from './star-rights.forms.js';
import { StarRightsQueries } from './star-rights.queries.js';
import type { RightChange, RightsChange, StarRight } from './star-rights.types.js';

/** What each star entitles to, and what was changed of it (CUS-4, CAR-3). */
@Roles('planner', 'supervisor')
@ApiTags('customers')
@ApiBearerAuth()
@Controller('api/v1/star-rights')
export class StarRightsApiController {
  constructor(
    private readonly rights: StarRightsQueries,
    private readonly commands: StarRightsCommands,
  ) {}

  /** The rights of a star with their history, the newest change first. */
  @Get(':star')
  async show(@Param('star') star: string): Promise<{ items: StarRight[]; version: string; history: RightsChange[] }> {
    const level = /^\d$/.test(star) ? Number(star) : 0;
    const items = await this.rights.items(level);
    return { items, version: rightsVersion(items), history: await this.rights.history(level) };
  }

  /** All rights of a star; what is left out is taken away. @throws DomainError not_found · star_rights_changed (409) · InvalidInput right_twice */
  @Roles('planner')
  @Put(':star')
  async change(
    @Param('star') star: string,
    @Body() { items, version }: StarRightsForm,
    @CurrentUser() user: CurrentUser,
  ): Promise<{ changes: RightChange[] }> {
    return { changes: await this.commands.change(user, Number(star), items, { version }) };
  }
}
