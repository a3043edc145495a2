import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { providerFilter, ProvidersForm } from './providers.forms.js';
import { ProvidersQueries } from './providers.queries.js';
import type { Scorecard } from './providers.types.js';

@ApiTags('reports')
@ApiBearerAuth()
@Roles('planner', 'supervisor')
@Controller('api/v1/reports/providers')
export class ProvidersApiController {
  constructor(
    private readonly providers: ProvidersQueries,
    private readonly clock: Clock,
  ) {}

  /** What each list was worth: numbers at fault, wasted dials with what they cost in fen, connected and converted. Default: by segment, the last 30 days. */
  @Get()
  scorecard(@CurrentUser() user: CurrentUser, @Query() form: ProvidersForm): Promise<Scorecard> {
    return this.providers.scorecard(user, form.by ?? 'segment', providerFilter(form, dayOf(this.clock.now())));
  }
}
