import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../kernel/cursor.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { OrdersCommands } from './orders.commands.js';
import { OrderSettingsCommands } from './order-settings.commands.js';
import { CloseOrderForm, ConfirmOrderForm, EvidenceForm, OrderListForm, OrderSettings } from './orders.forms.js';
import { type OrderEvent, type OrderItem, OrdersQueries } from './orders.queries.js';

@ApiTags('orders')
@ApiBearerAuth()
@Roles('manager', 'planner', 'supervisor')
@Controller('api/v1/orders')
export class OrdersApiController {
  constructor(
    private readonly orders: OrdersQueries,
    private readonly commands: OrdersCommands,
    private readonly settings: OrderSettingsCommands,
  ) {}

  /** What became of conversions, the newest first. */
  @Get()
  list(@CurrentUser() user: CurrentUser, @Query() form: OrderListForm): Promise<Page<OrderItem>> {
    return this.orders.page(user, form);
  }

  /** What an administrator decided for all orders. */
  @Roles()
  @Get('settings')
  currentSettings(): Promise<OrderSettings> {
    return this.settings.current();
  }

  @Roles()
  @Put('settings')
  saveSettings(@CurrentUser() user: CurrentUser, @Body() form: OrderSettings): Promise<OrderSettings> {
    return this.settings.save(user, form);
  }

  /** One order with all that happened to it. */
  @Get(':id')
  async show(@CurrentUser() user: CurrentUser, @Param('id') id: string): Promise<OrderItem & { history: OrderEvent[] }> {
    const order = await this.orders.byId(user, id);
    return { ...order, history: await this.orders.history(order.id) };
  }

  /** Adds evidence that was missing. */
  @HttpCode(200)
  @Post(':id/evidence')
  addEvidence(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: EvidenceForm): Promise<OrderItem> {
    return this.commands.addEvidence(user, id, form);
  }

  /** Asks the customer once more to confirm; the time to answer begins anew. */
  @HttpCode(200)
  @Post(':id/ask')
  askAgain(@CurrentUser() user: CurrentUser, @Param('id') id: string): Promise<OrderItem> {
    return this.commands.askAgain(user, id);
  }

  /** The customer's word, read or heard by a person. */
  @Roles('planner', 'supervisor')
  @HttpCode(200)
  @Post(':id/confirm')
  confirm(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: ConfirmOrderForm): Promise<OrderItem> {
    return this.commands.confirm(user, id, form);
  }

  /** Closes an order by hand, with a reason; one that failed or expired may still succeed. */
  @Roles('planner', 'supervisor')
  @HttpCode(200)
  @Post(':id/close')
  close(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() form: CloseOrderForm): Promise<OrderItem> {
    return this.commands.close(user, id, form);
  }
}
