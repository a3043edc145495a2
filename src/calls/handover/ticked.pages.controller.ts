import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { ownPath } from '../../platform/http/own-path.js';
import { flash } from '../../platform/http/pages.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { TickedHandover, type TickedMoves } from './ticked.commands.js';
import { TickedForm, TickedOrder } from './ticked.forms.js';
import { TickedQueries } from './ticked.queries.js';

type Posted = Record<string, unknown>;
const VIEW = 'calls/handover-tasks';

/** Ticked in a list: first what would move and what would not, then the order. */
@ApiExcludeController()
@Roles('supervisor')
@Controller('handover/tasks')
export class TickedPagesController {
  constructor(
    private readonly handover: TickedHandover,
    private readonly queries: TickedQueries,
    private readonly catalogue: Catalogue,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() query: Posted, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user, query));
  }

  @Post()
  async handOver(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, body) }, async () => {
      this.say(reply.request, await this.handover.handOver(user, await readForm(TickedOrder, body)));
      return ownPath(body.back, '/live');
    });
  }

  /** What stayed is named: nobody should have to look for it. */
  private say(request: FastifyRequest, { to, moved, stayed }: TickedMoves): void {
    const t = (key: string, params = {}): string => this.catalogue.t(request.locale, key, params);
    const one = ({ customer, why }: TickedMoves['stayed'][number]): string =>
      t('handover.stayed_one', { name: customer ?? t('campaigns.unnamed'), why: t(`handover.stays.${why}`) });
    const names = stayed.map(one).join(t('handover.stayed_comma'));
    flash(request, stayed.length > 0 ? 'handover.tasks_done_but' : 'handover.tasks_done', { name: to.name, count: moved, names });
  }

  private async page(user: CurrentUser, { tasks: ticked, back }: Posted): Promise<object> {
    const { tasks: ids } = ticked === undefined ? { tasks: [] } : await readForm(TickedForm, { tasks: ticked });
    const tasks = ids.length > 0 ? await this.queries.tasks(user, [...new Set(ids)]) : [];
    const moving = tasks.filter(({ stays }) => stays === null);
    return {
      tasks,
      moving,
      callbacks: moving.filter(({ callbackAt }) => callbackAt !== null).length,
      receivers: moving.length > 0 ? await this.queries.receivers(user) : [],
      back: ownPath(back, '/live'),
    };
  }
}
