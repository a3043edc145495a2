import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash } from '../platform/http/pages.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CalendarCommands } from './calendar.commands.js';
import { DayPageForm, NoticePageForm, NoticeYearForm } from './calendar.forms.js';
import { CalendarPage } from './calendar-page.queries.js';
import { noticeView } from './calendar.views.js';
import { NoticeCommands } from './notice/notice.commands.js';
import { receiveNotice } from './notice/notice-file.js';

type Fields = Record<string, string>;
const YEAR = 'calendar/year';
const NOTICE = 'calendar/notice';

/** The work calendar of a year for administrators: single days, and the yearly notice with a look at it first. */
@Roles()
@ApiExcludeController()
@Controller('admin/calendar')
export class CalendarAdminPagesController {
  constructor(
    private readonly commands: CalendarCommands,
    private readonly notices: NoticeCommands,
    private readonly page: CalendarPage,
    private readonly forms: Forms,
  ) {}

  @Get()
  async year(@Query() query: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(YEAR, await this.yearPage(user, query));
  }

  @Post()
  async setDay(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: YEAR, context: () => this.yearPage(user, { year: body.day?.slice(0, 4) }) }, async () => {
      const form = await readForm(DayPageForm, body);
      await this.commands.setDays(user, [{ day: form.day, working: form.working === 'true', name: form.name ?? '' }]);
      flash(reply.request, 'calendar.saved', { day: form.day });
      return `/admin/calendar?year=${form.day.slice(0, 4)}`;
    });
  }

  /** A file: what it would change, before it does. */
  @Post('notice')
  @RouteConfig({ upload: true })
  async noticeFile(@CurrentUser() user: CurrentUser, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    try {
      const { text, fields } = await receiveNotice(request);
      request.body = fields;
      await this.lookAt(reply, { year: fields.year, text });
    } catch (error) {
      if (!(error instanceof DomainError) || error.status === 403) throw error;
      await this.forms.again(reply, { view: YEAR, context: () => this.yearPage(user, request.body ?? {}) }, error);
    }
  }

  /** The same for a text that was typed, pasted or mended. */
  @Post('notice/text')
  async noticeText(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    try {
      await this.lookAt(reply, body);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.forms.again(reply, { view: YEAR, context: () => this.yearPage(user, body) }, error);
    }
  }

  @Post('notice/take-up')
  async takeUp(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: YEAR, context: () => this.yearPage(user, body) }, async () => {
      const { year, text } = await readForm(NoticePageForm, body);
      const { applied, changes } = await this.notices.takeUp(user, year, text);
      flash(reply.request, applied ? 'calendar.notice.taken_up' : 'calendar.notice.stands', { year: String(year), count: changes.length });
      return `/admin/calendar?year=${year}`;
    });
  }

  @Post('notice/take-back')
  async takeBack(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: YEAR, context: () => this.yearPage(user, body) }, async () => {
      const { year } = await readForm(NoticeYearForm, body);
      const { changes } = await this.notices.takeBack(user, year);
      flash(reply.request, 'calendar.notice.taken_back', { year: String(year), count: changes.length });
      return `/admin/calendar?year=${year}`;
    });
  }

  private async lookAt(reply: FastifyReply, fields: object): Promise<void> {
    const { year, text } = await readForm(NoticePageForm, fields);
    const notice = await this.notices.preview(year, text);
    await reply.view(NOTICE, { ...noticeView(notice), text }, { status: notice.faults.length > 0 ? 422 : 200 });
  }

  private async yearPage(user: CurrentUser, asked: Fields | { year?: string | undefined }): Promise<object> {
    return { ...(await this.page.year(user, asked)), mayEdit: true };
  }
}
