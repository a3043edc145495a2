import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { OrdersCommands } from './orders.commands.js';
import { CloseOrderForm, ORDER_STATES, OrderListForm } from './orders.forms.js';
import { OrdersQueries } from './orders.queries.js';

const VIEW = 'calls/orders';

/** Orders on their way to the customer, and how they ended (CAM-9). */
@ApiExcludeController()
@Roles('manager', 'planner', 'supervisor')
@Controller('orders')
export class OrdersPagesController {
  constructor(
    private readonly orders: OrdersQueries,
    private readonly commands: OrdersCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user, query));
  }

  @Roles('planner', 'supervisor')
  @Post(':id/close')
  async close(
    @CurrentUser() user: CurrentUser,
    @Param('id') id: string,
    @Body() body: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, {}) }, async () => {
      const { orderNo } = await this.commands.close(user, id, await readForm(CloseOrderForm, body));
      flash(reply.request, 'orders.closed', { no: orderNo ?? id });
      return '/orders';
    });
  }

  private async page(user: CurrentUser, query: Record<string, string>): Promise<object> {
    const given = Object.fromEntries(Object.entries(query).filter(([name, value]) => value !== '' && name !== 'lang'));
    const filter = await readForm(OrderListForm, given);
    const [page, counted] = await Promise.all([this.orders.page(user, filter), this.orders.count(user, filter)]);
    const rows = page.items.map((row) => ({ ...row, closable: user.role !== 'manager' && row.state !== 'succeeded' }));
    const { state, campaign, manager, olderDays } = filter;
    const href = user.role === 'manager' ? null : exportHref('orders', { state, campaign, manager, olderDays: olderDays?.toString() });
    return {
      filter,
      exportHref: href,
      rows,
      counted,
      next: page.nextCursor,
      states: ORDER_STATES,
      narrowed: Object.keys(given).some((name) => name !== 'cursor'),
    };
  }
}
