import { Injectable } from '@nestjs/common';
import type { Day } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import type { ForecastCell, ForecastKey, RuleLoad, StoredForecast } from './forecast.types.js';

const COLUMNS = sql`
  f.id, f.day, f.until_on as until, f.org_path as "orgPath", f.rule_code as rule, f.settings, f.policy, f.state, f.parts, f.done, f.overdue, f.customers, f.backtest,
  f.created_at as "createdAt", f.finished_at as "finishedAt"`;

/** Which rules a forecast stands on: another version makes another forecast. */
export const policyOf = (rules: readonly RuleInForce[]): string => rules.map(({ rule, version }) => `${rule.code} ${version}`).join(', ');

/** The customers of a unit and the units below it, as a condition on `customers.v_customer c`. */
export const inUnits = (orgPath: string): Sql =>
  orgPath === '/' ? sql`true` : sql`c.org_unit_id in (select o.id from staff.v_org_unit o where starts_with(o.path, ${orgPath}))`;

/** Which days of which unit. */
export interface Shown {
  from: Day;
  until: Day;
  orgPath: string;
}

/** The page it was opened from may be older than the newest computation; what is outside the caller's scope looks the same. */
export const forecastGone = (): DomainError => new DomainError('forecast_gone', { status: 404 });

/** The forecasts there are. */
@Injectable()
export class StoredForecasts {
  constructor(private readonly db: Database) {}

  /** @throws DomainError forecast_gone (404) */
  async byId(id: string): Promise<StoredForecast> {
    const row = await this.db.maybe<StoredForecast>(sql`select ${COLUMNS} from care.forecast f where f.id::text = ${id}`);
    if (!row) throw forecastGone();
    return row;
  }

  /** What answers the question: computed or under way, of that day and the rules as they are now, and after the last plan run. */
  newest({ day, until, orgPath, draft }: ForecastKey, inForce: readonly RuleInForce[]): Promise<StoredForecast | undefined> {
    // a draft is tried for one unit, the forecast of the morning serves all below its own
    const covers = draft ? sql`f.org_path = ${orgPath}` : sql`starts_with(${orgPath}, f.org_path)`;
    const tried = draft ? sql`f.rule_code = ${draft.rule.code} and f.settings = ${JSON.stringify(draft.settings)}::jsonb` : sql`f.rule_code is null`;
    return this.db.maybe<StoredForecast>(sql`
      select ${COLUMNS} from care.forecast f
      where f.day = ${day}::date and f.until_on >= ${until}::date and ${covers} and ${tried} and f.policy = ${policyOf(inForce)} and f.state <> 'failed'
        and not exists (select from care.plan_run r where r.state = 'done' and r.finished_at > f.created_at)
      order by f.id desc limit 1`);
  }

  /** The last one of the rules in force that is done, however old: what is shown while a newer one is under way. */
  lastDone(orgPath: string, until?: string): Promise<StoredForecast | undefined> {
    return this.db.maybe<StoredForecast>(sql`
      select ${COLUMNS} from care.forecast f where f.state = 'done' and f.rule_code is null and starts_with(${orgPath}, f.org_path)
        ${until ? sql`and f.until_on >= ${until}::date` : emptySql} order by f.id desc limit 1`);
  }

  /** How many customers a unit has; counted no further than `most`. */
  customersIn(orgPath: string, most: number): Promise<number> {
    return this.db.count(sql`select 1 from customers.v_customer c where ${inUnits(orgPath)} limit ${most}`);
  }

  /** Every manager's days in the unit: what stands on them, and how many care calls fit. */
  cells(id: string, { from, until, orgPath }: Shown): Promise<ForecastCell[]> {
    return this.db.rows<ForecastCell>(sql`
      select d.day as date, u.id as "ownerId", u.username as owner, u.name, u.team_name as team, d.calls as tasks, d.capacity
      from care.forecast_day d join staff.v_user u on u.id = d.owner_id
      where d.forecast_id = ${id}::bigint and d.day between ${from}::date and ${until}::date and starts_with(u.org_path, ${orgPath})
      order by u.org_path, u.username, d.day`);
  }

  /** What each rule brings in these days, the most calls first. */
  byRule(id: string, { from, until, orgPath }: Shown): Promise<RuleLoad[]> {
    return this.db.rows<RuleLoad>(sql`
      select l.rule_code as rule, sum(l.calls)::int as calls, sum(l.along)::int as along, sum(l.messages)::int as messages
      from care.forecast_load l join staff.v_user u on u.id = l.owner_id
      where l.forecast_id = ${id}::bigint and l.day between ${from}::date and ${until}::date and starts_with(u.org_path, ${orgPath})
      group by 1 order by 2 desc, 1`);
  }

  /** Messages by day. */
  async messages(id: string, { from, until, orgPath }: Shown): Promise<Map<Day, number>> {
    const rows = await this.db.rows<{ day: Day; count: number }>(sql`
      select l.day, sum(l.messages)::int as count from care.forecast_load l join staff.v_user u on u.id = l.owner_id
      where l.forecast_id = ${id}::bigint and l.messages > 0 and l.day between ${from}::date and ${until}::date and starts_with(u.org_path, ${orgPath}) group by 1`);
    return new Map(rows.map(({ day, count }) => [day, count]));
  }
}
