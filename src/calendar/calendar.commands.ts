import { Injectable } from '@nestjs/common';
import { hasHolidayNotice } from '../kernel/almanac.js';
import { Clock } from '../kernel/clock.js';
import { type Day, dayOf } from '../kernel/day.js';
import { InvalidInput } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit.commands.js';
import { StaffQueries } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { AbsenceForm } from './calendar.forms.js';
import type { AlmanacDay, DayOverride } from './calendar.types.js';
import { yearTable } from './year.policy.js';

const FIRST_YEAR = 2020;
const LAST_YEAR = 2030;

@Injectable()
export class CalendarCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly staff: StaffQueries,
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
      if (missing || newNotice) await this.fill(year);
    }
  }

  private async fill(year: number): Promise<void> {
    const table = yearTable(year);
    const source = table.published ? 'tyme4ts' : 'statutory days and weekends';
    await this.db.tx(async (tx) => {
      await tx.run(sql`insert into calendar.year (year, published, source) values (${year}, ${table.published}, ${source})
        on conflict (year) do update set published = excluded.published, source = excluded.source`);
      await this.writeDays(tx, table.days);
    });
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

  /**
   * Sets days by hand; they win over the computed ones. A day set to what was computed is an override no more.
   * @throws InvalidInput day_unknown at `days` for a day outside the table
   */
  async setDays(user: CurrentUser, days: readonly DayOverride[], published?: { year: number; published: boolean }): Promise<void> {
    const rows = JSON.stringify(days);
    await this.db.tx(async (tx) => {
      const unknown = await tx.maybe<{ day: Day }>(sql`select d.day from jsonb_to_recordset(${rows}::jsonb) as d(day date)
        where not exists (select 1 from calendar.day k where k.day = d.day) order by 1 limit 1`);
      if (unknown) throw new InvalidInput([{ param: 'days', code: 'day_unknown', params: { day: unknown.day } }]);
      const changed = await tx.rows<DayOverride>(sql`
        select d.day, d.working, coalesce(d.name, '') as name from jsonb_to_recordset(${rows}::jsonb) as d(day date, working boolean, name text)
        join calendar.v_day v on v.day = d.day where d.working <> v.working or coalesce(d.name, '') <> coalesce(v.name, '')`);
      await this.override(tx, user, changed);
      if (published) await tx.run(sql`update calendar.year set published = ${published.published}, source = 'manual' where year = ${published.year}`);
      if (changed.length > 0) await this.audit.record(tx, user, { action: 'calendar.days_set', object: 'calendar', detail: { days: changed } });
    });
  }

  private async override(tx: Tx, user: CurrentUser, days: readonly DayOverride[]): Promise<void> {
    await tx.run(sql`insert into calendar.override (day, working, name, set_by, set_at)
      select day, working, name, ${user.id}::bigint, ${this.clock.now()} from jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as d(day date, working boolean, name text)
      on conflict (day) do update set working = excluded.working, name = excluded.name, set_by = excluded.set_by, set_at = excluded.set_at`);
    await tx.run(sql`delete from calendar.override o using calendar.day d
      where d.day = o.day and d.working = o.working and coalesce(d.name, '') = o.name`);
  }

  /**
   * Leave, training and the like: no new work is planned for these days.
   * @throws DomainError not_found; InvalidInput absence_reversed at `to`, deputy_self at `deputy`
   */
  async addAbsence(user: CurrentUser, username: string, form: AbsenceForm): Promise<{ id: string }> {
    if (form.to < form.from) throw new InvalidInput([{ param: 'to', code: 'absence_reversed' }]);
    return this.db.tx(async (tx) => {
      const person = await this.staff.user(user, username, tx);
      const deputy = form.deputy ? await this.staff.user(user, form.deputy, tx) : null;
      if (deputy?.id === person.id) throw new InvalidInput([{ param: 'deputy', code: 'deputy_self' }]);
      const { id } = await tx.one<{ id: string }>(sql`
        insert into calendar.absence (user_id, from_day, to_day, kind, deputy_id, created_at)
        values (${person.id}, ${form.from}, ${form.to}, ${form.kind}, ${deputy?.id ?? null}, ${this.clock.now()}) returning id`);
      await this.audit.record(tx, user, { action: 'absence.added', object: 'user', id: person.id, detail: { ...form } });
      return { id };
    });
  }
}
