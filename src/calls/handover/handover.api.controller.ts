import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { HandoverCommands } from './handover.commands.js';
import { HandoverForm, HandoverOrder } from './handover.forms.js';
import type { HandoverPreview } from './handover.queries.js';

@Roles('supervisor')
@Controller('api/v1/users/:username/handover')
export class HandoverApiController {
  constructor(private readonly handover: HandoverCommands) {}

  /** Moves customers, open tasks and promised callbacks to others; answers what moved. */
  @HttpCode(200)
  @Post()
  handOver(@CurrentUser() user: CurrentUser, @Param('username') username: string, @Body() order: HandoverOrder): Promise<HandoverPreview> {
    return this.handover.handOver(user, username, order);
  }

  /** What that would move; nothing is written. */
  @HttpCode(200)
  @Post('preview')
  preview(@CurrentUser() user: CurrentUser, @Param('username') username: string, @Body() form: HandoverForm): Promise<HandoverPreview> {
    return this.handover.preview(user, username, form);
  }
}
