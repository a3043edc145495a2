import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { addDays, dayOf } from '../kernel/day.js';
import { Roles } from '../platform/http/access.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CalendarCommands } from './calendar.commands.js';
import { CalendarForm, NoticeQuery, NoticeYearForm, YearQuery } from './calendar.forms.js';
import { CalendarQueries } from './calendar.queries.js';
import type { DayMark } from './calendar.types.js';
import { MarksCommands } from './marks.commands.js';
import { MarkForm, MarksQuery } from './marks.forms.js';
import { MarksQueries } from './marks.queries.js';
import { NoticeCommands } from './notice/notice.commands.js';
import type { NoticeResult } from './notice/notice.types.js';
import { receiveNotice } from './notice/notice-file.js';

/** How far ahead marks are listed when nobody says. */
const MARKS_AHEAD_DAYS = 92;

@Controller('api/v1/calendar')
export class CalendarApiController {
  constructor(
    private readonly commands: CalendarCommands,
    private readonly queries: CalendarQueries,
    private readonly notices: NoticeCommands,
    private readonly markCommands: MarksCommands,
    private readonly markQueries: MarksQueries,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** Every day of a year, the present one without `year`. */
  @Get('days')
  async days(@Query() query: YearQuery): Promise<object> {
    return this.year(query);
  }

  /** Takes what GET gave, or only the days that change; with `year` they are days of it. */
  @Roles()
  @Put('days')
  async setDays(@Query() query: YearQuery, @Body() form: CalendarForm, @CurrentUser() user: CurrentUser): Promise<object> {
    const published = form.published === undefined ? undefined : { year: this.yearOf(query), published: form.published };
    const days = form.days.map(({ day, working, name }) => ({ day, working, name: name ?? '' }));
    await this.commands.setDays(user, days, { year: query.year, published });
    return this.year(query);
  }

  /**
   * The yearly notice as multipart field `file`: lines of `day, off|work, name` (CSV, JSON, XLSX) or the notice in its own words. It decides the
   * year from now on and marks it published; with `preview=true` nothing is written. The same notice again changes nothing.
   */
  @Roles()
  @HttpCode(200)
  @Post('notice')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } } })
  async notice(@Query() { year, preview }: NoticeQuery, @Req() request: FastifyRequest, @CurrentUser() user: CurrentUser): Promise<object> {
    const { text } = await receiveNotice(request);
    const result = preview === 'true' ? await this.notices.preview(year, text) : await this.notices.takeUp(user, year, text);
    return this.told(result, user);
  }

  /** Takes the notice of a year back. */
  @Roles()
  @Delete('notice')
  takeBack(@Query() { year }: NoticeYearForm, @CurrentUser() user: CurrentUser): Promise<object> {
    return this.notices.takeBack(user, year);
  }

  /** Cold, heat, member day and the like, from today on for three months unless it is said otherwise. */
  @Get('marks')
  async marks(@Query() query: MarksQuery, @CurrentUser() user: CurrentUser): Promise<{ items: DayMark[] }> {
    const from = query.from ?? dayOf(this.clock.now());
    return { items: await this.markQueries.marks(user, from, query.to ?? addDays(from, MARKS_AHEAD_DAYS)) };
  }

  @Roles('planner')
  @Post('marks')
  async addMark(@Body() form: MarkForm, @CurrentUser() user: CurrentUser): Promise<object> {
    const { id } = await this.markCommands.add(user, form, dayOf(this.clock.now()));
    return { id, ...form, to: form.to ?? form.from };
  }

  @Roles('planner')
  @HttpCode(204)
  @Delete('marks/:id')
  async removeMark(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<void> {
    await this.markCommands.remove(user, id);
  }

  private told(result: NoticeResult, user: CurrentUser): object {
    const say = (kind: string, { code, params }: { code: string; params: object }): string =>
      this.catalogue.t(user.locale, `notice.${kind}.${code}`, { ...params });
    return {
      ...result,
      faults: result.faults.map((fault) => ({ ...fault, message: say('fault', fault) })),
      warnings: result.warnings.map((warning) => ({ ...warning, message: say('warning', warning) })),
    };
  }

  private yearOf(query: YearQuery): number {
    return query.year ?? Number(dayOf(this.clock.now()).slice(0, 4));
  }

  private async year(query: YearQuery): Promise<object> {
    const year = this.yearOf(query);
    const [rows, info] = await Promise.all([this.queries.days(`${year}-01-01`, `${year}-12-31`), this.queries.year(year)]);
    return { year, published: info?.published ?? false, source: info?.source ?? null, days: rows.map(({ published: _, ...day }) => day) };
  }
}
