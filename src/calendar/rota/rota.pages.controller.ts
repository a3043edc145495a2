import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { type FormPage, Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { AbsencesCommands } from './absences.commands.js';
import { AbsenceKindForm, AbsencePageForm, RotaDayPageForm, type RotaAsked, WeekPageForm } from './rota.forms.js';
import { RotaCommands } from './rota.commands.js';
import { RotaPages } from './rota-page.queries.js';
import { flashNoted } from './absence-flash.js';

type Posted = Record<string, string>;

const personAt = (username: string, day: string): string => `/rota/people/${encodeURIComponent(username)}?month=${day.slice(0, 7)}`;
const monthAt = (day: string): string => `/rota?month=${day.slice(0, 7)}`;

/** Who works when: the month of a team, and one person's days with their reasons. */
@ApiExcludeController()
@Roles('supervisor')
@Controller('rota')
export class RotaPagesController {
  constructor(
    private readonly commands: RotaCommands,
    private readonly absences: AbsencesCommands,
    private readonly pages: RotaPages,
    private readonly forms: Forms,
  ) {}

  @Roles('supervisor', 'planner')
  @Get()
  async team(@Query() query: Posted, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('calendar/rota', await this.pages.team(user, query));
  }

  @Roles('supervisor', 'planner')
  @Get('day')
  async day(@Query() query: Posted, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('calendar/rota-day', await this.pages.day(user, query.day ?? '', query.team || undefined));
  }

  @Roles('supervisor', 'planner')
  @Get('month')
  async month(@Query() query: Posted, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('calendar/rota-month', await this.pages.whole(user, query));
  }

  @Roles('supervisor', 'planner')
  @Get('people/:username')
  async person(
    @Param('username') username: string,
    @Query() query: Posted,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await reply.view('calendar/rota-person', await this.pages.person(user, username, query));
  }

  @Post('people/:username/day')
  async setDay(
    @Param('username') username: string,
    @Body() body: Posted,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, this.personPage(user, username, { ...body, month: body.day?.slice(0, 7) }), async () => {
      const { day, share, note } = await readForm(RotaDayPageForm, body);
      await this.commands.setDays(user, username, [{ day, share: share ?? null, note: note ?? null }]);
      flash(reply.request, 'rota.day_saved', { day });
      return personAt(username, day);
    });
  }

  @Post('people/:username/week')
  async setWeek(
    @Param('username') username: string,
    @Body() body: Record<string, string>,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, this.personPage(user, username, body), async () => {
      const { from, week, shares } = await readForm(WeekPageForm, body);
      await this.commands.setPattern(user, username, { from, shares: week === 'own' ? (shares ?? null) : null });
      flash(reply.request, 'rota.week_saved', { from });
      return personAt(username, from);
    });
  }

  /** From the month of a team or from the page of a person: the form comes back where it was filled in. */
  @Post('absences')
  async addAbsence(@Body() body: Posted, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, this.pageOf(user, body.person ?? '', body), async () => {
      const { person, ...form } = await readForm(AbsencePageForm, body);
      flashNoted(reply.request, await this.absences.add(user, person, form));
      return body.at === 'person' ? personAt(person, form.from) : monthAt(form.from);
    });
  }

  /** The question before it: what comes back, and to whom. */
  @Get('people/:username/absences/:id/end')
  async askEnd(
    @Param() { username, id }: { username: string; id: string },
    @Query() { month = '', at }: Posted,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const back = at === 'person' ? personAt(username, month) : monthAt(month);
    const action = `/rota/people/${encodeURIComponent(username)}/absences/${id}/end`;
    await reply.view('calendar/absence-end', { ...(await this.pages.ending(user, username, id)), action, back, month, at });
  }

  @Post('people/:username/absences/:id/end')
  async endAbsence(
    @Param() { username, id }: { username: string; id: string },
    @Body() body: Posted,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, this.pageOf(user, username, body), async () => {
      await this.absences.end(user, username, id);
      flash(reply.request, 'rota.absence.ended');
      const month = body.month ?? '';
      return body.at === 'person' ? personAt(username, month) : monthAt(month);
    });
  }

  @Roles()
  @Post('kinds')
  async setKind(@Body() body: Posted, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, this.teamPage(user, body), async () => {
      const { lossPercent } = await readForm(AbsenceKindForm, body);
      await this.commands.setKind(user, body.code ?? '', lossPercent);
      flash(reply.request, 'rota.kind_saved');
      return '/rota';
    });
  }

  private pageOf(user: CurrentUser, username: string, body: Posted): FormPage {
    return body.at === 'person' ? this.personPage(user, username, body) : this.teamPage(user, body);
  }

  private teamPage(user: CurrentUser, asked: RotaAsked): FormPage {
    return { view: 'calendar/rota', context: () => this.pages.team(user, { month: asked.month }) };
  }

  private personPage(user: CurrentUser, username: string, asked: RotaAsked): FormPage {
    return { view: 'calendar/rota-person', context: () => this.pages.person(user, username, { month: asked.month, day: asked.day }) };
  }
}
