import { Controller, Get, Query } from '@nestjs/common';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ForecastForm } from './forecast.forms.js';
import { ForecastQueries } from './forecast.queries.js';
import type { ForecastRow } from './forecast.types.js';
import { type Difference, differenceOf, isOver } from './forecast.views.js';

@Roles('planner', 'supervisor')
@Controller('api/v1/care/forecast')
export class ForecastApiController {
  constructor(private readonly forecasts: ForecastQueries) {}

  /** Computed for the answer where the book is small, else as of this morning.
   * The days with work or with calls; `overCapacity` counts those that pass what fits, `draft` tells what the rule that is tried changes. */
  @Get()
  async forecast(
    @Query() form: ForecastForm,
    @CurrentUser() user: CurrentUser,
  ): Promise<{ rows: ForecastRow[]; overCapacity: number; draft?: Difference }> {
    const forecast = await this.forecasts.forecast(user, form, true);
    if ('pending' in forecast) {
      const { done, parts } = forecast.pending;
      throw new DomainError('forecast_under_way', { status: 409, params: { done, parts } });
    }
    const used = forecast.cells.filter(({ tasks, capacity }) => tasks > 0 || capacity > 0);
    const rows = used.map(({ date, owner, tasks, capacity }) => ({ date, owner, tasks, capacity }));
    const draft = differenceOf(forecast);
    return { rows, overCapacity: used.filter(isOver).length, ...(draft ? { draft } : {}) };
  }
}
