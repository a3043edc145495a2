import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { DomainError, InvalidInput, named, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { StaffQueries, type UserRow } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { AbsenceEnded, AbsenceNoted, RotaChanged } from '../calendar.events.js';
import { absenceRefusal, endingOf } from './absence.policy.js';
import type { AbsenceForm } from './rota.forms.js';
import { RotaQueries } from './rota.queries.js';

/** What is noted all the same, but should be looked at; the sentence is `absence.warning.<code>`. */
export interface AbsenceWarning {
  code: 'deputy_absent';
  params: Record<string, string>;
}

export interface AbsenceNote {
  id: string;
  lossPercent: number;
  warnings: AbsenceWarning[];
}

/** Leave, training and the like: who is away when, what it costs, who stands in (SYS-6). */
@Injectable()
export class AbsencesCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly staff: StaffQueries,
    private readonly rota: RotaQueries,
    private readonly events: Events,
  ) {}

  /**
   * @throws DomainError role_refused (403) for somebody else's, but by a supervisor · not_found · absence_overlaps (409) with the days it meets
   * @throws InvalidInput absence_reversed at `to`; day_past, absence_own_past, day_unknown at `from`, `to`; deputy_self, deputy_unfit at `deputy`
   */
  async add(user: CurrentUser, username: string, form: AbsenceForm): Promise<AbsenceNote> {
    const own = ownOrRefused(user, username);
    return this.db.tx(async (tx) => {
      const person = await this.staff.user(user, username, tx);
      await this.lock(tx, person.id);
      const part = form.part ?? 'day';
      const { absences } = await this.rota.facts(person.id, form.from, form.to, tx);
      const refusal = absenceRefusal({ ...form, part }, absences, { today: dayOf(this.clock.now()), own });
      if (refusal)
        throw refusal.code === 'absence_overlaps' ? new DomainError(refusal.code, { status: 409, ...refusal }) : new InvalidInput([refusal]);
      await this.knownDay(tx, form.to);
      const deputy = form.deputy ? await this.deputy(tx, user, { person, username: form.deputy }) : null;
      const made = await tx.one<{ id: string; lossPercent: number }>(sql`
        insert into calendar.absence (user_id, from_day, to_day, kind, part, loss_percent, deputy_id, noted_by, created_at)
        select ${person.id}, ${form.from}, ${form.to}, k.code, ${part}, coalesce(${form.lossPercent ?? null}::smallint, k.loss_percent),
               ${deputy?.id ?? null}, ${user.id}, ${this.clock.now()}
        from calendar.absence_kind k where k.code = ${form.kind} returning id, loss_percent as "lossPercent"`);
      await this.audit.record(tx, user, { action: 'absence.added', object: 'user', id: person.id, detail: { ...form, absence: made.id } });
      await this.tell(tx, AbsenceNoted, { absenceId: made.id, userId: person.id });
      return { ...made, warnings: deputy ? await this.warnings(tx, form, deputy) : [] };
    });
  }

  /**
   * Half a day for a visit that was arranged, in the transaction that arranges it (CAR-10): costs what visits cost.
   * @returns null where the person is away at that time already, which costs more, or the day is settled
   */
  async noteVisit(tx: Tx, by: CurrentUser, visit: { userId: string; day: Day; part: 'morning' | 'afternoon' }): Promise<string | null> {
    const { userId, day, part } = visit;
    await this.lock(tx, userId);
    const { absences } = await this.rota.facts(userId, day, day, tx);
    if (absenceRefusal({ from: day, to: day, part }, absences, { today: dayOf(this.clock.now()), own: false })) return null;
    await this.knownDay(tx, day);
    const { id } = await tx.one<{ id: string }>(sql`
      insert into calendar.absence (user_id, from_day, to_day, kind, part, loss_percent, noted_by, created_at)
      select ${userId}, ${day}, ${day}, k.code, ${part}, k.loss_percent, ${by.id}, ${this.clock.now()}
      from calendar.absence_kind k where k.code = 'visit' returning id`);
    await this.audit.record(tx, by, { action: 'absence.added', object: 'user', id: userId, detail: { day, part, kind: 'visit', absence: id } });
    await this.tell(tx, AbsenceNoted, { absenceId: id, userId });
    return id;
  }

  /** The visit does not take place, or at another time; one that has passed stays. */
  async dropVisit(tx: Tx, by: CurrentUser, id: string): Promise<void> {
    const dropped = await tx.maybe<{ userId: string }>(sql`
      update calendar.absence set cancelled_at = ${this.clock.now()}
      where id = ${id} and cancelled_at is null and from_day >= ${dayOf(this.clock.now())}::date returning user_id as "userId"`);
    if (!dropped) return;
    await this.audit.record(tx, by, { action: 'absence.ended', object: 'user', id: dropped.userId, detail: { absence: id } });
    await this.tell(tx, AbsenceEnded, { absenceId: id, userId: dropped.userId });
  }

  /**
   * Takes an absence back: one that has not begun is called off, one under way ends with yesterday.
   * @throws DomainError role_refused (403) · not_found · absence_over (409)
   */
  async end(user: CurrentUser, username: string, id: string): Promise<void> {
    ownOrRefused(user, username);
    await this.db.tx(async (tx) => {
      const person = await this.staff.user(user, username, tx);
      await this.lock(tx, person.id);
      const absence = await tx.maybe<{ from: Day; to: Day }>(sql`
        select from_day as "from", to_day as "to" from calendar.v_absence where id::text = ${id} and user_id = ${person.id}`);
      if (!absence) throw notFound('absence', id);
      const ending = endingOf(absence, dayOf(this.clock.now()));
      if (ending === 'over') throw new DomainError('absence_over', { status: 409, params: { to: absence.to } });
      if ('lastDay' in ending) await tx.run(sql`update calendar.absence set to_day = ${ending.lastDay} where id = ${id}`);
      else await tx.run(sql`update calendar.absence set cancelled_at = ${this.clock.now()} where id = ${id}`);
      await this.audit.record(tx, user, { action: 'absence.ended', object: 'user', id: person.id, detail: { absence: id, ...absence, ...ending } });
      await this.tell(tx, AbsenceEnded, { absenceId: id, userId: person.id });
    });
  }

  private async tell(tx: Tx, event: typeof AbsenceNoted, { absenceId, userId }: { absenceId: string; userId: string }): Promise<void> {
    await this.events.publish(tx, event, { absenceId });
    await this.events.publish(tx, RotaChanged, { userId });
  }

  /** One at a time for a person: two requests must not note the same days. */
  private async lock(tx: Tx, userId: string): Promise<void> {
    await tx.run(sql`select pg_advisory_xact_lock(hashtext('calendar.absence'), ${userId}::int)`);
  }

  private async knownDay(tx: Tx, day: Day): Promise<void> {
    const known = await tx.maybe(sql`select 1 from calendar.day where day = ${day}`);
    if (!known) throw new InvalidInput([{ param: 'to', code: 'day_unknown', params: { day } }]);
  }

  /** A manager's list goes to a manager; anybody else is stood in for by whom they like. */
  private async deputy(tx: Tx, user: CurrentUser, { person, username }: { person: UserRow; username: string }): Promise<UserRow> {
    const deputy = await named('deputy', this.staff.user(user, username, tx));
    if (deputy.id === person.id) throw new InvalidInput([{ param: 'deputy', code: 'deputy_self' }]);
    const fit = deputy.active && (person.role !== 'manager' || deputy.role === 'manager');
    if (!fit) throw new InvalidInput([{ param: 'deputy', code: 'deputy_unfit', params: { name: deputy.name } }]);
    return deputy;
  }

  private async warnings(tx: Tx, { from, to }: AbsenceForm, deputy: UserRow): Promise<AbsenceWarning[]> {
    const away = await tx.rows<{ day: Day }>(sql`
      select day from calendar.v_rota(${from}, ${to}) where user_id = ${deputy.id} and rostered > 0 and share = 0 order by day`);
    const [first, last] = [away[0]?.day, away.at(-1)?.day];
    return first && last ? [{ code: 'deputy_absent', params: { name: deputy.name, from: first, to: last } }] : [];
  }
}

/** Everybody notes their own absences, supervisors also those of their people. @returns whether only one's own right is used */
function ownOrRefused(user: CurrentUser, username: string): boolean {
  if (user.role === 'supervisor' || user.role === 'admin') return false;
  if (user.username.toLowerCase() !== username.toLowerCase()) throw new DomainError('role_refused', { status: 403 });
  return true;
}
