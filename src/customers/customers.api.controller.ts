import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import type { Page } from '../kernel/cursor.js';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CustomersCommands } from './customers.commands.js';
import { CustomerPatch, CustomerSearchForm } from './customers.forms.js';
import { CustomersQueries } from './customers.queries.js';
import { IdCardQueries } from './id-card/id-card.queries.js';
import { cardView, type CustomerRowView, rowView } from './customers.views.js';

@Roles('manager', 'planner', 'supervisor')
@Controller('api/v1/customers')
export class CustomersApiController {
  constructor(
    private readonly queries: CustomersQueries,
    private readonly commands: CustomersCommands,
    private readonly idCards: IdCardQueries,
  ) {}

  @Get()
  async search(@Query() form: CustomerSearchForm, @CurrentUser() user: CurrentUser): Promise<Page<CustomerRowView>> {
    const page = await this.queries.search(user, form);
    return { items: page.items.map((row) => rowView(user.role, row)), nextCursor: page.nextCursor };
  }

  @Get(':id')
  async byId(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<object> {
    return this.card(user, id);
  }

  @Patch(':id')
  async update(@Param('id') id: string, @Body() patch: CustomerPatch, @CurrentUser() user: CurrentUser): Promise<object> {
    await this.commands.update(user, id, patch);
    return this.card(user, id);
  }

  private async card(user: CurrentUser, id: string): Promise<object> {
    const card = await this.queries.byId(user, id);
    return { ...cardView(user.role, card), idCard: (await this.idCards.shown(id)).masked };
  }
}
