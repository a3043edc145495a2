import { Injectable } from '@nestjs/common';
import { ClosingLine } from '../calls/task-reasons.types.js';
import type { Day } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { Locale } from '../platform/i18n/catalogue.js';

/** The closing line of a day: one entered by hand, else of the festival, the solar term, the day before days off, else the usual one (CAR-5). */
@Injectable()
export class CareClosingLine extends ClosingLine {
  constructor(private readonly db: Database) {
    super();
  }

  override async forCall({ day, locale }: { day: Day; customerId: string; locale: Locale }): Promise<string | null> {
    const row = await this.db.maybe<{ zh: string; en: string }>(sql`
      select l.text_zh as zh, l.text_en as en
      from calendar.v_day d
      left join calendar.v_day n on n.day = d.day + 1
      join care.closing_line l on (l.kind, l.value) in (
        ('day', to_char(d.day, 'YYYY-MM-DD')), ('festival', coalesce(d.festival, '-')), ('solar_term', coalesce(d.solar_term, '-')),
        (case when d.working and not coalesce(n.working, true) then 'weekend_eve' else '-' end, ''), ('default', ''))
      where d.day = ${day}::date
      order by array_position(array['day', 'festival', 'solar_term', 'weekend_eve', 'default'], l.kind)
      limit 1`);
    return row ? row[locale] : null;
  }
}
