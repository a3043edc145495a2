import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { type RedialList, RedialLists } from './redial-list.commands.js';
import { RedialListForm } from './redial-list.forms.js';

@ApiTags('campaigns')
@ApiBearerAuth()
@Roles('planner', 'supervisor')
@Controller('api/v1/campaigns/:code/redial-list')
export class RedialListApiController {
  constructor(private readonly lists: RedialLists) {}

  /** Puts tasks whose last dial did not connect off to the next such hour, or each to its customer's own (CAM-8); answers how many. */
  @HttpCode(200)
  @Post()
  make(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Body() form: RedialListForm): Promise<RedialList> {
    return this.lists.make(user, code, form);
  }
}
