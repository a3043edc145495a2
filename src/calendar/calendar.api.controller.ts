import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CalendarCommands } from './calendar.commands.js';
import { AbsenceForm, CalendarForm, YearQuery } from './calendar.forms.js';
import { CalendarQueries } from './calendar.queries.js';

@Controller('api/v1')
export class CalendarApiController {
  constructor(
    private readonly commands: CalendarCommands,
    private readonly queries: CalendarQueries,
    private readonly clock: Clock,
  ) {}

  /** Every day of a year, the present one without `year`. */
  @Get('calendar/days')
  async days(@Query() query: YearQuery): Promise<object> {
    return this.year(query);
  }

  /** Takes what GET gave, or only the days that change. */
  @Roles()
  @Put('calendar/days')
  async setDays(@Query() query: YearQuery, @Body() form: CalendarForm, @CurrentUser() user: CurrentUser): Promise<object> {
    const published = form.published === undefined ? undefined : { year: this.yearOf(query), published: form.published };
    const days = form.days.map(({ day, working, name }) => ({ day, working, name: name ?? '' }));
    await this.commands.setDays(user, days, published);
    return this.year(query);
  }

  @Roles('supervisor')
  @Post('users/:username/absences')
  async addAbsence(@Param('username') username: string, @Body() form: AbsenceForm, @CurrentUser() user: CurrentUser): Promise<object> {
    const { id } = await this.commands.addAbsence(user, username, form);
    return { id, username, ...form };
  }

  private yearOf(query: YearQuery): number {
    return query.year ?? Number(dayOf(this.clock.now()).slice(0, 4));
  }

  private async year(query: YearQuery): Promise<object> {
    const year = this.yearOf(query);
    const rows = await this.queries.days(`${year}-01-01`, `${year}-12-31`);
    const published = rows[0]?.published ?? false;
    return { year, published, days: rows.map(({ published: _, ...day }) => day) };
  }
}
