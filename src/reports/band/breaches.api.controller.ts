import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../kernel/cursor.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { AlertPath, breachFilter, BreachesForm } from './breaches.forms.js';
import { type Breach, BreachesQueries } from './breaches.queries.js';
import { WatchCommands } from './watch.commands.js';

@ApiTags('reports')
@ApiBearerAuth()
@Roles('planner', 'supervisor')
@Controller('api/v1')
export class BreachesApiController {
  constructor(
    private readonly breaches: BreachesQueries,
    private readonly watch: WatchCommands,
  ) {}

  /** Campaigns whose connect rate left its band, newest first: from when to when, why, and who acted (CAM-8). */
  @Get('reports/breaches')
  list(@CurrentUser() user: CurrentUser, @Query() form: BreachesForm): Promise<Page<Breach>> {
    return this.breaches.page(user, breachFilter(form), form);
  }

  /** Notes that the technicians were told of an open breach. */
  @HttpCode(204)
  @Post('campaigns/:code/breaches/:rate/alert')
  alert(@CurrentUser() user: CurrentUser, @Param() { code, rate }: AlertPath): Promise<void> {
    return this.watch.alert(user, code, rate);
  }
}
