import { Injectable } from '@nestjs/common';
import { addDays, type Day } from '../../kernel/day.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { GreetingApproval, GreetingDay } from './greetings.types.js';
import { APPROVED, CENTRAL_DAY } from '../rules/calendar-greeting.rule.js';

/** What was asked for longer ago is history. */
const SHOWN_DAYS = 31;
const MOST = 200;

const ROW = sql`
  select a.id, a.day, a.template_code as template, t.name as "templateName", a.template_version as version, v.body, a.state,
         t.version is distinct from a.template_version as outdated, k.name as "askedBy", d.name as "decidedBy", a.decided_at as "decidedAt", a.reference, a.reason
  from care.greeting_approval a
  join messaging.v_template t on t.code = a.template_code
  join messaging.v_template_version v on v.template_id = t.id and v.version = a.template_version
  join staff.v_user k on k.id = a.asked_by
  left join staff.v_user d on d.id = a.decided_by`;

@Injectable()
export class GreetingsQueries {
  constructor(private readonly db: Database) {}

  /** What was asked, and what the client said to it: the nearest day first. */
  list(today: Day): Promise<GreetingApproval[]> {
    return this.db.rows<GreetingApproval>(sql`${ROW} where a.day >= ${addDays(today, -SHOWN_DAYS)}::date order by a.day, a.id limit ${MOST}`);
  }

  /** @throws DomainError not_found */
  async byId(id: string, on: Queryable = this.db): Promise<GreetingApproval> {
    const row = /^\d{1,18}$/.test(id) ? await on.maybe<GreetingApproval>(sql`${ROW} where a.id = ${id}::bigint`) : undefined;
    if (!row) throw notFound('greeting', id);
    return row;
  }

  /** The days from `from` to `to` a greeting may fall on, the province's own left out (GOV-6). */
  days(from: Day, to: Day): Promise<GreetingDay[]> {
    return this.db.rows<GreetingDay>(sql`${occasionsOf(sql`d.day between ${from}::date and ${to}::date and not ${CENTRAL_DAY}`)} order by o.day`);
  }

  /** What the calendar says of one day; undefined when there is nothing to greet for. */
  day(day: Day): Promise<(GreetingDay & { central: boolean }) | undefined> {
    return this.db.maybe(sql`
      select o.*, (select ${CENTRAL_DAY} from calendar.v_day d where d.day = o.day) as central
      from (${occasionsOf(sql`d.day = ${day}::date`)}) o`);
  }

  /** Templates whose text may be asked about. */
  templates(): Promise<{ code: string; name: string }[]> {
    return this.db.rows(sql`select code, name from messaging.v_template where purpose = 'greeting' and version is not null order by code`);
  }
}

const occasionsOf = (which: Sql): Sql => sql`
  select o.day, o.names, exists (select from ${APPROVED} a where a.day = o.day and a.current) as approved
  from (
    select d.day, array_remove(array[d.festival, d.solar_term], null) || coalesce(
             (select array_agg(distinct m.name order by m.name) from calendar.v_day_mark m where m.day = d.day and m.kind in ('member-day', 'cold', 'heat')), '{}') as names
    from calendar.v_day d where ${which}) o
  where cardinality(o.names) > 0`;
