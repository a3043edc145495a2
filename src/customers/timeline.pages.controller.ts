import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { addDays, dayOf } from '../kernel/day.js';
import { Roles } from '../platform/http/access.js';
import { isHtmx } from '../platform/http/request-kind.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CustomersQueries } from './customers.queries.js';
import { TimelineQueries, type TimelineRow } from './timeline.queries.js';

const ICONS: Record<string, string> = { call: 'phone-outgoing', inbound: 'phone-incoming', wecom: 'brand-wechat', visit: 'map-pin', sms: 'message' };

interface TimelineDay {
  day: string;
  /** Today or yesterday, which have a word of their own. */
  recent: boolean;
  items: (TimelineRow & { icon: string; label: string })[];
}

/** Newest first, a heading a day. */
function byDay(rows: TimelineRow[], locale: string, now: Date): TimelineDay[] {
  const days: TimelineDay[] = [];
  const yesterday = addDays(dayOf(now), -1);
  for (const row of rows) {
    const day = dayOf(row.at);
    if (days[days.length - 1]?.day !== day) days.push({ day, recent: day >= yesterday, items: [] });
    days[days.length - 1]?.items.push({ ...row, icon: ICONS[row.channel] ?? 'phone', label: locale === 'zh' ? row.outcomeZh : row.outcomeEn });
  }
  return days;
}

/** Everything that happened with a customer: a panel of the 360 page, and a page of its own without JavaScript. */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('customers/:id/timeline')
export class TimelinePagesController {
  constructor(
    private readonly customers: CustomersQueries,
    private readonly timeline: TimelineQueries,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(
    @Param('id') id: string,
    @Query('cursor') cursor: string | undefined,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const facts = await this.customers.facts(user, id);
    const page = await this.timeline.page(id, cursor);
    const context = {
      id,
      name: facts.name,
      days: byDay(page.items, user.locale, this.clock.now()),
      next: page.nextCursor,
      later: cursor !== undefined,
    };
    if (isHtmx(reply.request)) await reply.view('customers/_timeline', context, { layout: false });
    else await reply.view('customers/timeline', context);
  }
}
