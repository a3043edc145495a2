import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { Roles } from '../../platform/http/access.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { MonthsQueries } from '../../platform/months/months.queries.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { TimelineForm } from './timeline.forms.js';
import { TimelineQueries } from './timeline.queries.js';
import { byDay, channelPills } from './timeline.views.js';

/** Everything that happened with a customer: a panel of the 360 page, and a page of its own without JavaScript. */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('customers/:id/timeline')
export class TimelinePagesController {
  constructor(
    private readonly timeline: TimelineQueries,
    private readonly clock: Clock,
    private readonly months: MonthsQueries,
  ) {}

  @Get()
  async show(@Param('id') id: string, @Query() form: TimelineForm, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const { name } = await this.timeline.customer(user, id);
    const { channel, cursor } = form;
    const [page, counts] = await Promise.all([this.timeline.page(id, form), cursor === undefined ? this.timeline.counts(id) : []]);
    const context = {
      id,
      name,
      channel,
      days: byDay(page.items, user.locale, this.clock.now()),
      pills: channelPills(counts, channel),
      next: page.nextCursor,
      archived: page.nextCursor === null ? await this.archived(channel) : '',
      later: cursor !== undefined,
    };
    if (isHtmx(reply.request)) await reply.view('reports/_timeline', context, { layout: false });
    else await reply.view('reports/timeline', { ...context, alone: true });
  }

  /** At its end: where the messages went that would follow. */
  private async archived(channel: string | undefined): Promise<string> {
    if (channel !== undefined && channel !== 'sms') return '';
    return (await this.months.files('messaging.message', { gone: true })).map(({ file }) => file).join('、');
  }
}
