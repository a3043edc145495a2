import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { TaskSmsPageForm } from '../messaging.forms.js';
import { SingleMessageCommands } from './single-message.commands.js';
import { TaskMessagesQueries } from './task-messages.queries.js';

/** A message during or after the call: each text is shown as this customer will read it (CAM-5, SMS-2). */
@ApiExcludeController()
@Roles('manager', 'supervisor')
@Controller('tasks/:id/sms')
export class TaskSmsPagesController {
  constructor(
    private readonly messages: TaskMessagesQueries,
    private readonly commands: SingleMessageCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('messaging/task-sms', { ...(await this.messages.forTask(user, id)) });
  }

  @Post()
  async send(
    @CurrentUser() user: CurrentUser,
    @Param('id') id: string,
    @Body() body: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, { view: 'messaging/task-sms', context: () => this.messages.forTask(user, id) }, async () => {
      const { template, shownAt } = await readForm(TaskSmsPageForm, body);
      const { text } = await this.commands.sendForTask(user, id, { template, shownAt });
      flash(reply.request, 'sms.task.sent', { text });
      return '/desk';
    });
  }
}
