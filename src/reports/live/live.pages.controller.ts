import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { LiveBoards } from './live-board.queries.js';
import { LiveContactsForm, LiveForm } from './live.forms.js';
import { LiveQueries } from './live.queries.js';
import { boardView } from './live.views.js';

/** The floor at this moment: the supervisor's home. The board asks for itself again; without scripts the page does. */
@ApiExcludeController()
@Roles('supervisor')
@Controller('live')
export class LivePagesController {
  constructor(
    private readonly boards: LiveBoards,
    private readonly live: LiveQueries,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() form: LiveForm, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('reports/live', await this.view(user, form, reply));
  }

  @Get('board')
  async board(@CurrentUser() user: CurrentUser, @Query() form: LiveForm, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('reports/live-board', await this.view(user, form, reply), { layout: false });
  }

  /** The contacts of today that ended as a complaint, or with the wish not to be called. */
  @Get('contacts')
  async contacts(@CurrentUser() user: CurrentUser, @Query() { outcome }: LiveContactsForm, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('reports/live-contacts', { outcome, rows: await this.live.contacts(user, this.clock.now(), outcome) });
  }

  private async view(user: CurrentUser, form: LiveForm, reply: FastifyReply): Promise<object> {
    const { locale } = reply.request;
    const t = (key: string): string => this.catalogue.t(locale, key);
    return boardView(await this.boards.board(user), { by: form.by ?? 'need', today: dayOf(this.clock.now()), locale, t });
  }
}
