import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { formatFen } from '../../kernel/money.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { drillPages, offsetOf, ROWS_A_PAGE } from '../funnel.views.js';
import { DialCostCommands } from './dial-cost.commands.js';
import { DialCostForm, providerFilter, ProvidersPageForm } from './providers.forms.js';
import { ProviderRowsQueries } from './provider-rows.queries.js';
import { ProvidersQueries } from './providers.queries.js';
import { NO_LIST, PROVIDER_CUTS, type ProviderCut, type ProviderFilter, type ProviderRow } from './providers.types.js';
import { providerLine, PROVIDERS_PATH, providersUrl, rowsUrl, whenOf } from './providers.views.js';

/** What of the page its rows below are told apart by. */
interface Shown {
  rows: ProviderRow[];
  filter: ProviderFilter;
  by: ProviderCut;
}

/** What the lists were worth, by segment, import or campaign, and the way back for the numbers that were worth nothing. */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('reports/providers')
export class ProvidersPagesController {
  constructor(
    private readonly providers: ProvidersQueries,
    private readonly behind: ProviderRowsQueries,
    private readonly clock: Clock,
    private readonly costs: DialCostCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@CurrentUser() user: CurrentUser, @Query() form: ProvidersPageForm, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('reports/providers', await this.page(user, form));
  }

  /** What a dial costs: for administrators. */
  @Post('cost')
  @Roles()
  async cost(@CurrentUser() user: CurrentUser, @Body() body: object, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: 'reports/providers', context: () => this.page(user, {}) }, async () => {
      const changed = await this.costs.set(user, (await readForm(DialCostForm, body)).yuan);
      flash(request, changed ? 'providers.cost.saved' : 'providers.cost.unchanged');
      return PROVIDERS_PATH;
    });
  }

  private async page(user: CurrentUser, form: ProvidersPageForm) {
    const by = form.by ?? 'segment';
    const filter = providerFilter(form, dayOf(this.clock.now()));
    const { rows, total, fenADial } = await this.providers.scorecard(user, by, filter);
    const context = { filter, by, fenADial };
    return {
      by,
      filter,
      fenADial,
      yuanADial: formatFen(fenADial),
      costs: user.role === 'admin' ? await this.providers.dialCosts() : [],
      cuts: PROVIDER_CUTS.map((cut) => ({ cut, href: providersUrl(filter, cut), current: cut === by })),
      rows: rows.map((row) => providerLine(row, context)),
      total: providerLine(total, context),
      drill: await this.drill(user, form, { rows, filter, by }),
      exportHref: exportHref('providers', { ...filter, by }),
      returnHref: exportHref('provider-returns', { ...filter }),
    };
  }

  /** The rows behind one figure, and the pages beside these. */
  private async drill(user: CurrentUser, { metric, list, page = 1 }: ProvidersPageForm, { rows, filter, by }: Shown) {
    if (!metric) return undefined;
    const asked = { by, metric, list };
    const [found, count] = await Promise.all([
      this.behind.rows(user, filter, { ...asked, limit: ROWS_A_PAGE, offset: offsetOf(page) }),
      this.behind.count(user, filter, asked),
    ]);
    return {
      metric,
      when: whenOf(metric),
      label: list && (rows.find(({ key }) => (key || NO_LIST) === list)?.label ?? (list === NO_LIST ? null : list)),
      rows: found,
      count,
      ...drillPages(count, page, (other) => rowsUrl(filter, { ...asked, page: other })),
      closeHref: providersUrl(filter, by),
    };
  }
}
