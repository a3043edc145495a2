import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { NextForm, ReleaseForm } from '../attempts/attempts.forms.js';
import { CallDeskCommands } from './call-desk.commands.js';
import type { TaskItem } from '../calls.types.js';
import { TaskSheets } from './task-sheet.queries.js';

@Controller('api/v1')
@Roles('manager', 'supervisor')
export class CallDeskApiController {
  constructor(
    private readonly desk: CallDeskCommands,
    private readonly sheets: TaskSheets,
  ) {}

  /** 200 with the task, or 204 with the header `X-Reason: empty|quiet_hours|all_capped`. */
  @Post('call-desk/next')
  @HttpCode(200)
  @ApiOkResponse({ description: 'The next task' })
  @ApiNoContentResponse({
    description: 'Nobody is next',
    headers: { 'X-Reason': { schema: { type: 'string', enum: ['empty', 'quiet_hours', 'all_capped'] } } },
  })
  async next(
    @CurrentUser() user: CurrentUser,
    @Body() form: NextForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ task: TaskItem } | undefined> {
    const next = await this.desk.next(user, { campaign: form.campaign ?? undefined });
    if ('empty' in next) {
      void reply.code(204).header('x-reason', next.empty);
      return undefined;
    }
    return { task: await this.sheets.item(user, next.taskId) };
  }

  @Post('tasks/:id/claim')
  @HttpCode(200)
  async claim(@CurrentUser() user: CurrentUser, @Param('id') id: string): Promise<{ task: TaskItem }> {
    const { taskId } = await this.desk.claim(user, id);
    return { task: await this.sheets.item(user, taskId) };
  }

  @Post('tasks/:id/release')
  @HttpCode(200)
  async release(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: ReleaseForm): Promise<{ id: string; state: string }> {
    return { id, state: await this.desk.release(user, id, form.reason) };
  }
}
