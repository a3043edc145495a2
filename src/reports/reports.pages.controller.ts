import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ENOUGH } from '../kernel/statistics.js';
import { isHtmx } from '../platform/http/request-kind.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { CurrentUser } from '../staff/staff.types.js';
import { type Band, BandQueries } from './band.queries.js';
import { causeLines, verdictOf } from './band/band.views.js';
import { BreachesQueries } from './band/breaches.queries.js';
import { COUNT_DEFINITIONS, DEFINITIONS } from './catalogue.js';
import { BandsForm, filterOf, queryOf, ReportForm } from './funnel.forms.js';
import { FunnelQueries } from './funnel.queries.js';
import { type Cut, CUTS, type FunnelFilter, type FunnelRow } from './funnel.types.js';
import { checkRows, seesRows } from './visibility.js';
import { anyFew, columnsOf, funnelLines } from './funnel-table.views.js';
import {
  countView,
  cutLabel,
  definitionOf,
  definitionView,
  drillPages,
  funnelSteps,
  offsetOf,
  percent,
  ROWS_A_PAGE,
  reportUrl,
} from './funnel.views.js';
import { moreReports } from './more-reports.views.js';
import { FunnelReports } from './funnel-reports.queries.js';
import { comparisonView } from './comparison.views.js';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';

/** With fewer calls a day or an hour is neither judged nor drawn. */
const FEW_CALLS = 30;
const BREACHES_SHOWN = 5;

@ApiExcludeController()
@Controller('reports')
export class ReportsPagesController {
  constructor(
    private readonly funnels: FunnelQueries,
    private readonly reports: FunnelReports,
    private readonly clock: Clock,
    private readonly bands: BandQueries,
    private readonly breaches: BreachesQueries,
    private readonly catalogue: Catalogue,
  ) {}

  /** The funnel report; with `metric` the rows behind one figure stand under the table. */
  @Get('funnel')
  async report(@CurrentUser() user: CurrentUser, @Query() form: ReportForm, @Res() reply: FastifyReply): Promise<void> {
    checkRows(user, form.metric);
    const rows = seesRows(user);
    const by = form.by ?? 'manager';
    const asked = filterOf(form);
    // a page without days stays one that can be read: it says what is missing
    const filter = { ...asked, compare: asked.compare && Boolean(asked.from && asked.to) };
    const query = queryOf(asked, by);
    const campaign = filter.campaign ? await this.bands.campaign(user, filter.campaign) : undefined;
    const [funnel, campaigns, drill] = await Promise.all([
      this.reports.report(user, by, filter),
      this.bands.campaigns(user),
      this.drill(user, by, form),
    ]);
    const context = {
      cut: by,
      query,
      filter,
      open: { metric: form.metric, key: form.key },
      lower: campaign?.bandLower ?? null,
      minAttempts: campaign?.bandMinAttempts ?? 200,
      rows,
      t: this.words(reply),
    };
    await reply.view('reports/funnel', {
      by,
      filter,
      more: moreReports(user.role),
      campaigns,
      campaign,
      cuts: CUTS.map((cut) => ({ cut, href: reportUrl({ ...query, by: cut }), current: cut === by })),
      columns: this.columns(filter, funnel.total),
      ...funnelLines(funnel, context),
      steps: funnelSteps(funnel.total, query, rows),
      empty: funnel.total.attempts === 0 && !funnel.total.before?.attempts,
      few: anyFew(funnel),
      ...comparisonView(asked, funnel.before, query, dayOf(this.clock.now())),
      exportHref: reportUrl(queryOf(filter, by), '/exports/files/funnel'),
      closeHref: reportUrl(query),
      drill: drill && {
        ...drill,
        label: form.key === undefined ? '' : cutLabel(by, funnel.rows.find(({ key }) => key === form.key) ?? { key: form.key, label: '' }, context.t),
      },
    });
  }

  /** The funnel panel of a campaign's page; alone it is a page of its own. */
  @Get('campaigns/:code/funnel')
  async panel(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Query() form: ReportForm, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.bands.campaign(user, code);
    const rows = seesRows(user);
    const by = form.by ?? 'hour';
    const filter = filterOf({ ...form, campaign: code });
    const query = { campaign: code, by, from: filter.from, to: filter.to };
    const [funnel, days, band] = await Promise.all([
      this.reports.report(user, by, { ...filter, compare: false }),
      this.funnels.funnel(user, 'day', filter),
      this.bands.band(user, code),
    ]);
    const minAttempts = Math.min(campaign.bandMinAttempts, FEW_CALLS);
    const context = { cut: by, query, filter, lower: campaign.bandLower, minAttempts, rows, t: this.words(reply) };
    const page = {
      campaign,
      band,
      by,
      cuts: CUTS.map((cut) => ({ cut, href: reportUrl({ by: cut }, `/reports/campaigns/${code}/funnel`), current: cut === by })),
      columns: this.columns(filter, funnel.total),
      ...funnelLines(funnel, context),
      days: days.rows
        .filter((day) => day.connectRate !== null)
        .slice(-30)
        .map((day) => ({ ...day, percent: (day.attempts ?? 0) < minAttempts ? null : percent(day.connectRate) })),
      limits: { lower: percent(band.lower), upper: percent(band.upper) },
      ...(await this.bandCards(user, code, band)),
      steps: funnelSteps(funnel.total, query, rows),
      few: anyFew(funnel),
      enough: ENOUGH,
      empty: funnel.total.attempts === 0,
      reportHref: reportUrl(query),
    };
    if (isHtmx(reply.request)) return reply.view('reports/campaign-panel', page, { layout: false });
    return reply.view('reports/campaign', page);
  }

  private readonly words =
    ({ request }: FastifyReply) =>
    (key: string): string =>
      this.catalogue.t(request.locale, key);

  /** Both rates with what is the matter with them, what was kept of it, and who holds calls; a manager sees her own figures and no deeds. */
  private async bandCards(user: CurrentUser, code: string, band: Band) {
    const campaign = await this.bands.campaign(user, code);
    const watches = ['planner', 'supervisor', 'admin'].includes(user.role);
    const [breaches, padding] = await Promise.all([
      watches ? this.breaches.page(user, { campaign: code }, { limit: BREACHES_SHOWN }) : { items: [] },
      watches ? this.bands.padding(user, campaign.id, band.from) : [],
    ]);
    const open = breaches.items.filter(({ closedAt }) => closedAt === null);
    const rates = [band, band.first].map((one) => {
      const breach = open.find(({ rate }) => rate === one.rate);
      const causes = causeLines(one, { code, rate: one.rate, role: user.role, breach: breach !== undefined });
      return {
        ...one,
        ...causes,
        effect: one.gap === null ? null : -one.gap,
        breach,
        alerted: breach?.acts.find(({ act }) => act === 'alert'),
        oneDay: one.from === one.to,
      };
    });
    return {
      rates,
      verdict: verdictOf(rates),
      quality: band.state === 'above',
      watches,
      padding,
      breaches: breaches.items,
    };
  }

  /** The band chips of a list of campaigns, each for the place that waits for it. */
  @Get('bands')
  async chips(@CurrentUser() user: CurrentUser, @Query() { campaigns }: BandsForm, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('reports/bands', { bands: await this.bands.bands(user, campaigns.split(',')) }, { layout: false });
  }

  /** Every definition of the catalogue on one page. */
  @Get('metrics')
  async metrics(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('reports/metrics', {
      rates: DEFINITIONS.map((rate) => definitionView(rate, user)),
      natures: ['events', 'people', 'states'],
      counts: COUNT_DEFINITIONS.map((count) => countView(count, user)),
    });
  }

  private columns(filter: FunnelFilter, total: FunnelRow) {
    return columnsOf(filter).map((column) => ({ ...column, definition: definitionOf(column.metric, total) }));
  }

  private async drill(user: CurrentUser, by: Cut, form: ReportForm) {
    if (!form.metric) return undefined;
    const filter = { ...filterOf(form), ...(form.key === undefined ? {} : { cut: by, key: form.key }) };
    const page = form.page ?? 1;
    const [rows, count] = await Promise.all([
      this.funnels.rowsBehind(user, form.metric, filter, { limit: ROWS_A_PAGE, offset: offsetOf(page) }),
      this.funnels.countBehind(user, form.metric, filter),
    ]);
    const query = { ...queryOf(filter, by), compare: undefined, metric: form.metric, key: form.key };
    return {
      metric: form.metric,
      key: form.key,
      rows,
      count,
      ...drillPages(count, page, (at) => reportUrl({ ...query, page: at })),
      exportHref: reportUrl(query, '/exports/files/funnel-rows'),
    };
  }
}
