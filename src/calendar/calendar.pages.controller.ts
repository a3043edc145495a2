import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CalendarCommands } from './calendar.commands.js';
import { DayPageForm, YearQuery } from './calendar.forms.js';
import { CalendarQueries } from './calendar.queries.js';
import { yearView } from './calendar.views.js';

/** The work calendar of a year, for administrators. */
@Roles()
@Controller('admin/calendar')
export class CalendarPagesController {
  constructor(
    private readonly commands: CalendarCommands,
    private readonly queries: CalendarQueries,
    private readonly forms: Forms,
    private readonly clock: Clock,
  ) {}

  @Get()
  async year(@Query() query: YearQuery, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('calendar/year', await this.page(query.year));
  }

  @Post()
  async setDay(@Body() body: Record<string, string>, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'calendar/year', context: () => this.page() }, async () => {
      const form = await readForm(DayPageForm, body);
      await this.commands.setDays(request.viewer as CurrentUser, [{ day: form.day, working: form.working === 'true', name: form.name ?? '' }]);
      flash(request, 'calendar.saved', { day: form.day });
      return `/admin/calendar?year=${form.day.slice(0, 4)}`;
    });
  }

  private async page(asked?: number): Promise<object> {
    const year = asked ?? Number(dayOf(this.clock.now()).slice(0, 4));
    return yearView(year, await this.queries.days(`${year}-01-01`, `${year}-12-31`));
  }
}
