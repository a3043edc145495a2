import { Controller, Get, Query } from '@nestjs/common';
import type { Page } from '../kernel/cursor.js';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { OfferListForm } from './offers.forms.js';
import { type OfferRow, OffersQueries } from './offers.queries.js';

@Roles('planner', 'supervisor', 'manager')
@Controller('api/v1/offers')
export class OffersApiController {
  constructor(private readonly queries: OffersQueries) {}

  /** The tariff catalogue, by kind, the cheapest first. Prices in fen a month. */
  @Get()
  list(@Query() form: OfferListForm, @CurrentUser() user: CurrentUser): Promise<Page<OfferRow>> {
    return this.queries.list(user, form);
  }
}
