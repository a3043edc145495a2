import { Injectable } from '@nestjs/common';
import type { Day } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { ContactsForm } from './forecast.forms.js';

/** One contact behind a figure of the forecast. */
export interface ContactRow {
  day: Day;
  customerId: string;
  name: string | null;
  star: number;
  rule: string;
  channel: 'call' | 'sms';
  deadlineOn: Day | null;
  ownCall: boolean;
  listed: boolean;
  manager: string;
}

export interface ContactCount {
  rule: string;
  calls: number;
  along: number;
  messages: number;
}

/** Which contacts of a stored forecast: by day or days, manager, team, rule and channel. */
export type ContactsAsk = ContactsForm & { forecast: string };

const chosen = (user: CurrentUser, ask: ContactsAsk): Sql => sql`
  r.forecast_id = ${ask.forecast}::bigint and ${inScope(user, sql`u.org_path`)}
  ${ask.day ? sql`and r.day = ${ask.day}::date` : emptySql}
  ${ask.from ? sql`and r.day >= ${ask.from}::date` : emptySql} ${ask.until ? sql`and r.day <= ${ask.until}::date` : emptySql}
  ${ask.owner ? sql`and u.username = ${ask.owner}` : emptySql}
  ${ask.team ? sql`and exists (select from staff.v_org_unit t where t.code = ${ask.team} and starts_with(u.org_path, t.path))` : emptySql}
  ${ask.rule ? sql`and r.rule_code = ${ask.rule}` : emptySql} ${ask.channel ? sql`and r.channel = ${ask.channel}` : emptySql}
  ${ask.how ? sql`and r.channel = 'call' and r.own_call = ${ask.how === 'own'}::boolean` : emptySql}`;

const FROM = sql`from care.forecast_row r join staff.v_user u on u.id = r.owner_id`;

/** The contacts behind the figures of a forecast, within the user's units. */
@Injectable()
export class ForecastContacts {
  constructor(private readonly db: Database) {}

  /** Calls first, those that were planned already before those to come, the most stars first. */
  select(user: CurrentUser, ask: ContactsAsk): Sql {
    return sql`
      select r.day, r.customer_id as "customerId", c.name, c.star_level as star, r.rule_code as rule, r.channel, r.deadline_on as "deadlineOn",
             r.own_call as "ownCall", r.listed, u.name as manager
      ${FROM} join customers.v_customer c on c.id = r.customer_id
      where ${chosen(user, ask)}
      order by r.day, u.username, r.channel, r.own_call desc, r.listed desc, c.star_level desc, r.deadline_on, c.id`;
  }

  list(user: CurrentUser, ask: ContactsAsk, limit: number): Promise<ContactRow[]> {
    return this.db.rows<ContactRow>(sql`${this.select(user, ask)} limit ${limit}`);
  }

  count(user: CurrentUser, ask: ContactsAsk): Promise<number> {
    return this.db.count(sql`select 1 ${FROM} where ${chosen(user, ask)}`);
  }

  stream(user: CurrentUser, ask: ContactsAsk): AsyncGenerator<ContactRow> {
    return this.db.stream<ContactRow>(this.select(user, ask));
  }

  /** The same by rule, whatever rule is looked at. */
  byRule(user: CurrentUser, ask: ContactsAsk): Promise<ContactCount[]> {
    const { rule: _, channel: __, how: ___, ...all } = ask;
    return this.db.rows<ContactCount>(sql`
      select r.rule_code as rule, (count(*) filter (where r.channel = 'call' and r.own_call))::int as calls,
             (count(*) filter (where r.channel = 'call' and not r.own_call))::int as along, (count(*) filter (where r.channel = 'sms'))::int as messages
      ${FROM} where ${chosen(user, all)} group by 1 order by 2 desc, 1`);
  }
}
