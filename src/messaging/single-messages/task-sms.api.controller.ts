import { Body, Controller, Param, Post } from '@nestjs/common';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { TaskSmsForm } from '../messaging.forms.js';
import type { SentMessage } from '../sending/message-intents.commands.js';
import { SingleMessageCommands } from './single-message.commands.js';

/** The after-call message lies here, above the desk in the graph. */
@Roles('manager', 'supervisor')
@Controller('api/v1/tasks')
export class TaskSmsApiController {
  constructor(private readonly commands: SingleMessageCommands) {}

  @Post(':id/sms')
  send(@Param('id') id: string, @Body() form: TaskSmsForm, @CurrentUser() user: CurrentUser): Promise<SentMessage> {
    return this.commands.sendForTask(user, id, { template: form.template });
  }
}
