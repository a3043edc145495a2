import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { exportHref } from '../../exports/exports.types.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { OrderSettingsCommands } from './order-settings.commands.js';
import { OrdersCommands } from './orders.commands.js';
import { CloseOrderForm, CONFIRMATIONS, ConfirmOrderForm, EvidenceForm, LACKS, ORDER_STATES, OrderListForm, OrderSettings } from './orders.forms.js';
import { type OrderItem, OrdersQueries } from './orders.queries.js';
import { chosenAmong, filterOf, historyView, lastReply, orderRow, orderView } from './orders.views.js';

const [LIST, SHOW, SETTINGS] = ['calls/orders', 'calls/order', 'calls/order-settings'];

/** Orders on their way to the customer, what they have to show, and how they ended (CAM-9). */
@ApiExcludeController()
@Roles('manager', 'planner', 'supervisor')
@Controller('orders')
export class OrdersPagesController {
  constructor(
    private readonly orders: OrdersQueries,
    private readonly commands: OrdersCommands,
    private readonly settings: OrderSettingsCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Query() query: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(LIST, await this.page(user, query));
  }

  @Roles()
  @Get('settings')
  async showSettings(@Res() reply: FastifyReply): Promise<void> {
    await reply.view(SETTINGS, { settings: await this.settings.current() });
  }

  @Roles()
  @Post('settings')
  async saveSettings(@CurrentUser() user: CurrentUser, @Body() body: Record<string, string>, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: SETTINGS, context: async () => ({ settings: await this.settings.current() }) }, async () => {
      await this.settings.save(user, await readForm(OrderSettings, body));
      flash(reply.request, 'orders.settings_saved');
      return '/orders/settings';
    });
  }

  @Get(':id')
  async show(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(SHOW, await this.one(user, id));
  }

  @Post(':id/evidence')
  async addEvidence(
    @CurrentUser() user: CurrentUser,
    @Param('id') id: string,
    @Body() body: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.deed(user, id, reply, {
      flash: 'orders.evidence_added',
      do: async () => this.commands.addEvidence(user, id, await readForm(EvidenceForm, body)),
    });
  }

  @Post(':id/ask')
  async askAgain(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.deed(user, id, reply, { flash: 'orders.asked_again', do: () => this.commands.askAgain(user, id) });
  }

  @Roles('planner', 'supervisor')
  @Post(':id/confirm')
  async confirm(
    @CurrentUser() user: CurrentUser,
    @Param('id') id: string,
    @Body() body: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.deed(user, id, reply, {
      flash: 'orders.word_kept',
      do: async () => this.commands.confirm(user, id, await readForm(ConfirmOrderForm, body)),
    });
  }

  @Roles('planner', 'supervisor')
  @Post(':id/close')
  async close(
    @CurrentUser() user: CurrentUser,
    @Param('id') id: string,
    @Body() body: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.deed(user, id, reply, { flash: 'orders.closed', do: async () => this.commands.close(user, id, await readForm(CloseOrderForm, body)) });
  }

  private async deed(user: CurrentUser, id: string, reply: FastifyReply, deed: { flash: string; do: () => Promise<OrderItem> }): Promise<void> {
    await this.forms.answer(reply, { view: SHOW, context: () => this.one(user, id) }, async () => {
      const { orderNo } = await deed.do();
      flash(reply.request, deed.flash, { no: orderNo ?? id });
      return `/orders/${id}`;
    });
  }

  private async one(user: CurrentUser, id: string): Promise<object> {
    const order = await this.orders.byId(user, id);
    const [history, beside] = await Promise.all([this.orders.history(order.id), order.needsReview ? this.orders.waitingBeside(user, order) : []]);
    return { ...orderView(order, user.role), history: historyView(history), reply: lastReply(history), beside };
  }

  private async page(user: CurrentUser, query: Record<string, string>): Promise<object> {
    const given = Object.fromEntries(Object.entries(query).filter(([name, value]) => value !== '' && name !== 'lang'));
    const filter = await readForm(OrderListForm, given);
    const [page, counted, lacking, unproven, choices] = await Promise.all([
      this.orders.page(user, filter),
      this.orders.count(user, filter),
      this.orders.count(user, { lacks: 'evidence' }),
      this.orders.count(user, { lacks: 'evidence', state: 'succeeded' }),
      this.orders.choices(user),
    ]);
    return {
      filter,
      exportHref: user.role === 'manager' ? null : exportHref('orders', filterOf(filter)),
      rows: page.items.map(orderRow),
      counted,
      lacking,
      unproven,
      next: page.nextCursor,
      campaigns: chosenAmong(choices.campaigns, filter.campaign),
      managers: chosenAmong(choices.managers, filter.manager),
      states: ORDER_STATES,
      confirmations: CONFIRMATIONS,
      lacks: LACKS,
      admin: user.role === 'admin',
      narrowed: Object.keys(given).some((name) => name !== 'cursor'),
    };
  }
}
