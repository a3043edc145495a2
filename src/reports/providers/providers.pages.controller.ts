import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { providerFilter, ProvidersForm } from './providers.forms.js';
import { ProvidersQueries } from './providers.queries.js';
import { PROVIDER_CUTS } from './providers.types.js';
import { providerLine, providersUrl } from './providers.views.js';

/** What the lists were worth, by segment, import or campaign, and the way back for the numbers that were worth nothing. */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('reports/providers')
export class ProvidersPagesController {
  constructor(
    private readonly providers: ProvidersQueries,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() form: ProvidersForm, @Res() reply: FastifyReply): Promise<void> {
    const by = form.by ?? 'segment';
    const filter = providerFilter(form, dayOf(this.clock.now()));
    const { rows, total } = await this.providers.scorecard(user, by, filter);
    await reply.view('reports/providers', {
      by,
      filter,
      cuts: PROVIDER_CUTS.map((cut) => ({ cut, href: providersUrl(filter, cut), current: cut === by })),
      rows: rows.map((row) => providerLine(row, filter, by)),
      total: providerLine(total, filter, by),
      exportHref: exportHref('providers', { ...filter, by }),
      returnHref: exportHref('provider-returns', { ...filter }),
    });
  }
}
