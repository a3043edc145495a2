import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { whoeverWaits } from '../../platform/database/reading.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { CareRulesQueries } from '../care-rules.queries.js';
import { FORECAST_DAYS } from './forecast.forms.js';
import { ForecastRunner } from './forecast-runner.commands.js';
import type { ForecastKey, StoredForecast } from './forecast.types.js';
import { RunForecast } from './run-forecast.jobs.js';
import { policyOf, StoredForecasts } from './stored-forecasts.queries.js';

const EVERYBODY = '/';

/** Books up to this size are worked out while somebody waits, about a second; larger ones by a job. */
@Injectable()
export class ForecastPace {
  customersWhileWaiting = 4_000;
  /** So long a program's question waits for the job, in milliseconds; a province takes some seconds. */
  patienceMs = 20_000;
}

/** Has forecasts computed: each morning for everybody, else for whoever asks. */
@Injectable()
export class ForecastsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly rules: CareRulesQueries,
    private readonly stored: StoredForecasts,
    private readonly runner: ForecastRunner,
    private readonly pace: ForecastPace,
  ) {}

  /** Of everybody, under the rules in force; once a day unless rules change. */
  async startDaily(day: Day): Promise<void> {
    const key = { day, until: addDays(day, FORECAST_DAYS.usual - 1), orgPath: EVERYBODY, draft: null };
    if (!(await this.stored.newest(key, await this.rules.inForce()))) await this.start(key, null);
  }

  /**
   * The forecast asked for, computed before the answer when the book is small; else by a job, and given as it stands.
   * @param anew even when one is there, as long as nobody has to wait for a job
   */
  async ensure(key: ForecastKey, by: string | null, anew = false): Promise<StoredForecast> {
    const inForce = await this.rules.inForce();
    const small = (await this.stored.customersIn(key.orgPath, this.pace.customersWhileWaiting + 1)) <= this.pace.customersWhileWaiting;
    const known = await this.stored.newest(key, inForce);
    if (known && !(small && (anew || known.state !== 'done'))) return known;
    if (!small) return this.start(key, by);
    return whoeverWaits(() => this.now(key, by)); // the next who asks has it too
  }

  private async now(key: ForecastKey, by: string | null): Promise<StoredForecast> {
    const id = await this.add(key, by);
    await this.runner.run(id);
    return this.stored.byId(id);
  }

  /** By a job, whatever is there. */
  async start(key: ForecastKey, by: string | null): Promise<StoredForecast> {
    return this.stored.byId(await this.add(key, by, true));
  }

  private async add({ day, until, orgPath, draft }: ForecastKey, by: string | null, job = false): Promise<string> {
    const policy = policyOf(await this.rules.inForce());
    return this.db.tx(async (tx) => {
      const { id } = await tx.one<{ id: string }>(sql`
        insert into care.forecast (day, until_on, org_path, rule_code, settings, policy, state, by_user, created_at)
        values (${day}::date, ${until}::date, ${orgPath}, ${draft?.rule.code ?? null}, ${draft ? JSON.stringify(draft.settings) : null}::jsonb, ${policy},
                'queued', ${by}::bigint, ${this.clock.now()}) returning id`);
      if (job) await this.outbox.add(tx, RunForecast, { forecastId: id });
      return id;
    });
  }
}
