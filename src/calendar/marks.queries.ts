import { Injectable } from '@nestjs/common';
import type { Day } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { inScope, usableBy } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { DayMark } from './calendar.types.js';

@Injectable()
export class MarksQueries {
  constructor(private readonly db: Database) {}

  /** Marks that touch the days from `from` to `to`, of the user's units, those above and those below. */
  marks(user: CurrentUser, from: Day, to: Day): Promise<DayMark[]> {
    return this.db.rows<DayMark>(sql`
      select m.id, m.kind, m.from_day as "from", m.to_day as "to", m.name, m.region, o.name as unit, ${inScope(user, sql`o.path`)} as own
      from calendar.day_mark m join staff.v_org_unit o on o.id = m.org_unit_id
      where m.from_day <= ${to} and m.to_day >= ${from} and ${usableBy(user, sql`o.path`)}
      order by m.from_day, m.id limit 500`);
  }
}
