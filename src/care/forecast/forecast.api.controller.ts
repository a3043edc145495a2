import { Controller, Get, Query } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { ForecastForm } from './forecast.forms.js';
import { type Forecast, ForecastQueries, type Pending } from './forecast.queries.js';
import type { ForecastRow } from './forecast.types.js';
import { type Difference, differenceOf, isOver } from './forecast.views.js';
import { ForecastPace } from './forecasts.commands.js';

const LOOK_MS = 250;

@Roles('planner', 'supervisor')
@Controller('api/v1/care/forecast')
export class ForecastApiController {
  constructor(
    private readonly forecasts: ForecastQueries,
    private readonly pace: ForecastPace,
  ) {}

  /** As of this morning, or computed for the answer, which waits for it: 409 `forecast_under_way` when that takes too long.
   * The days with work or with calls; `overCapacity` counts those that pass what fits, `draft` tells what the rule that is tried changes. */
  @Get()
  async forecast(
    @Query() form: ForecastForm,
    @CurrentUser() user: CurrentUser,
  ): Promise<{ rows: ForecastRow[]; overCapacity: number; draft?: Difference }> {
    const forecast = await this.patiently(user, form);
    if ('pending' in forecast) {
      const { done, parts } = forecast.pending;
      throw new DomainError('forecast_under_way', { status: 409, params: { done, parts } });
    }
    const used = forecast.cells.filter(({ tasks, capacity }) => tasks > 0 || capacity > 0);
    const rows = used.map(({ date, owner, tasks, capacity }) => ({ date, owner, tasks, capacity }));
    const draft = differenceOf(forecast);
    return { rows, overCapacity: used.filter(isOver).length, ...(draft ? { draft } : {}) };
  }

  private async patiently(user: CurrentUser, form: ForecastForm): Promise<Forecast | Pending> {
    for (let waited = 0; ; waited += LOOK_MS) {
      const found = await this.forecasts.forecast(user, form, waited === 0);
      if (!('pending' in found) || waited >= this.pace.patienceMs) return found;
      await pause(LOOK_MS);
    }
  }
}
