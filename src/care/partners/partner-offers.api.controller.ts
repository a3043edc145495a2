import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Clock } from '../../kernel/clock.js';
import type { Page } from '../../kernel/cursor.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { EntitlementQueries } from './entitlement.queries.js';
import { PartnerOffersCommands } from './partner-offers.commands.js';
import { PartnerOfferChangeForm, PartnerOfferForm, PartnerOfferListForm, PartnerUseForm } from './partner-offers.forms.js';
import { PartnerOffersQueries } from './partner-offers.queries.js';
import type { Entitlement, PartnerOfferRow, PartnerUse } from './partner-offers.types.js';

/** Offers of partners, and who is entitled to them (CAR-13). */
@ApiTags('care')
@ApiBearerAuth()
@Controller('api/v1')
export class PartnerOffersApiController {
  constructor(
    private readonly queries: PartnerOffersQueries,
    private readonly commands: PartnerOffersCommands,
    private readonly entitlement: EntitlementQueries,
    private readonly customers: CustomersQueries,
    private readonly clock: Clock,
  ) {}

  @Roles('manager', 'planner', 'supervisor')
  @Get('care/partner-offers')
  list(@Query() form: PartnerOfferListForm, @CurrentUser() user: CurrentUser): Promise<Page<PartnerOfferRow>> {
    return this.queries.list(user, form);
  }

  @Roles('planner')
  @Post('care/partner-offers')
  async add(@Body() form: PartnerOfferForm, @CurrentUser() user: CurrentUser): Promise<PartnerOfferRow> {
    return this.queries.byId(user, (await this.commands.add(user, form)).id);
  }

  /** All of it anew; a stale `version` is 409. */
  @Roles('planner')
  @Put('care/partner-offers/:id')
  async change(@Param('id') id: string, @Body() form: PartnerOfferChangeForm, @CurrentUser() user: CurrentUser): Promise<PartnerOfferRow> {
    await this.commands.change(user, id, form);
    return this.queries.byId(user, id);
  }

  /** Withdraws it at once. */
  @Roles('planner')
  @HttpCode(200)
  @Post('care/partner-offers/:id/end')
  async end(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<PartnerOfferRow> {
    await this.commands.end(user, id);
    return this.queries.byId(user, id);
  }

  /** What the customer may use today, and what they used. */
  @Roles('manager', 'planner', 'supervisor')
  @Get('customers/:id/partner-offers')
  async ofCustomer(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<{ entitled: Entitlement[]; uses: PartnerUse[] }> {
    await this.customers.facts(user, id);
    const [entitled, uses] = await Promise.all([this.entitlement.of([id], dayOf(this.clock.now())), this.queries.usesBy(id)]);
    return { entitled, uses };
  }

  @Roles('manager', 'planner', 'supervisor')
  @Post('customers/:id/partner-offers')
  recordUse(@Param('id') id: string, @Body() form: PartnerUseForm, @CurrentUser() user: CurrentUser): Promise<{ id: string }> {
    return this.commands.recordUse(user, id, form);
  }
}
