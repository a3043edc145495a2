import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Roles } from '../../platform/http/access.js';
import { flash, redirectTo } from '../../platform/http/pages.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { BandQueries } from '../band.queries.js';
import { AlertPath, breachFilter, BreachesForm } from './breaches.forms.js';
import { type Breach, BreachesQueries } from './breaches.queries.js';
import { causeName } from './band.views.js';
import { WatchCommands } from './watch.commands.js';

/** What left its band, what came of it, and the one deed that reports can do themselves. */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('reports')
export class BreachesPagesController {
  constructor(
    private readonly breaches: BreachesQueries,
    private readonly bands: BandQueries,
    private readonly watch: WatchCommands,
    private readonly catalogue: Catalogue,
  ) {}

  @Get('breaches')
  async list(@CurrentUser() user: CurrentUser, @Query() form: BreachesForm, @Res() reply: FastifyReply): Promise<void> {
    const [page, campaigns, lookedAt] = await Promise.all([
      this.breaches.page(user, breachFilter(form), form),
      this.bands.campaigns(user),
      this.breaches.lookedAt(),
    ]);
    const { locale } = reply.request;
    const name = (row: Breach): string => causeName(row, locale, (key) => this.catalogue.t(locale, key));
    await reply.view('reports/breaches', {
      form,
      campaigns,
      lookedAt,
      rows: page.items.map((row) => ({ ...row, causeName: name(row) })),
      next: page.nextCursor,
      exportHref: exportHref('breaches', { campaign: form.campaign, state: form.state }),
    });
  }

  /** What a notice leads to: its campaign, and it counts as read. */
  @Get('breaches/:id')
  async open(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    redirectTo(reply, `/campaigns/${encodeURIComponent(await this.watch.read(user, id))}`);
  }

  /** The technicians were told; a second press changes nothing. */
  @Post('campaigns/:code/breaches/:rate/alert')
  async alert(@CurrentUser() user: CurrentUser, @Param() { code, rate }: AlertPath, @Res() reply: FastifyReply): Promise<void> {
    await this.watch.alert(user, code, rate);
    flash(reply.request, 'band.alerted');
    redirectTo(reply, `/campaigns/${encodeURIComponent(code)}`);
  }
}
