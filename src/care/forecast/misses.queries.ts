import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day, dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { MissesForm } from './forecast.forms.js';
import { StoredForecasts } from './stored-forecasts.queries.js';

/** So far ahead unless the page asks for more: a month is what can still be acted on. */
export const USUAL_SPAN = 31;

/** A promise that will not be kept as things stand. */
export interface MissRow {
  customerId: string;
  name: string | null;
  star: number;
  rule: string;
  deadlineOn: Day;
  reason: string;
  manager: string | null;
  /** On a list already. */
  listed: boolean;
}

export interface MissCount {
  code: string;
  count: number;
}

const FROM = sql`
  from care.forecast_miss m
  join customers.v_customer c on c.id = m.customer_id
  join staff.v_org_unit o on o.id = c.org_unit_id
  left join staff.v_user u on u.id = m.owner_id`;

/** Who will be missed, from the newest forecast that says it; what was visited since is left out (CAR-1, CAR-2). */
@Injectable()
export class MissesQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly stored: StoredForecasts,
  ) {}

  /** When the list was worked out; null when it never was. */
  async computedAt(user: CurrentUser): Promise<Date | null> {
    return (await this.stored.lastDone(user.orgPath))?.finishedAt ?? null;
  }

  async list(user: CurrentUser, form: MissesForm, limit: number): Promise<MissRow[]> {
    return this.db.rows<MissRow>(sql`${await this.select(user, form)} limit ${limit}`);
  }

  async *stream(user: CurrentUser, form: MissesForm): AsyncGenerator<MissRow> {
    yield* this.db.stream<MissRow>(await this.select(user, form));
  }

  async count(user: CurrentUser, form: MissesForm): Promise<number> {
    return this.db.count(sql`select 1 ${FROM} where ${await this.chosen(user, form)}`);
  }

  /** How many by reason, or by rule; the filter of that column itself does not count. */
  async by(user: CurrentUser, what: 'reason' | 'rule', form: MissesForm): Promise<MissCount[]> {
    const { [what]: _, ...others } = form;
    const column = what === 'reason' ? sql`m.reason` : sql`m.rule_code`;
    return this.db.rows<MissCount>(
      sql`select ${column} as code, count(*)::int as count ${FROM} where ${await this.chosen(user, others)} group by 1 order by 2 desc, 1`,
    );
  }

  /** Coverage has a column for them: by star, of the month and the rule. */
  async byStar(user: CurrentUser, rule: string, { from, until }: { from: Day; until: Day }): Promise<Map<number, number>> {
    const rows = await this.db.rows<{ star: number; count: number }>(sql`
      select c.star_level as star, count(*)::int as count ${FROM}
      where ${await this.chosen(user, { rule, within: 90 })} and m.deadline_on between ${from}::date and ${until}::date group by 1`);
    return new Map(rows.map(({ star, count }) => [star, count]));
  }

  /** How many one forecast foresees for a unit. */
  of(forecast: string, { orgPath, until }: { orgPath: string; until: Day }): Promise<number> {
    return this.db.count(
      sql`select 1 ${FROM} where m.forecast_id = ${forecast}::bigint and starts_with(o.path, ${orgPath}) and m.deadline_on <= ${until}::date`,
    );
  }

  private async select(user: CurrentUser, form: MissesForm): Promise<Sql> {
    return sql`
      select m.customer_id as "customerId", c.name, c.star_level as star, m.rule_code as rule, m.deadline_on as "deadlineOn", m.reason, u.name as manager, m.listed
      ${FROM} where ${await this.chosen(user, form)} order by m.deadline_on, c.star_level desc, c.id, m.rule_code`;
  }

  private async chosen(user: CurrentUser, { within, rule, reason, owner, star }: MissesForm): Promise<Sql> {
    const today = dayOf(this.clock.now());
    const forecast = await this.stored.lastDone(user.orgPath);
    return sql`
      m.forecast_id = ${forecast?.id ?? null}::bigint and ${inScope(user, sql`o.path`)}
      and m.deadline_on between ${today}::date and ${addDays(today, (within ?? USUAL_SPAN) - 1)}::date
      and not exists (select from care.due d where d.rule_code = m.rule_code and d.customer_id = m.customer_id and d.cycle = m.cycle and d.state <> 'open')
      ${rule ? sql`and m.rule_code = ${rule}` : emptySql} ${reason ? sql`and m.reason = ${reason}` : emptySql}
      ${owner ? sql`and coalesce(u.username, '-') = ${owner}` : emptySql} ${star ? sql`and c.star_level = ${Number(star)}::int` : emptySql}`;
  }
}
