import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../kernel/errors.js';
import { Roles } from '../platform/http/access.js';
import { Forms } from '../platform/http/answer-form.js';
import { readForm } from '../platform/http/forms.js';
import { CurrentUser } from '../staff/staff.types.js';
import { OfferListForm } from './offers.forms.js';
import { OffersQueries } from './offers.queries.js';
import { OFFER_KINDS } from './offers.types.js';
import { offerView } from './offers.views.js';

type Fields = Record<string, string>;
const FILTERS = ['kind', 'valid', 'q'] as const;

@Roles('planner', 'supervisor')
@ApiExcludeController()
@Controller('offers')
export class OffersPagesController {
  constructor(
    private readonly queries: OffersQueries,
    private readonly forms: Forms,
  ) {}

  /** The tariff catalogue with its filters in the address. */
  @Get()
  async list(@Query() query: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const page = { filter: query, kinds: OFFER_KINDS, filtered: FILTERS.some((name) => query[name]), mayFill: user.role !== 'supervisor' };
    try {
      const found = await this.queries.list(user, await readForm(OfferListForm, query));
      await reply.view('offers/list', { ...page, rows: found.items.map(offerView), next: found.nextCursor });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.forms.again(reply, { view: 'offers/list', context: () => page }, error);
    }
  }
}
