import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../kernel/cursor.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { OrdersCommands } from './orders.commands.js';
import { CloseOrderForm, OrderListForm } from './orders.forms.js';
import { type OrderItem, OrdersQueries } from './orders.queries.js';

@ApiTags('orders')
@ApiBearerAuth()
@Roles('manager', 'planner', 'supervisor')
@Controller('api/v1/orders')
export class OrdersApiController {
  constructor(
    private readonly orders: OrdersQueries,
    private readonly commands: OrdersCommands,
  ) {}

  /** What became of conversions, the newest first. */
  @Get()
  list(@CurrentUser() user: CurrentUser, @Query() form: OrderListForm): Promise<Page<OrderItem>> {
    return this.orders.page(user, form);
  }

  /** Closes an order by hand, with a reason; one that failed or expired may still succeed. */
  @Roles('planner', 'supervisor')
  @HttpCode(200)
  @Post(':id/close')
  close(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: CloseOrderForm): Promise<OrderItem> {
    return this.commands.close(user, id, form);
  }
}
