import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { AnalysisForm } from './analysis.forms.js';
import { type Analysis, AnalysisQueries } from './analysis.queries.js';
import { askedForm } from './analysis.views.js';

@ApiTags('retention')
@ApiBearerAuth()
@Roles('planner', 'supervisor')
@Controller('api/v1/retention/analysis')
export class AnalysisApiController {
  constructor(
    private readonly analysis: AnalysisQueries,
    private readonly clock: Clock,
  ) {}

  /** Cases by reason, direction, star, region, source, month, strategy, manager or what was done; rates are fractions, money in fen (RET-3). */
  @Get()
  figures(@CurrentUser() user: CurrentUser, @Query() form: AnalysisForm): Promise<Analysis> {
    return this.analysis.figures(user, askedForm(form, dayOf(this.clock.now())));
  }
}
