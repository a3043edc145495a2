import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { PROMISE_KINDS } from './promise.states.js';
import { PromisesCommands } from './promises.commands.js';
import { HandOverPromiseForm, KeepPromiseForm, PROMISE_SHOWS, PromiseListForm } from './promises.forms.js';
import { PromisesQueries } from './promises.queries.js';

const LIST = 'calls/promises';
type Posted = Record<string, string>;

/** What was promised on calls, and what became of it (CAM-5). */
@ApiExcludeController()
@Roles('manager', 'supervisor')
@Controller('promises')
export class PromisesPagesController {
  constructor(
    private readonly promises: PromisesQueries,
    private readonly commands: PromisesCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query() query: Posted, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(LIST, await this.page(user, query));
  }

  @Post(':id/keep')
  async keep(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: LIST, context: () => this.again(user, id, body) }, async () => {
      const { state, customerId } = await this.commands.keep(user, id, await readForm(KeepPromiseForm, body));
      flash(reply.request, state === 'kept' ? 'promises.flash_kept' : 'promises.flash_done');
      return { today: '/today', customer: `/customers/${customerId}` }[body.back ?? ''] ?? '/promises';
    });
  }

  @Roles('supervisor')
  @Post(':id/hand-over')
  async handOver(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: LIST, context: () => this.again(user, id, body) }, async () => {
      const { ownerName } = await this.commands.handOver(user, id, await readForm(HandOverPromiseForm, body));
      flash(reply.request, 'promises.flash_handed_over', { name: ownerName });
      return '/promises';
    });
  }

  /** The list with what was typed at the promise it was typed at. */
  private async again(user: CurrentUser, id: string, body: Posted): Promise<object> {
    return { ...(await this.page(user, {})), typed: { ...body, id } };
  }

  private async page(user: CurrentUser, query: Posted): Promise<object> {
    const given = Object.fromEntries(Object.entries(query).filter(([name, value]) => value !== '' && name !== 'lang'));
    const filter = await readForm(PromiseListForm, given);
    const leads = user.role !== 'manager';
    const { state = 'open', whose, kind, owner } = filter;
    const [page, counted, overdue, receivers] = await Promise.all([
      this.promises.page(user, filter),
      this.promises.count(user, filter),
      this.promises.count(user, { state: 'overdue' }),
      leads ? this.promises.receivers(user) : [],
    ]);
    return {
      filter: { ...filter, state },
      exportHref: exportHref('promises', { state, whose, kind, owner }),
      rows: page.items,
      next: page.nextCursor,
      counted,
      overdue,
      receivers,
      leads,
      shows: PROMISE_SHOWS,
      kinds: PROMISE_KINDS,
      narrowed: Object.keys(given).some((name) => name !== 'cursor'),
    };
  }
}
