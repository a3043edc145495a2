import { Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { apiCampaign } from './campaigns.api.views.js';
import { Drafts } from './drafts.commands.js';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:code')
@Roles('planner')
export class DraftsApiController {
  constructor(private readonly drafts: Drafts) {}

  /** A draft with everything of the campaign but its dates and history, under a code of its own. */
  @Post('copy')
  async copy(@CurrentUser() user: CurrentUser, @Param('code') code: string) {
    return apiCampaign(await this.drafts.copy(user, code));
  }

  /** Deletes a draft. */
  @Delete()
  @HttpCode(204)
  async discard(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<void> {
    await this.drafts.discard(user, code);
  }
}
