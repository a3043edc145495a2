import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { Day } from '../kernel/day.js';
import { InvalidInput } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Events } from '../platform/jobs/events.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { RotaChanged } from './calendar.events.js';
import type { DayOverride } from './calendar.types.js';

@Injectable()
export class CalendarCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly events: Events,
  ) {}

  /**
   * Sets days by hand; they win over the computed ones. A day set to what was computed is an override no more.
   * @param said the year they are of, where one was named, and whether the notice of a year is in
   * @throws InvalidInput at `days`: `day_other_year` · `day_unknown` for a day outside the table
   */
  async setDays(
    user: CurrentUser,
    days: readonly DayOverride[],
    said: { year?: number | undefined; published?: { year: number; published: boolean } | undefined } = {},
  ): Promise<void> {
    const { year, published } = said;
    const stray = days.find(({ day }) => year !== undefined && Number(day.slice(0, 4)) !== year);
    if (stray) throw new InvalidInput([{ param: 'days', code: 'day_other_year', params: { day: stray.day, year: String(year) } }]);
    const rows = JSON.stringify(days);
    await this.db.tx(async (tx) => {
      const unknown = await tx.maybe<{ day: Day }>(sql`select d.day from jsonb_to_recordset(${rows}::jsonb) as d(day date)
        where not exists (select 1 from calendar.day k where k.day = d.day) order by 1 limit 1`);
      if (unknown) throw new InvalidInput([{ param: 'days', code: 'day_unknown', params: { day: unknown.day } }]);
      const changed = await tx.rows<DayOverride>(sql`
        select d.day, d.working, coalesce(d.name, '') as name from jsonb_to_recordset(${rows}::jsonb) as d(day date, working boolean, name text)
        join calendar.v_day v on v.day = d.day where d.working <> v.working or coalesce(d.name, '') <> coalesce(v.name, '')`);
      await this.override(tx, user, changed);
      const marked = published ? await this.mark(tx, published) : false;
      if (changed.length === 0 && !marked) return;
      const detail = { days: changed, ...(marked ? published : {}) };
      await this.audit.record(tx, user, { action: 'calendar.days_set', object: 'calendar', detail });
      if (changed.length > 0) await this.events.publish(tx, RotaChanged, { userId: null });
    });
  }

  /** Whether the notice of a year is in the table. @returns whether that is news */
  private async mark(tx: Tx, { year, published }: { year: number; published: boolean }): Promise<boolean> {
    return (
      (await tx.run(sql`update calendar.year set published = ${published}, source = 'manual' where year = ${year} and published <> ${published}`)) > 0
    );
  }

  private async override(tx: Tx, user: CurrentUser, days: readonly DayOverride[]): Promise<void> {
    await tx.run(sql`insert into calendar.override (day, working, name, set_by, set_at)
      select day, working, name, ${user.id}::bigint, ${this.clock.now()} from jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as d(day date, working boolean, name text)
      on conflict (day) do update set working = excluded.working, name = excluded.name, set_by = excluded.set_by, set_at = excluded.set_at`);
    await tx.run(sql`delete from calendar.override o using calendar.day d
      where d.day = o.day and d.working = o.working and coalesce(d.name, '') = o.name`);
  }
}
