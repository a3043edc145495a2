import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../kernel/cursor.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { TimelineForm } from './timeline.forms.js';
import { TimelineQueries } from './timeline.queries.js';
import type { TimelineRow } from './timeline.types.js';

@Roles('manager', 'planner', 'supervisor')
@ApiTags('customers')
@ApiBearerAuth()
@Controller('api/v1/customers/:id/timeline')
export class TimelineApiController {
  constructor(private readonly timeline: TimelineQueries) {}

  /** Everything that happened with a customer on every channel, newest first (CUS-4). @throws DomainError not_found outside one's scope */
  @Get()
  async page(@Param('id') id: string, @Query() form: TimelineForm, @CurrentUser() user: CurrentUser): Promise<Page<TimelineRow>> {
    await this.timeline.customer(user, id);
    return this.timeline.page(id, form);
  }
}
