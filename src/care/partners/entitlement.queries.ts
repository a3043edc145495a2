import { Injectable } from '@nestjs/common';
import { type Day, daysBetween } from '../../kernel/day.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { prepared, type Sql, sql } from '../../platform/database/sql.js';
import { CareRulesQueries } from '../care-rules.queries.js';
import { keptBirthdays } from '../rules/birthday.rule.js';
import type { Entitlement } from './partner-offers.types.js';

/** As many as desks open in one moment; above it the statement is planned for its true size. */
const A_ROUND_OF_CALLS = 50;

export const OFFER = sql`f.id, f.partner, f.kind, f.benefit, f.redeem, f.sentence, f.stars, f.region, f.occasion,
  f.valid_from as "validFrom", f.valid_until as "validUntil"`;

/** Joins `c` (a customer), its unit `u` and a day `d` of the calendar: the offer's days. Birthdays are those the birthday rule keeps (CAR-4). */
const ON_THE_DAY = sql`case f.occasion
  when 'any' then true
  when 'holiday' then d.kind = 'holiday'
  when 'member-day' then exists (
    select from calendar.v_day_mark m
    where m.day = d.day and m.kind = 'member-day' and starts_with(u.path, m.org_path) and (m.region is null or m.region in (c.province, c.city, c.district)))
  else exists (
    select from kept k join customers.v_birthday b on b.calendar = k.calendar and b.month = k.month and b.day = k.dom
    where k.day = d.day and b.customer_id = c.id) end`;

/** Who may use which partner's offer on which day (CAR-13): star level, region, unit, term and occasion all have to fit. */
@Injectable()
export class EntitlementQueries {
  constructor(
    private readonly db: Database,
    private readonly rules: CareRulesQueries,
  ) {}

  /** What each of the customers may use on a day from `from` to `to`; those of an occasion first, then the sooner over. No scope is asked. */
  async of(customerIds: readonly string[], from: Day, { to = from, on = this.db }: { to?: Day; on?: Queryable } = {}): Promise<Entitlement[]> {
    if (customerIds.length === 0) return [];
    const { settings } = await this.rules.byCode('birthday');
    const kept = keptBirthdays(from, { horizonDays: daysBetween(from, to), feb29: String(settings.feb29) });
    const statement = this.sql(kept, { customerIds, from, to });
    return on.rows<Entitlement>(customerIds.length <= A_ROUND_OF_CALLS ? prepared(statement) : statement);
  }

  private sql(kept: Sql, { customerIds, from, to }: { customerIds: readonly string[]; from: Day; to: Day }): Sql {
    return sql`
      with kept as materialized (${kept})
      select c.id as "customerId", ${OFFER}, min(d.day) as "on"
      from customers.v_customer c
      join staff.v_org_unit u on u.id = c.org_unit_id
      join care.partner_offer f on f.ended_at is null and c.star_level = any(f.stars) and (f.region is null or f.region in (c.province, c.city, c.district))
      join staff.v_org_unit o on o.id = f.org_unit_id and starts_with(u.path, o.path)
      join calendar.v_day d on d.day between greatest(f.valid_from, ${from}::date) and least(f.valid_until, ${to}::date) and ${ON_THE_DAY}
      where c.id = any(${customerIds}::bigint[]) and c.status = 'active'
      group by c.id, f.id
      order by c.id, f.occasion = 'any', f.valid_until, f.id`;
  }
}
