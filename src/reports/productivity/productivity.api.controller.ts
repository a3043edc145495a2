import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ProductivityForm, workFilter } from './productivity.forms.js';
import { ProductivityQueries } from './productivity.queries.js';
import type { Productivity } from './productivity.types.js';

@ApiTags('reports')
@ApiBearerAuth()
@Roles('manager', 'planner', 'supervisor')
@Controller('api/v1/reports/productivity')
export class ProductivityApiController {
  constructor(
    private readonly productivity: ProductivityQueries,
    private readonly clock: Clock,
  ) {}

  /** Calls, talk and working time in seconds, conversions and promised callbacks kept, by manager or team (REP-2). Default: this month; 92 days at most. */
  @Get()
  figures(@CurrentUser() user: CurrentUser, @Query() form: ProductivityForm): Promise<Productivity> {
    return this.productivity.figures(user, form.by ?? 'manager', workFilter(form, dayOf(this.clock.now())));
  }
}
