import { Injectable } from '@nestjs/common';
import { dayOf } from '../../kernel/day.js';
import { DailyAt, HandlesJob } from '../../platform/jobs/job-handler.js';
import { ForecastRunner } from './forecast-runner.commands.js';
import { ForecastsCommands } from './forecasts.commands.js';
import { RunForecast } from './run-forecast.jobs.js';

/** The load to come is worked out each morning behind the plan run, and when somebody tries a rule. */
@Injectable()
export class ForecastJobs {
  constructor(
    private readonly forecasts: ForecastsCommands,
    private readonly runner: ForecastRunner,
  ) {}

  @DailyAt('06:30', 'care.daily-forecast')
  async forecastToday(slot: Date): Promise<void> {
    await this.forecasts.startDaily(dayOf(slot));
  }

  @HandlesJob(RunForecast)
  async run({ forecastId }: { forecastId: string }): Promise<void> {
    await this.runner.run(forecastId);
  }
}
