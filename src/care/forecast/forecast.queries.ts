import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day, dayOf, isDay } from '../../kernel/day.js';
import { InvalidInput } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CareRulesQueries, type RuleInForce } from '../care-rules.queries.js';
import { ruleOf } from '../rules/rule-list.policy.js';
import { checkedSettings } from '../rules/settings.policy.js';
import type { Backtest } from './backtest.queries.js';
import { FORECAST_DAYS, type ForecastForm } from './forecast.forms.js';
import type { ForecastCell, StoredForecast } from './forecast.types.js';
import { ForecastsCommands } from './forecasts.commands.js';
import { forecastGone, StoredForecasts } from './stored-forecasts.queries.js';

/** How late the first day may be: the way there must be forecast too. */
const LATEST_START_DAYS = 92;

export interface Forecast {
  from: Day;
  until: Day;
  orgPath: string;
  /** Of each manager of the unit each day, also those without work. */
  cells: ForecastCell[];
  stored: StoredForecast;
  /** What changes by the rule that is tried. */
  draft: { rule: RuleInForce; enabled: boolean; before: ForecastCell[]; backtest: Backtest | null } | null;
}

/** Still being computed. */
export interface Pending {
  pending: StoredForecast;
}

export interface Asked {
  today: Day;
  from: Day;
  until: Day;
  orgPath: string;
}

/** The load to come by manager and day, as the rules in force would make it, and as it would be with one more or one changed (CAR-12). */
@Injectable()
export class ForecastQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly staff: StaffQueries,
    private readonly rules: CareRulesQueries,
    private readonly forecasts: ForecastsCommands,
    private readonly stored: StoredForecasts,
  ) {}

  /**
   * @throws InvalidInput day_malformed, day_unknown, forecast_past or forecast_far at `from`, setting_… at `settings.<name>`;
   *   DomainError not_found for a unit outside the scope
   */
  async forecast(user: CurrentUser, form: ForecastForm, anew = false): Promise<Forecast | Pending> {
    const asked = await this.read(user, form);
    const draft = await this.draftOf(form);
    const key = { day: asked.today, until: asked.until, orgPath: asked.orgPath };
    const stored = await this.forecasts.ensure({ ...key, draft }, user.id, anew);
    const base = draft ? await this.forecasts.ensure({ ...key, draft: null }, user.id, anew) : stored;
    const pending = [stored, base].find(({ state }) => state !== 'done');
    return pending ? { pending } : this.readStored(asked, { stored, base, draft });
  }

  /** What was computed last under the rules in force, while a newer one is under way. */
  async older(user: CurrentUser, form: ForecastForm): Promise<Forecast | null> {
    const asked = await this.read(user, form);
    const stored = await this.stored.lastDone(asked.orgPath, asked.from);
    return stored ? this.readStored(asked, { stored, base: stored, draft: null }) : null;
  }

  /** The forecast whose contacts are looked at: the one named, or the newest under the rules in force. @throws DomainError forecast_gone (404) */
  async chosen(user: CurrentUser, id?: string): Promise<StoredForecast> {
    const stored = id ? await this.stored.byId(id) : await this.newest(user);
    const seen = stored && (user.orgPath.startsWith(stored.orgPath) || stored.orgPath.startsWith(user.orgPath));
    if (!seen) throw forecastGone();
    return stored;
  }

  /** None before the first has been computed. */
  newest(user: CurrentUser): Promise<StoredForecast | undefined> {
    return this.stored.lastDone(user.orgPath);
  }

  /** Computes it again for everybody in the unit. */
  async again(user: CurrentUser, form: ForecastForm): Promise<StoredForecast> {
    const { today, until, orgPath } = await this.read(user, form);
    return this.forecasts.start({ day: today, until, orgPath, draft: await this.draftOf(form) }, user.id);
  }

  private async readStored(
    asked: Asked,
    { stored, base, draft }: { stored: StoredForecast; base: StoredForecast; draft: RuleInForce | null },
  ): Promise<Forecast> {
    const { from, until, orgPath } = asked;
    const cells = await this.stored.cells(stored.id, asked);
    if (!draft) return { from, until, orgPath, cells, stored, draft: null };
    const before = await this.stored.cells(base.id, asked);
    const enabled = (await this.rules.inForce()).some(({ rule }) => rule.code === draft.rule.code);
    return { from, until, orgPath, cells, stored, draft: { rule: draft, enabled, before, backtest: stored.backtest } };
  }

  private async read(user: CurrentUser, form: ForecastForm): Promise<Asked> {
    const today = dayOf(this.clock.now());
    const from = form.from || today;
    const until = addDays(isDay(from) ? from : today, (form.days ?? FORECAST_DAYS.usual) - 1);
    const fault = dayFault(from, today) ?? ((await this.knows(until)) ? null : 'day_unknown');
    if (fault) throw new InvalidInput([{ param: 'from', code: fault, params: { day: until, days: LATEST_START_DAYS } }]);
    return { today, from, until, orgPath: form.team ? (await this.staff.orgUnit(user, form.team)).path : user.orgPath };
  }

  private async knows(day: Day): Promise<boolean> {
    return (await this.db.maybe(sql`select 1 from calendar.v_day where day = ${day}::date`)) !== undefined;
  }

  private async draftOf({ rule: code, settings }: ForecastForm): Promise<RuleInForce | null> {
    if (!code) return null;
    const rule = ruleOf(code);
    const row = await this.rules.byCode(code);
    const given: unknown = settings ? JSON.parse(settings) : {};
    if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new InvalidInput([{ param: 'settings', code: 'setting_object' }]);
    return { rule, settings: settings ? checkedSettings(rule, given as Record<string, unknown>) : row.settings, version: row.version };
  }
}

function dayFault(from: string, today: Day): string | null {
  if (!isDay(from)) return 'day_malformed';
  if (from < today) return 'forecast_past';
  return from > addDays(today, LATEST_START_DAYS) ? 'forecast_far' : null;
}
