import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CustomersQueries } from '../customers.queries.js';
import { lineAsked } from '../lines/line-asked.policy.js';
import { UsageQueries } from './usage.queries.js';
import { averageBill, usageRows } from './usage.views.js';

/** Package use and bills of one line: a panel of the 360 page, and a page of its own without JavaScript. */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('customers/:id/usage')
export class UsagePagesController {
  constructor(
    private readonly customers: CustomersQueries,
    private readonly usage: UsageQueries,
  ) {}

  @Get()
  async show(
    @Param('id') id: string,
    @Query('line') asked: string | undefined,
    @CurrentUser() user: CurrentUser,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const card = await this.customers.byId(user, id);
    const line = lineAsked(card, asked);
    const months = line ? await this.usage.months(line.id) : [];
    const lines = card.lines.length > 1 ? card.lines.map((one) => ({ id: one.id, last: one.number.slice(-4), current: one.id === line?.id })) : [];
    const context = { id, name: card.name, line, lines, rows: usageRows(months), average: averageBill(months) };
    if (isHtmx(reply.request)) await reply.view('customers/_usage', context, { layout: false });
    else await reply.view('customers/usage', { ...context, alone: true });
  }
}
