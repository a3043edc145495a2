import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { AnswersCommands } from './answers.commands.js';
import { EventPages } from './event-pages.queries.js';
import { AnswerForm, AttendanceForm, InviteesForm, ResultForm, SendInvitationsForm } from './events.forms.js';
import { type Show, SHOWS } from './events.types.js';
import { InvitationsCommands } from './invitations.commands.js';

type Fields = Record<string, string>;

/** The rows one looked at stay in view. */
const backTo = (id: string, { show }: Fields): string => `/care/events/${id}${SHOWS.includes(show as Show) ? `?show=${show}` : ''}#list`;

/** What is done with the people of an event: asked, answering, attending, and what came of it (CAR-10). */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('care/events/:id')
export class EventListPagesController {
  constructor(
    private readonly invitations: InvitationsCommands,
    private readonly answers: AnswersCommands,
    private readonly pages: EventPages,
    private readonly forms: Forms,
  ) {}

  @Roles('planner', 'supervisor')
  @Post('invitations')
  async addPeople(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.done(reply, { user, id, body }, async () => {
      const { listed, excluded } = await this.invitations.addPeople(user, id, await this.pages.readSegment(user, await readForm(InviteesForm, body)));
      flash(reply.request, 'care.event.people_added', { listed, excluded });
    });
  }

  @Roles('planner', 'supervisor')
  @Post('send')
  async send(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.done(reply, { user, id, body }, async () => {
      const { sent } = await this.invitations.send(user, id, await readForm(SendInvitationsForm, body));
      flash(reply.request, 'care.event.sent', { count: sent });
    });
  }

  @Post('answers')
  async answer(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.done(reply, { user, id, body }, async () => this.answers.answer(user, id, await readForm(AnswerForm, body)));
  }

  @Post('attendance')
  async attend(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.done(reply, { user, id, body }, async () => {
      const { count } = await this.answers.attend(user, id, await readForm(AttendanceForm, { ...body, customers: body.customers ?? [] }));
      flash(reply.request, 'care.event.ticked', { count });
    });
  }

  @Post('results')
  async result(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.done(reply, { user, id, body }, async () => this.answers.result(user, id, await readForm(ResultForm, body)));
  }

  private async done(
    reply: FastifyReply,
    { user, id, body }: { user: CurrentUser; id: string; body: Fields },
    deed: () => Promise<void>,
  ): Promise<void> {
    const shown = { segment: body.segment ?? '', ...(SHOWS.includes(body.show as Show) ? { show: body.show ?? '' } : {}) };
    const again = { view: 'care/event', context: () => this.pages.one(user, id, shown) };
    await this.forms.answer(reply, again, async () => {
      await deed();
      return backTo(id, body);
    });
  }
}
