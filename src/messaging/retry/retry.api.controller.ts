import { Controller, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { blastAnswer } from '../messaging.views.js';
import { RetryCommands } from './retry.commands.js';

@ApiTags('sms')
@ApiBearerAuth()
@Roles('planner')
@Controller('api/v1/sms/blasts/:code/retry')
export class RetryApiController {
  constructor(private readonly commands: RetryCommands) {}

  /** A draft to those who failed for technical reasons; the one that is there already, if it has not been started. */
  @Post()
  async retry(@CurrentUser() user: CurrentUser, @Param('code') code: string): Promise<object> {
    return blastAnswer(await this.commands.retry(user, code));
  }
}
