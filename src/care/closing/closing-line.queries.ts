import { Injectable } from '@nestjs/common';
import { ClosingLine } from '../../calls/desk/task-reasons.types.js';
import type { Day } from '../../kernel/day.js';
import { LookUp } from '../../platform/process/look-up.js';
import { Database } from '../../platform/database/database.js';
import { prepared, type Sql, sql } from '../../platform/database/sql.js';
import type { Locale } from '../../platform/i18n/catalogue.js';
import { CareRulesQueries } from '../care-rules.queries.js';
import { CLOSING_KINDS, type ClosingLineRow } from './closing-lines.types.js';
import { keptBirthdays } from '../rules/birthday.rule.js';
import { CENTRAL_DAY, occasionsFor } from '../rules/calendar-greeting.rule.js';

/** What the day is to a customer `c`, as rows of kind and value; the birthday is that of whoever is wished (CAR-4). */
const kindsOf = (day: Day, kept: Sql): Sql => sql`
  select 'day' as kind, to_char(d.day, 'YYYY-MM-DD') as value
  union all
  select 'birthday', '' from (${kept}) k join customers.v_birthday b on b.calendar = k.calendar and b.month = k.month and b.day = k.dom
  where k.day = d.day and b.customer_id = c.id
  union all
  select replace(o.kind, '-', '_'), case when o.mark_id is null then o.name else '' end from (${occasionsFor(sql`${day}::date`)}) o
  where not (o.kind = 'festival' and ${CENTRAL_DAY})
  union all
  select 'weekend', '' where not d.working and extract(isodow from d.day) >= 6 and d.closed_festival is null
  union all
  select 'weekend_eve', '' from calendar.v_day n where n.day = d.day + 1 and d.working and not n.working
  union all
  select 'default', ''`;

export interface ClosingLineItem extends ClosingLineRow {
  id: string;
  version: number;
  changedAt: Date | null;
}

type Words = Readonly<Record<Locale, string>>;

/** The closing line of a day, for the customer in the call (CAR-5). What Spring Festival and National Day are wished with is the province's (GOV-6). */
@Injectable()
export class CareClosingLine extends ClosingLine {
  private asked: { day: Day; lines: LookUp<Words> } | undefined;

  constructor(
    private readonly db: Database,
    private readonly rules: CareRulesQueries,
  ) {
    super();
  }

  override async forCall({ day, customerId, locale }: { day: Day; customerId: string; locale: Locale }): Promise<string | null> {
    const words = await this.ofDay(day).of(customerId);
    return words ? words[locale] : null;
  }

  /** The calls of one day: desks that open in the same moment ask together. */
  private ofDay(day: Day): LookUp<Words> {
    if (this.asked?.day !== day) this.asked = { day, lines: new LookUp((customerIds) => this.find(day, customerIds)) };
    return this.asked.lines;
  }

  private async find(day: Day, customerIds: readonly string[]): Promise<Map<string, Words>> {
    const { settings } = await this.rules.byCode('birthday');
    const kept = keptBirthdays(day, { horizonDays: 0, feb29: String(settings.feb29) });
    const rows = await this.db.rows<Words & { customerId: string }>(
      prepared(sql`
      select distinct on (c.id) c.id as "customerId", l.text_zh as zh, l.text_en as en
      from customers.v_customer c
      join calendar.v_day d on d.day = ${day}::date
      cross join lateral (${kindsOf(day, kept)}) o
      join care.closing_line l on l.kind = o.kind and l.value = o.value
      where c.id = any(${customerIds}::bigint[])
      order by c.id, array_position(${[...CLOSING_KINDS]}::text[], l.kind)`),
    );
    return new Map(rows.map(({ customerId, ...words }) => [customerId, words]));
  }

  /** Every line there is: days in their order, festivals and solar terms as the year has them. */
  all(): Promise<ClosingLineItem[]> {
    return this.db.rows<ClosingLineItem>(sql`
      select id, kind, value, text_zh as zh, text_en as en, version, changed_at as "changedAt" from care.closing_line order by kind, case when kind = 'day' then value end, id`);
  }
}
