import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { addDays, type Day, daysBetween } from '../kernel/day.js';
import { DomainError, InvalidInput, notFound } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit/audit.commands.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { MarkForm } from './marks.forms.js';

/** A cold spell or a heat wave is a matter of days, a theme month of a month. */
const LONGEST_DAYS = 31;
/** A mark tells what calls and messages of a day may say; nobody needs one for a day long gone. */
const OLDEST_DAYS = 31;

/** Days no almanac knows, entered by hand: cold, heat, the member day (CAR-5). */
@Injectable()
export class MarksCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * Holds for the customers of the user's unit and those below.
   * @throws InvalidInput day_reversed, mark_too_long, day_past, each at its field · DomainError mark_known (409)
   */
  async add(user: CurrentUser, form: MarkForm, today: Day): Promise<{ id: string }> {
    const { from } = form;
    const to = form.to ?? from;
    this.check(from, to, today);
    return this.db.tx(async (tx) => {
      const made = await tx.maybe<{ id: string }>(sql`
        insert into calendar.day_mark (kind, from_day, to_day, name, region, org_unit_id, noted_by, noted_at)
        select ${form.kind}, ${from}::date, ${to}::date, ${form.name}, ${form.region ?? null}::text, u.org_unit_id, u.id, ${this.clock.now()}
        from staff.v_user u where u.id = ${user.id}
        on conflict do nothing returning id`);
      if (!made) throw new DomainError('mark_known', { status: 409, param: 'name', params: { name: form.name } });
      await this.audit.record(tx, user, { action: 'calendar.mark_added', object: 'day_mark', id: made.id, detail: { ...form, to } });
      return made;
    });
  }

  /** @throws DomainError not_found */
  async remove(user: CurrentUser, id: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const gone = await tx.maybe<{ kind: string; name: string; from: Day; to: Day }>(sql`
        delete from calendar.day_mark m using staff.v_org_unit o
        where m.id::text = ${id} and o.id = m.org_unit_id and ${inScope(user, sql`o.path`)}
        returning m.kind, m.name, m.from_day as "from", m.to_day as "to"`);
      if (!gone) throw notFound('day_mark', id);
      await this.audit.record(tx, user, { action: 'calendar.mark_removed', object: 'day_mark', id, detail: gone });
    });
  }

  private check(from: Day, to: Day, today: Day): void {
    if (to < from) throw new InvalidInput([{ param: 'to', code: 'day_reversed' }]);
    if (daysBetween(from, to) >= LONGEST_DAYS) throw new InvalidInput([{ param: 'to', code: 'mark_too_long', params: { days: LONGEST_DAYS } }]);
    if (to < addDays(today, -OLDEST_DAYS)) throw new InvalidInput([{ param: 'to', code: 'day_past', params: { days: OLDEST_DAYS } }]);
  }
}
