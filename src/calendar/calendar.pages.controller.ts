import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CalendarPage } from './calendar-page.queries.js';
import { MarksCommands } from './marks.commands.js';
import { MarkForm } from './marks.forms.js';

type Fields = Record<string, string>;
const VIEW = 'calendar/year';

/** The year at a glance, for everybody; planners note what no almanac knows. */
@ApiExcludeController()
@Controller('calendar')
export class CalendarPagesController {
  constructor(
    private readonly page: CalendarPage,
    private readonly marks: MarksCommands,
    private readonly forms: Forms,
    private readonly clock: Clock,
  ) {}

  @Get()
  async year(@Query() query: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page.year(user, { year: query.year }));
  }

  @Roles('planner')
  @Post('marks')
  async addMark(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const context = async (): Promise<object> => ({ ...(await this.page.year(user, { year: body.from?.slice(0, 4) })), marking: true });
    await this.forms.answer(reply, { view: VIEW, context }, async () => {
      const form = await readForm(MarkForm, body);
      await this.marks.add(user, form, dayOf(this.clock.now()));
      flash(reply.request, 'calendar.mark.added', { name: form.name });
      return `/calendar?year=${form.from.slice(0, 4)}`;
    });
  }

  @Roles('planner')
  @Post('marks/:id/remove')
  async removeMark(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page.year(user, {}) }, async () => {
      await this.marks.remove(user, id);
      flash(reply.request, 'calendar.mark.removed');
      return /^\d{4}$/.test(body.year ?? '') ? `/calendar?year=${body.year ?? ''}` : '/calendar';
    });
  }
}
