import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { BandQueries } from './band.queries.js';
import { ReportForm } from './funnel.forms.js';
import { FunnelQueries } from './funnel.queries.js';
import { drillPages, offsetOf, ROWS_A_PAGE, reportUrl } from './funnel.views.js';

/** The calls, or the people, behind a figure of all waves of a campaign together (R38). One wave's rows stand in its funnel. */
@ApiExcludeController()
@Controller('reports/campaigns/:code/waves')
export class WaveRowsPagesController {
  constructor(
    private readonly funnels: FunnelQueries,
    private readonly bands: BandQueries,
  ) {}

  @Roles('planner', 'supervisor')
  @Get()
  async show(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Query() form: ReportForm, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.bands.campaign(user, code);
    const { metric = 'attempts', page = 1 } = form;
    const filter = { campaign: code, waves: true };
    const [rows, count] = await Promise.all([
      this.funnels.rowsBehind(user, metric, filter, { limit: ROWS_A_PAGE, offset: offsetOf(page) }),
      this.funnels.countBehind(user, metric, filter),
    ]);
    const wavesHref = `/campaigns/${encodeURIComponent(code)}/waves`;
    const pages = drillPages(count, page, (at) => reportUrl({ metric, page: at }, `/reports${wavesHref}`));
    const exportHref = reportUrl({ campaign: code, waves: '1', metric }, '/exports/files/funnel-rows');
    await reply.view('reports/wave-rows', { campaign, wavesHref, drill: { metric, rows, count, ...pages, exportHref } });
  }
}
