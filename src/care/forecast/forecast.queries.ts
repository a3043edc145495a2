import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day, dayOf, isDay } from '../../kernel/day.js';
import { DomainError, InvalidInput } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CareRulesQueries, type RuleInForce } from '../care-rules.queries.js';
import { ruleOf } from '../rules/rule-list.policy.js';
import { checkedSettings } from '../rules/settings.policy.js';
import { type Backtest, BacktestQueries } from './backtest.queries.js';
import { FORECAST_DAYS, type ForecastForm } from './forecast.forms.js';
import type { ForecastCell, Simulated } from './forecast.types.js';
import { bookOf, Simulation } from './simulation.commands.js';

/** How late the first day may be: the way there must be forecast too. */
const LATEST_START_DAYS = 92;

export interface Forecast {
  from: Day;
  until: Day;
  /** Of each manager of the unit each day, also those without work. */
  cells: ForecastCell[];
  simulated: Simulated;
  /** What changes by the rule that is tried. */
  draft: { rule: RuleInForce; enabled: boolean; before: ForecastCell[]; backtest: Backtest } | null;
}

interface Asked {
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
    private readonly simulation: Simulation,
    private readonly backtests: BacktestQueries,
  ) {}

  /**
   * @throws InvalidInput day_malformed, day_unknown, forecast_past or forecast_far at `from`, setting_… at `settings.<name>`;
   *   DomainError rule_not_available at `rule`, not_found for a unit outside the scope
   */
  async forecast(user: CurrentUser, form: ForecastForm): Promise<Forecast> {
    const asked = await this.read(user, form);
    const inForce = await this.rules.inForce();
    const draft = await this.draftOf(form);
    const rules = draft ? [...inForce.filter(({ rule }) => rule.code !== draft.rule.code), draft] : inForce;
    const managers = (await this.staff.activeManagers(asked)).map(({ id }) => id);
    const slots = await this.slots(asked, managers);
    const simulate = async (which: readonly RuleInForce[]): Promise<[Simulated, ForecastCell[]]> => {
      const simulated = await this.simulation.run({ today: asked.today, until: asked.until, managers, rules: which });
      return [simulated, fill(slots, simulated)];
    };
    const [simulated, cells] = await simulate(rules);
    const { from, until } = asked;
    if (!draft) return { from, until, cells, simulated, draft: null };
    const [, before] = await simulate(inForce);
    const backtest = await this.backtests.lastMonth(draft, bookOf(managers), asked.today);
    const enabled = inForce.some(({ rule }) => rule.code === draft.rule.code);
    return { from, until, cells, simulated, draft: { rule: draft, enabled, before, backtest } };
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
    if (!rule.available) throw new DomainError('rule_not_available', { param: 'rule' });
    const row = await this.rules.byCode(code);
    const given: unknown = settings ? JSON.parse(settings) : {};
    if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new InvalidInput([{ param: 'settings', code: 'setting_object' }]);
    return { rule, settings: settings ? checkedSettings(rule, given as Record<string, unknown>) : row.settings, version: row.version };
  }

  /** Every manager's days, and how many care calls fit. Whoever is on duty on a great festival's days makes none (GOV-4). */
  private slots({ from, until }: Asked, managers: readonly string[]): Promise<ForecastCell[]> {
    return this.db.rows<ForecastCell>(sql`
      select r.day as date, u.id as "ownerId", u.username as owner, u.name, u.team_name as team, 0 as tasks,
             case when d.closed_festival is null then r.calls else 0 end as capacity
      from calendar.v_rota(${from}, ${until}) r
      join staff.v_user u on u.id = r.user_id
      join calendar.v_day d on d.day = r.day
      where u.id = any(${managers}::bigint[])
      order by u.org_path, u.username, r.day`);
  }
}

function dayFault(from: string, today: Day): string | null {
  if (!isDay(from)) return 'day_malformed';
  if (from < today) return 'forecast_past';
  return from > addDays(today, LATEST_START_DAYS) ? 'forecast_far' : null;
}

function fill(slots: readonly ForecastCell[], { loads }: Simulated): ForecastCell[] {
  const tasks = new Map(loads.map((load) => [`${load.owner} ${load.day}`, load.tasks]));
  return slots.map((slot) => ({ ...slot, tasks: tasks.get(`${slot.ownerId} ${slot.date}`) ?? 0 }));
}
