import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../kernel/cursor.js';
import { maskPhone } from '../../kernel/phone.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { AnswersCommands } from './answers.commands.js';
import { EventsCommands } from './events.commands.js';
import {
  AnswerForm,
  AttendanceForm,
  CancelEventForm,
  EventForm,
  EventListForm,
  InvitationListForm,
  InviteesForm,
  ResultForm,
  SendInvitationsForm,
} from './events.forms.js';
import { EventsQueries } from './events.queries.js';
import type { EventRow, InvitationRow } from './events.types.js';
import { type Invited, InvitationsCommands } from './invitations.commands.js';

/** Visits, customer events, salons and club days (CAR-10). */
@Roles('manager', 'planner', 'supervisor')
@ApiTags('care')
@ApiBearerAuth()
@Controller('api/v1/care/events')
export class EventsApiController {
  constructor(
    private readonly queries: EventsQueries,
    private readonly events: EventsCommands,
    private readonly invitations: InvitationsCommands,
    private readonly answers: AnswersCommands,
  ) {}

  @Get()
  list(@Query() form: EventListForm, @CurrentUser() user: CurrentUser): Promise<Page<EventRow>> {
    return this.queries.list(user, form);
  }

  @Post()
  async add(@Body() form: EventForm, @CurrentUser() user: CurrentUser): Promise<EventRow> {
    return this.queries.byId(user, (await this.events.add(user, form)).id);
  }

  /** The event with its figures; each is `?show=` of the invitations. */
  @Get(':id')
  one(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<EventRow> {
    return this.queries.byId(user, id);
  }

  @Put(':id')
  async change(@Param('id') id: string, @Body() form: EventForm, @CurrentUser() user: CurrentUser): Promise<EventRow> {
    await this.events.change(user, id, form);
    return this.queries.byId(user, id);
  }

  @HttpCode(200)
  @Post(':id/cancel')
  async cancel(@Param('id') id: string, @Body() form: CancelEventForm, @CurrentUser() user: CurrentUser): Promise<EventRow> {
    await this.events.cancel(user, id, form.reason);
    return this.queries.byId(user, id);
  }

  @Get(':id/invitations')
  async people(@Param('id') id: string, @Query() form: InvitationListForm, @CurrentUser() user: CurrentUser): Promise<Page<InvitationRow>> {
    await this.queries.byId(user, id);
    const page = await this.queries.invitations(user, id, form);
    const shown = (number: string): string => (user.role === 'manager' ? maskPhone(number) : number);
    return { ...page, items: page.items.map((row) => ({ ...row, number: shown(row.number) })) };
  }

  @Roles('planner', 'supervisor')
  @HttpCode(200)
  @Post(':id/invitations')
  addPeople(@Param('id') id: string, @Body() form: InviteesForm, @CurrentUser() user: CurrentUser): Promise<Invited> {
    return this.invitations.addPeople(user, id, form);
  }

  /** Asks whoever is on the list and was not asked yet: by task or by message. */
  @Roles('planner', 'supervisor')
  @HttpCode(200)
  @Post(':id/send')
  send(@Param('id') id: string, @Body() form: SendInvitationsForm, @CurrentUser() user: CurrentUser): Promise<{ sent: number }> {
    return this.invitations.send(user, id, form);
  }

  @HttpCode(200)
  @Post(':id/answers')
  async answer(@Param('id') id: string, @Body() form: AnswerForm, @CurrentUser() user: CurrentUser): Promise<EventRow> {
    await this.answers.answer(user, id, form);
    return this.queries.byId(user, id);
  }

  @HttpCode(200)
  @Post(':id/attendance')
  attend(@Param('id') id: string, @Body() form: AttendanceForm, @CurrentUser() user: CurrentUser): Promise<{ count: number }> {
    return this.answers.attend(user, id, form);
  }

  @HttpCode(200)
  @Post(':id/results')
  async result(@Param('id') id: string, @Body() form: ResultForm, @CurrentUser() user: CurrentUser): Promise<EventRow> {
    await this.answers.result(user, id, form);
    return this.queries.byId(user, id);
  }
}
