import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { type FormPage, Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { flashNoted } from './absence-flash.js';
import { AbsencesCommands } from './absences.commands.js';
import { AbsenceForm } from './rota.forms.js';
import { STAFF } from './rota.types.js';
import { RotaPages } from './rota-page.queries.js';

type Posted = Record<string, string>;

/** One's own absences with a deputy: a page, and a panel of the account's page (SYS-6). */
@ApiExcludeController()
@Roles(...STAFF)
@Controller('account/absences')
export class OwnAbsencesPagesController {
  constructor(
    private readonly absences: AbsencesCommands,
    private readonly pages: RotaPages,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const page = await this.pages.own(user);
    if (isHtmx(reply.request)) await reply.view('calendar/_own-absences', page, { layout: false });
    else await reply.view('calendar/own-absences', page);
  }

  @Post()
  async add(@Body() body: Posted, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, this.page(user), async () => {
      flashNoted(reply.request, await this.absences.add(user, user.username, await readForm(AbsenceForm, body)));
      return '/account/absences';
    });
  }

  /** The question before it. */
  @Get(':id/end')
  async askEnd(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const at = { action: `/account/absences/${id}/end`, back: '/account/absences', own: true };
    await reply.view('calendar/absence-end', { ...(await this.pages.ending(user, user.username, id)), ...at });
  }

  @Post(':id/end')
  async end(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, this.page(user), async () => {
      await this.absences.end(user, user.username, id);
      flash(reply.request, 'rota.absence.ended');
      return '/account/absences';
    });
  }

  private page(user: CurrentUser): FormPage {
    return { view: 'calendar/own-absences', context: () => this.pages.own(user) };
  }
}
