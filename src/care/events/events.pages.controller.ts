import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { EventPages } from './event-pages.queries.js';
import { EventsCommands } from './events.commands.js';
import { CancelEventForm, EventForm, EventListForm } from './events.forms.js';
import { EventsQueries } from './events.queries.js';
import { EVENT_KINDS, EVENT_STATES } from './events.types.js';
import { eventView } from './events.views.js';

type Fields = Record<string, string>;
const LIST = 'care/events';
const FORM = 'care/event-form';
const ONE = 'care/event';

/** The list of events, a new one, a changed one (CAR-10); what happens on one: event-list.pages.controller.ts. */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('care/events')
export class EventsPagesController {
  constructor(
    private readonly queries: EventsQueries,
    private readonly commands: EventsCommands,
    private readonly pages: EventPages,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@Query() query: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const filtered = Boolean(query.kind ?? '') || Boolean(query.state ?? '');
    const page = { filter: query, kinds: EVENT_KINDS, states: EVENT_STATES, filtered };
    try {
      const found = await this.queries.list(user, await readForm(EventListForm, query));
      await reply.view(LIST, { ...page, rows: found.items.map(eventView), next: found.nextCursor });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.forms.again(reply, { view: LIST, context: () => page }, error);
    }
  }

  @Get('new')
  async new(@Query() query: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(FORM, await this.pages.form(user, { customer: query.customer }));
  }

  @Post('new')
  async add(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: FORM, context: () => this.pages.form(user, { typed: body }) }, async () => {
      const { id } = await this.commands.add(user, await readForm(EventForm, body));
      flash(reply.request, 'care.event.added', { title: body.title ?? '' });
      return `/care/events/${id}`;
    });
  }

  @Get(':id')
  async one(@Param('id') id: string, @Query() query: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(ONE, await this.pages.one(user, id, query));
  }

  @Get(':id/edit')
  async edit(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(FORM, await this.pages.form(user, { id }));
  }

  @Post(':id/edit')
  async change(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: FORM, context: () => this.pages.form(user, { id, typed: body }) }, async () => {
      await this.commands.change(user, id, await readForm(EventForm, body));
      flash(reply.request, 'care.event.changed', { title: body.title ?? '' });
      return `/care/events/${id}`;
    });
  }

  @Post(':id/cancel')
  async cancel(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ONE, context: () => this.pages.one(user, id) }, async () => {
      await this.commands.cancel(user, id, (await readForm(CancelEventForm, body)).reason);
      flash(reply.request, 'care.event.cancelled', {});
      return `/care/events/${id}`;
    });
  }
}
