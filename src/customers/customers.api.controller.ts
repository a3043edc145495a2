import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import type { Page } from '../kernel/cursor.js';
import { Roles } from '../platform/http/access.js';
import { CurrentUser } from '../staff/staff.types.js';
import { CustomersCommands } from './customers.commands.js';
import { CustomerPatch, CustomerSearchForm } from './customers.forms.js';
import { CustomersQueries } from './customers.queries.js';
import { cardView, type CustomerRowView, rowView } from './customers.views.js';
import { TimelineQueries, type TimelineRow } from './timeline.queries.js';

@Roles('manager', 'planner', 'supervisor')
@Controller('api/v1/customers')
export class CustomersApiController {
  constructor(
    private readonly queries: CustomersQueries,
    private readonly commands: CustomersCommands,
    private readonly timelines: TimelineQueries,
  ) {}

  @Get()
  async search(@Query() form: CustomerSearchForm, @CurrentUser() user: CurrentUser): Promise<Page<CustomerRowView>> {
    const page = await this.queries.search(user, form);
    return { items: page.items.map((row) => rowView(user.role, row)), nextCursor: page.nextCursor };
  }

  @Get(':id')
  async byId(@Param('id') id: string, @CurrentUser() user: CurrentUser): Promise<object> {
    return cardView(user.role, await this.queries.byId(user, id));
  }

  /** Everything that happened with a customer, newest first (CUS-4). @throws DomainError not_found outside one's scope */
  @Get(':id/timeline')
  async timeline(@Param('id') id: string, @Query('cursor') cursor: string | undefined, @CurrentUser() user: CurrentUser): Promise<Page<TimelineRow>> {
    await this.queries.facts(user, id);
    return this.timelines.page(id, cursor);
  }

  @Patch(':id')
  async update(@Param('id') id: string, @Body() patch: CustomerPatch, @CurrentUser() user: CurrentUser): Promise<object> {
    await this.commands.update(user, id, patch);
    return cardView(user.role, await this.queries.byId(user, id));
  }
}
