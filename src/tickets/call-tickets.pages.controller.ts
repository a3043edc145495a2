import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type TaskRow, TasksQueries } from '../calls/tasks/tasks.queries.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash, redirectTo } from '../platform/http/pages.js';
import { isHtmx } from '../platform/http/request-kind.js';
import { CurrentUser } from '../staff/staff.types.js';
import { TicketsCommands } from './tickets.commands.js';
import { CallTicketForm } from './tickets.forms.js';
import { TicketsQueries } from './tickets.queries.js';
import { TICKET_KINDS } from './tickets.types.js';

const PAGE = 'tickets/call';
/** The form alone, as the call desk has it beside the script: what is typed of the call stays. */
const ON_DESK = 'tickets/_call';

/** Tickets at the call desk: one is opened while the call goes on, and a complaint shows the one it opened (TIC-1). */
@ApiExcludeController()
@Roles('manager', 'supervisor')
@Controller()
export class CallTicketsPagesController {
  constructor(
    private readonly tasks: TasksQueries,
    private readonly queries: TicketsQueries,
    private readonly commands: TicketsCommands,
    private readonly forms: Forms,
  ) {}

  @Get('tasks/:id/ticket')
  async blank(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(await this.held(user, id));
    if (isHtmx(reply.request)) await reply.view(ON_DESK, { ...page, desk: true }, { layout: false });
    else await reply.view(PAGE, page);
  }

  @Post('tasks/:id/ticket')
  async open(
    @CurrentUser() user: CurrentUser,
    @Param('id') id: string,
    @Body() body: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const task = await this.held(user, id);
    const desk = isHtmx(reply.request);
    const context = (): object => ({ ...pageOf(task), desk });
    try {
      const { no } = await this.commands.openInCall(user, task, await readForm(CallTicketForm, body));
      // nothing of the desk but this form is drawn again
      if (desk) return void (await reply.view(ON_DESK, { ...context(), opened: no }, { layout: false }));
      flash(reply.request, 'tickets.opened', { no });
      redirectTo(reply, '/desk');
    } catch (error) {
      if (!(error instanceof DomainError) || error.status === 404) throw error;
      await this.forms.again(reply, { view: PAGE, fragment: ON_DESK, context }, error);
    }
  }

  /** Opened in the background, a moment after the call was saved: the desk asks again until it is there. */
  @Get('attempts/:id/ticket')
  async ofCall(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const { no, opens } = await this.queries.ofCall(user, id);
    if (isHtmx(reply.request)) return void (await reply.view('tickets/_of-call', { attemptId: id, no, opens }, { layout: false }));
    if (no !== null) return void redirectTo(reply, `/tickets/${no}`);
    await reply.view('tickets/of-call', { attemptId: id, opens });
  }

  private async held(user: CurrentUser, id: string): Promise<TaskRow> {
    const task = await this.tasks.heldBy(user.id);
    if (task?.id !== id) throw notFound('task', id);
    return task;
  }
}

const pageOf = ({ id, customerName, star }: TaskRow): object => ({ taskId: id, customerName, star, kinds: TICKET_KINDS });
