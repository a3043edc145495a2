import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { mayPlan } from '../care.pages.controller.js';
import { PartnerOffersCommands } from './partner-offers.commands.js';
import { PartnerOfferChangeForm, PartnerOfferForm, PartnerOfferListForm } from './partner-offers.forms.js';
import { PartnerOffersQueries } from './partner-offers.queries.js';
import { PARTNER_KINDS, PARTNER_STATES } from './partner-offers.types.js';
import { formOf, formValues, offerView } from './partner-offers.views.js';

type Fields = Record<string, string>;
const LIST = 'care/partner-offers';
const ONE = 'care/partner-offer';

/** What partners give to whom, until when; planners keep the list (CAR-13). */
@Roles('planner', 'supervisor')
@ApiExcludeController()
@Controller('care/partner-offers')
export class PartnerOffersPagesController {
  constructor(
    private readonly queries: PartnerOffersQueries,
    private readonly commands: PartnerOffersCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async list(@Query() query: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const filtered = ['kind', 'state', 'q'].some((name) => query[name]);
    const page = { filter: query, kinds: PARTNER_KINDS, states: PARTNER_STATES, filtered, plans: mayPlan(user) };
    try {
      const found = await this.queries.list(user, await readForm(PartnerOfferListForm, query));
      await reply.view(LIST, { ...page, rows: found.items.map(offerView), next: found.nextCursor });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.forms.again(reply, { view: LIST, context: () => page }, error);
    }
  }

  @Roles('planner')
  @Get('new')
  async new(@Res() reply: FastifyReply): Promise<void> {
    await reply.view(ONE, { plans: true, ...formValues(undefined, undefined) });
  }

  @Roles('planner')
  @Post('new')
  async add(@Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ONE, context: () => ({ plans: true, ...formValues(undefined, body) }) }, async () => {
      const form = await readForm(PartnerOfferForm, formOf(body));
      await this.commands.add(user, form);
      flash(reply.request, 'care.partner.added', { partner: form.partner });
      return '/care/partner-offers';
    });
  }

  @Get(':id')
  async one(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(ONE, await this.page(user, id));
  }

  @Roles('planner')
  @Post(':id')
  async change(@Param('id') id: string, @Body() body: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ONE, context: () => this.page(user, id, body) }, async () => {
      const form = await readForm(PartnerOfferChangeForm, formOf(body));
      await this.commands.change(user, id, form);
      flash(reply.request, 'care.partner.changed', { partner: form.partner });
      return '/care/partner-offers';
    });
  }

  @Roles('planner')
  @Post(':id/end')
  async end(@Param('id') id: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ONE, context: () => this.page(user, id) }, async () => {
      const { partner } = await this.queries.byId(user, id);
      await this.commands.end(user, id);
      flash(reply.request, 'care.partner.ended', { partner });
      return '/care/partner-offers';
    });
  }

  private async page(user: CurrentUser, id: string, typed?: Fields): Promise<object> {
    const [offer, uses] = await Promise.all([this.queries.byId(user, id), this.queries.usesOf(user, id)]);
    return { offer: offerView(offer), uses, plans: mayPlan(user) && offer.own && !offer.endedAt, ...formValues(offer, typed) };
  }
}
