import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { flash, redirectTo } from '../platform/http/pages.js';
import { CurrentUser } from '../staff/staff.types.js';
import { DeliveriesCommands } from './deliveries.commands.js';
import { EndpointsCommands } from './endpoints.commands.js';
import { EVENT_CODES } from './webhook-events.js';
import { WebhookChangeForm, WebhookForm } from './webhooks.forms.js';
import { WebhooksQueries } from './webhooks.queries.js';
import { deliveryView, endpointView } from './webhooks.views.js';

const PATH = '/admin/webhooks';
const LIST = 'webhooks/endpoints';

/** Which systems are told what, and what became of it (SYS-3). */
@ApiExcludeController()
@Roles('planner')
@Controller('admin/webhooks')
export class WebhooksPagesController {
  constructor(
    private readonly queries: WebhooksQueries,
    private readonly endpoints: EndpointsCommands,
    private readonly sent: DeliveriesCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(LIST, { ...(await this.listPage(user)), values: { events: EVENT_CODES, active: 'on' } });
  }

  /** Answers with the page itself: a redirect would have to keep the secret somewhere. */
  @Post()
  async create(@CurrentUser() user: CurrentUser, @Body() body: object, @Res() reply: FastifyReply): Promise<void> {
    try {
      const { host, secret } = await this.endpoints.create(user, await readForm(WebhookForm, ticked(body)));
      await reply.view(LIST, { ...(await this.listPage(user)), made: { host, secret }, values: { events: EVENT_CODES, active: 'on' } });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.forms.again(reply, { view: LIST, context: () => this.listPage(user) }, error);
    }
  }

  @Get(':webhook')
  async show(@CurrentUser() user: CurrentUser, @Param('webhook') id: string, @Res() reply: FastifyReply): Promise<void> {
    const page = await this.page(user, id);
    await reply.view('webhooks/endpoint', { ...page, values: { events: page.endpoint.events, active: page.endpoint.active ? 'on' : undefined } });
  }

  @Post(':webhook')
  async change(@CurrentUser() user: CurrentUser, @Param('webhook') id: string, @Body() body: object, @Res() reply: FastifyReply): Promise<void> {
    await this.queries.byId(user, id);
    await this.forms.answer(reply, { view: 'webhooks/endpoint', context: () => this.page(user, id) }, async () => {
      await this.endpoints.change(user, id, await readForm(WebhookChangeForm, ticked(body)));
      return this.note(reply, 'webhooks.saved', id);
    });
  }

  @Post(':webhook/test')
  async test(@CurrentUser() user: CurrentUser, @Param('webhook') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.sent.test(user, id);
    redirectTo(reply, this.note(reply, 'webhooks.tested', id));
  }

  @Post(':webhook/remove')
  async remove(@CurrentUser() user: CurrentUser, @Param('webhook') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.endpoints.remove(user, id);
    flash(reply.request, 'webhooks.removed');
    redirectTo(reply, PATH);
  }

  @Post(':webhook/deliveries/:delivery/again')
  async again(
    @CurrentUser() user: CurrentUser,
    @Param('webhook') id: string,
    @Param('delivery') delivery: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.sent.again(user, id, delivery);
    redirectTo(reply, this.note(reply, 'webhooks.sent_again', id));
  }

  private note(reply: FastifyReply, key: string, id: string): string {
    flash(reply.request, key);
    return `${PATH}/${id}`;
  }

  private async listPage(user: CurrentUser) {
    return { endpoints: (await this.queries.all(user)).map(endpointView), events: EVENT_CODES };
  }

  private async page(user: CurrentUser, id: string) {
    const endpoint = await this.queries.byId(user, id);
    const deliveries = await this.queries.deliveries(endpoint);
    return { endpoint: endpointView(endpoint), events: EVENT_CODES, deliveries: deliveries.map((one) => deliveryView(endpoint, one)) };
  }
}

/** A box that is not ticked sends nothing, and means no. */
const ticked = (body: object): object => ({ ...body, active: 'active' in body && body.active === 'on' });
