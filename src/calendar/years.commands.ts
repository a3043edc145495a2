import { Injectable } from '@nestjs/common';
import { hasHolidayNotice } from '../kernel/almanac.js';
import { Clock } from '../kernel/clock.js';
import { type Day, dayOf } from '../kernel/day.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { AlmanacDay } from './calendar.types.js';
import { type YearTable, yearTable } from './year.policy.js';

const FIRST_YEAR = 2020;
const LAST_YEAR = 2030;

/** Keeps the table of days: one row a civil day, by the notice handed in, the library's, or the law alone. */
@Injectable()
export class YearsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Fills the years 2020–2030 and those around the present one that are missing, and takes up a notice that has become
   * known since. One short read when there is nothing to do.
   */
  async ensureYears(): Promise<void> {
    const present = Number(dayOf(this.clock.now()).slice(0, 4));
    const from = Math.min(FIRST_YEAR, present - 2);
    const to = Math.max(LAST_YEAR, present + 2);
    const known = await this.db.rows<{ year: number; published: boolean }>(sql`select year, published from calendar.year`);
    const published = new Map(known.map((row) => [row.year, row.published]));
    for (let year = from; year <= to; year += 1) {
      const missing = !published.has(year);
      const newNotice = published.get(year) === false && hasHolidayNotice(year);
      if (missing || newNotice) await this.db.tx((tx) => this.fill(tx, year));
    }
  }

  /** The year as its notice, the library or the law has it, worked out anew; days set by hand are another table. */
  async tableOf(tx: Tx, year: number): Promise<YearTable & { source: string }> {
    const notice = await tx.rows<{ day: Day; working: boolean; name: string }>(
      sql`select day, working, name from calendar.notice_day where day between ${`${year}-01-01`}::date and ${`${year}-12-31`}::date`,
    );
    if (notice.length > 0) return { ...yearTable(year, new Map(notice.map((one) => [one.day, one]))), source: 'notice' };
    const table = yearTable(year);
    return { ...table, source: table.published ? 'tyme4ts' : 'statutory days and weekends' };
  }

  async fill(tx: Tx, year: number): Promise<void> {
    const table = await this.tableOf(tx, year);
    await tx.run(sql`insert into calendar.year (year, published, source) values (${year}, ${table.published}, ${table.source})
      on conflict (year) do update set published = excluded.published, source = excluded.source`);
    await this.writeDays(tx, table.days);
  }

  private async writeDays(tx: Tx, days: readonly AlmanacDay[]): Promise<void> {
    await tx.run(sql`insert into calendar.day
        (day, working, kind, name, closed_festival, festival, solar_term, lunar_month, lunar_day, lunar_leap, lunar_month_days)
      select day, working, kind, name, "closedFestival", festival, "solarTerm", "lunarMonth", "lunarDay", "lunarLeap", "lunarMonthDays"
      from jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as d(day date, working boolean, kind text, name text, "closedFestival" text,
        festival text, "solarTerm" text, "lunarMonth" smallint, "lunarDay" smallint, "lunarLeap" boolean, "lunarMonthDays" smallint)
      on conflict (day) do update set working = excluded.working, kind = excluded.kind, name = excluded.name,
        closed_festival = excluded.closed_festival, festival = excluded.festival, solar_term = excluded.solar_term`);
  }
}
