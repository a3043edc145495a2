import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles } from '../platform/http/access.js';
import { AnswerNotKept } from '../platform/http/idempotency.interceptor.js';
import { CurrentUser } from '../staff/staff.types.js';
import { DeliveriesCommands } from './deliveries.commands.js';
import { EndpointsCommands } from './endpoints.commands.js';
import { WebhookChangeForm, WebhookForm } from './webhooks.forms.js';
import { WebhooksQueries } from './webhooks.queries.js';
import type { Delivery, Endpoint } from './webhooks.types.js';

@ApiTags('webhooks')
@ApiBearerAuth()
@Roles('planner')
@Controller('api/v1/webhooks')
export class WebhooksApiController {
  constructor(
    private readonly queries: WebhooksQueries,
    private readonly endpoints: EndpointsCommands,
    private readonly sent: DeliveriesCommands,
  ) {}

  /** Endpoints of the reader's unit and those below. Address and secret are never told. */
  @Get()
  async all(@CurrentUser() user: CurrentUser): Promise<{ items: Endpoint[] }> {
    return { items: await this.queries.all(user) };
  }

  /** Tells another system what happens in the own unit, signed as Standard Webhooks are. The secret is in this answer alone. */
  @Post()
  @AnswerNotKept()
  create(@CurrentUser() user: CurrentUser, @Body() form: WebhookForm): Promise<Endpoint & { secret: string }> {
    return this.endpoints.create(user, form);
  }

  @Put(':webhook')
  change(@CurrentUser() user: CurrentUser, @Param('webhook') id: string, @Body() form: WebhookChangeForm): Promise<Endpoint> {
    return this.endpoints.change(user, id, form);
  }

  /** Forgets address and secret. */
  @Delete(':webhook')
  @HttpCode(204)
  async remove(@CurrentUser() user: CurrentUser, @Param('webhook') id: string): Promise<void> {
    await this.endpoints.remove(user, id);
  }

  /** Sends a `webhook.test` now. */
  @Post(':webhook/test')
  @HttpCode(202)
  async test(@CurrentUser() user: CurrentUser, @Param('webhook') id: string): Promise<{ delivery: string }> {
    return { delivery: await this.sent.test(user, id) };
  }

  /** The newest first, with state, tries and the answer of the last. */
  @Get(':webhook/deliveries')
  async deliveries(@CurrentUser() user: CurrentUser, @Param('webhook') id: string): Promise<{ items: Delivery[] }> {
    return { items: await this.queries.deliveries(await this.queries.byId(user, id)) };
  }

  /** Once more, under the same `webhook-id`. */
  @Post(':webhook/deliveries/:delivery/again')
  @HttpCode(202)
  async again(@CurrentUser() user: CurrentUser, @Param('webhook') id: string, @Param('delivery') delivery: string): Promise<{ delivery: string }> {
    await this.sent.again(user, id, delivery);
    return { delivery };
  }
}
