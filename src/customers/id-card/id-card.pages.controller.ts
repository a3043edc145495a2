import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { isHtmx } from '../../platform/http/request-kind.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CustomersQueries } from '../customers.queries.js';
import { IdCardCommands } from './id-card.commands.js';
import { ID_CARD_REASONS, IdCardForm, IdCardRevealForm } from './id-card.forms.js';
import { shownIdCard } from './id-card.policy.js';
import { IdCardQueries } from './id-card.queries.js';

type Fields = Record<string, string>;

/** The ID-card number: a row of the 360 page, and a page of its own on which it is taken, or looked at for a minute. */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('customers/:id/id-card')
export class IdCardPagesController {
  constructor(
    private readonly customers: CustomersQueries,
    private readonly commands: IdCardCommands,
    private readonly queries: IdCardQueries,
    private readonly forms: Forms,
  ) {}

  @Get()
  async show(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('customers/id-card', await this.page(user, id));
  }

  /** The row, masked: what stands there again after a look. */
  @Get('row')
  async row(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('customers/_id-card', await this.page(user, id), { layout: false });
  }

  @Post()
  async set(@Param('id') id: string, @Body() body: Fields, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const user = request.viewer as CurrentUser;
    await this.forms.answer(reply, { view: 'customers/id-card', context: () => this.page(user, id) }, async () => {
      const { number } = await readForm(IdCardForm, { number: body.number?.trim() || null });
      await this.commands.set(user, id, number);
      flash(request, number === null ? 'customers.id_card_removed' : 'customers.id_card_saved');
      return `/customers/${id}`;
    });
  }

  @Post('reveal')
  async reveal(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const page = { view: 'customers/id-card', fragment: 'customers/_id-card', context: () => this.page(user, id) };
    try {
      const number = await this.commands.reveal(user, id, (await readForm(IdCardRevealForm, body)).reason);
      const context = { ...(await this.page(user, id)), revealed: shownIdCard(number) };
      if (isHtmx(reply.request)) await reply.view('customers/_id-card', context, { layout: false, status: 200 });
      else await reply.view('customers/id-card', context, { status: 200 });
    } catch (error) {
      if (!(error instanceof DomainError) || error.status !== 422) throw error;
      await this.forms.again(reply, page, error);
    }
  }

  private async page(user: CurrentUser, id: string): Promise<object> {
    const { name } = await this.customers.facts(user, id);
    return { customerId: id, customerName: name, idCard: await this.queries.shown(id), idCardReasons: ID_CARD_REASONS };
  }
}
