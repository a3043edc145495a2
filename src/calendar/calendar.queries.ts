import { Injectable } from '@nestjs/common';
import { addDays, type Day } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { rawSql, sql } from '../platform/database/sql.js';
import type { CalendarYear, DayInfo } from './calendar.types.js';

const DAY_COLUMNS = rawSql(`day, working, kind, name, festival, solar_term as "solarTerm", closed_festival as "closedFestival",
  lunar_month as "lunarMonth", lunar_day as "lunarDay", lunar_leap as "lunarLeap", lunar_month_days as "lunarMonthDays", published`);

const YEAR = rawSql(`select y.year, y.published, y.source, y.noticed_at as "noticedAt", u.name as "noticedBy"
  from calendar.year y left join staff.v_user u on u.id = y.noticed_by`);

/** How far ahead the n-th working day is looked for: Spring Festival and National Day never close more than two weeks. */
const LOOK_AHEAD_DAYS = 30;

/** Which days are at work, and what they are called. Days outside the table throw: a wrong answer would be worse. */
@Injectable()
export class CalendarQueries {
  constructor(private readonly db: Database) {}

  async dayInfo(day: Day): Promise<DayInfo> {
    return this.db.one<DayInfo>(sql`select ${DAY_COLUMNS} from calendar.v_day where day = ${day}`);
  }

  /** Every day from `from` to `to`, both included. */
  async days(from: Day, to: Day): Promise<DayInfo[]> {
    return this.db.rows<DayInfo>(sql`select ${DAY_COLUMNS} from calendar.v_day where day between ${from} and ${to} order by day`);
  }

  async isWorkingDay(day: Day): Promise<boolean> {
    return (await this.dayInfo(day)).working;
  }

  /** Working days from `from` to `to`, both included, in order. */
  async workingDaysBetween(from: Day, to: Day): Promise<Day[]> {
    const rows = await this.db.rows<{ day: Day }>(sql`select day from calendar.v_day where day between ${from} and ${to} and working order by day`);
    return rows.map((row) => row.day);
  }

  /** The n-th working day after `day` (n ≥ 1); `day` itself never counts. */
  async nextWorkingDay(day: Day, n = 1): Promise<Day> {
    const to = addDays(day, LOOK_AHEAD_DAYS + 2 * n);
    const row = await this.db.one<{ day: Day }>(
      sql`select day from calendar.v_day where day > ${day} and day <= ${to} and working order by day offset ${n - 1} limit 1`,
    );
    return row.day;
  }

  /** All statutory days of Spring Festival and National Day the table knows, about seven a year (GOV-4). */
  async closedDays(): Promise<Day[]> {
    const rows = await this.db.rows<{ day: Day }>(sql`select day from calendar.v_day where closed_festival is not null order by day`);
    return rows.map((row) => row.day);
  }

  async years(): Promise<CalendarYear[]> {
    return this.db.rows<CalendarYear>(sql`${YEAR} order by y.year`);
  }

  async year(year: number): Promise<CalendarYear | undefined> {
    return this.db.maybe<CalendarYear>(sql`${YEAR} where y.year = ${year}`);
  }

  /** The years between two days whose notice is not out: what is planned there stands on weekends and statutory days alone. */
  async unpublishedWithin(from: Day, to: Day): Promise<number[]> {
    const rows = await this.db.rows<{ year: number }>(sql`
      select g.year from generate_series(extract(year from ${from}::date)::int, extract(year from ${to}::date)::int) g(year)
      where not exists (select from calendar.year y where y.year = g.year and y.published) order by g.year`);
    return rows.map((row) => row.year);
  }

  /** Days between two days on which somebody set something else than was computed. */
  async setByHand(from: Day, to: Day): Promise<Set<Day>> {
    const rows = await this.db.rows<{ day: Day }>(sql`select day from calendar.override where day between ${from} and ${to}`);
    return new Set(rows.map((row) => row.day));
  }
}
