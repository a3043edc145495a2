import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day, dayOf } from '../../kernel/day.js';
import { InvalidInput, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { RotaChanged } from '../calendar.events.js';
import { OLDEST_DAYS } from './absence.policy.js';
import type { RotaDayForm, RotaPatternForm } from './rota.forms.js';

/** A person's own week and single days (CAR-1). What is planned already and finds no room any more is told of by {@link RotaChanged}. */
@Injectable()
export class RotaCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly staff: StaffQueries,
    private readonly events: Events,
  ) {}

  /**
   * Sets single days; `share` null takes a setting back.
   * @throws DomainError not_found; InvalidInput day_past, day_unknown at `days`
   */
  async setDays(user: CurrentUser, username: string, days: readonly RotaDayForm[]): Promise<void> {
    const rows = JSON.stringify(days.map(({ day, share, note }) => ({ day, share, note: note ?? '' })));
    await this.db.tx(async (tx) => {
      const person = await this.staff.user(user, username, tx);
      await this.checkDays(
        tx,
        days.map(({ day }) => day),
        'days',
      );
      await tx.run(sql`
        insert into calendar.rota_day (user_id, day, share, note, set_by, set_at)
        select ${person.id}::bigint, d.day, d.share, d.note, ${user.id}::bigint, ${this.clock.now()}::timestamptz
        from jsonb_to_recordset(${rows}::jsonb) as d(day date, share smallint, note text) where d.share is not null
        on conflict (user_id, day) do update set share = excluded.share, note = excluded.note, set_by = excluded.set_by, set_at = excluded.set_at`);
      await tx.run(sql`
        delete from calendar.rota_day r using jsonb_to_recordset(${rows}::jsonb) as d(day date, share smallint)
        where r.user_id = ${person.id} and r.day = d.day and d.share is null`);
      await this.audit.record(tx, user, { action: 'rota.days_set', object: 'user', id: person.id, detail: { days } });
      await this.events.publish(tx, RotaChanged, { userId: person.id });
    });
  }

  /**
   * Sets the week from a day on; weeks that were to begin later stay.
   * @throws DomainError not_found; InvalidInput day_past, day_unknown at `from`
   */
  async setPattern(user: CurrentUser, username: string, { from, shares }: RotaPatternForm): Promise<void> {
    await this.db.tx(async (tx) => {
      const person = await this.staff.user(user, username, tx);
      await this.checkDays(tx, [from], 'from');
      await tx.run(sql`
        insert into calendar.rota_pattern (user_id, from_day, shares, set_by, set_at)
        values (${person.id}, ${from}, ${shares}::smallint[], ${user.id}, ${this.clock.now()})
        on conflict (user_id, from_day) do update set shares = excluded.shares, set_by = excluded.set_by, set_at = excluded.set_at`);
      await this.audit.record(tx, user, { action: 'rota.week_set', object: 'user', id: person.id, detail: { from, shares } });
      await this.events.publish(tx, RotaChanged, { userId: person.id });
    });
  }

  /** What absences of a kind cost from now on; those noted already keep theirs. @throws DomainError not_found */
  async setKind(user: CurrentUser, code: string, lossPercent: number): Promise<void> {
    await this.db.tx(async (tx) => {
      const found = await tx.run(sql`update calendar.absence_kind set loss_percent = ${lossPercent} where code = ${code}`);
      if (found === 0) throw notFound('absence_kind', code);
      await this.audit.record(tx, user, { action: 'rota.absence_kind_set', object: 'absence_kind', id: code, detail: { lossPercent } });
    });
  }

  private async checkDays(tx: Tx, days: readonly Day[], param: string): Promise<void> {
    const oldest = addDays(dayOf(this.clock.now()), -OLDEST_DAYS);
    if (days.some((day) => day < oldest)) throw new InvalidInput([{ param, code: 'day_past', params: { days: OLDEST_DAYS } }]);
    const unknown = await tx.maybe<{ day: Day }>(sql`
      select d.day from unnest(${days}::date[]) d(day) where not exists (select from calendar.day k where k.day = d.day) limit 1`);
    if (unknown) throw new InvalidInput([{ param, code: 'day_unknown', params: { day: unknown.day } }]);
  }
}
