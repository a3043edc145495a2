import { Injectable } from '@nestjs/common';
import { AbsencesCommands } from '../../calendar/rota/absences.commands.js';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Clock } from '../../kernel/clock.js';
import { atTime, dayOf } from '../../kernel/day.js';
import { DomainError, InvalidInput, notFound, orUndefined } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { inScope, StaffQueries } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { EventEndings } from './event-endings.commands.js';
import type { EventForm } from './events.forms.js';
import { type EventKind, isVisit } from './events.types.js';

export interface LockedEvent {
  id: string;
  kind: EventKind;
  title: string;
  startsAt: Date;
  capacity: number | null;
  inviteBy: 'call' | 'sms';
  hostId: string;
  absenceId: string | null;
  cancelledAt: Date | null;
  version: number;
}

/** Whose event it is to run: those of the unit, and of a visit its host. */
const runs = (user: CurrentUser): Sql =>
  user.role === 'manager' ? sql`e.host_id = ${user.id} and e.created_by = ${user.id}` : inScope(user, sql`o.path`);

/** The event until the end of the transaction. @throws DomainError not_found, event_cancelled (409) */
export async function lockEvent(tx: Tx, id: string, whose: Sql): Promise<LockedEvent> {
  const event =
    /^\d{1,18}$/.test(id) &&
    (await tx.maybe<LockedEvent>(sql`
      select e.id, e.kind, e.title, e.starts_at as "startsAt", e.capacity, e.invite_by as "inviteBy", e.host_id as "hostId", e.absence_id as "absenceId",
             e.cancelled_at as "cancelledAt", e.version
      from care.event e join staff.v_org_unit o on o.id = e.org_unit_id where e.id = ${id} and ${whose} for no key update of e`));
  if (!event) throw notFound('event', id);
  if (event.cancelledAt) throw new DomainError('event_cancelled', { status: 409 });
  return event;
}

/** Makes, moves and calls off events (CAR-10). A visit is of one customer, who has said yes, and takes half a day of its host's calls. */
@Injectable()
export class EventsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly staff: StaffQueries,
    private readonly customers: CustomersQueries,
    private readonly absences: AbsencesCommands,
    private readonly endings: EventEndings,
  ) {}

  /** @throws InvalidInput at the field · DomainError role_refused (403): a manager makes visits only · not_found: host or customer out of sight */
  add(user: CurrentUser, form: EventForm): Promise<{ id: string }> {
    const times = checked(form);
    if (user.role === 'manager' && !isVisit(form.kind)) throw new DomainError('role_refused', { status: 403 });
    if (isVisit(form.kind) && !form.customer) throw new InvalidInput([{ param: 'customer', code: 'event_customer_missing' }]);
    return this.db.tx(async (tx) => {
      const hostId = await this.host(tx, user, form);
      const { id } = await tx.one<{ id: string }>(sql`
        insert into care.event (kind, title, place, starts_at, ends_at, capacity, host_id, invite_by, org_unit_id, created_by, created_at)
        select ${form.kind}, ${form.title}, ${form.place}, ${times.startsAt}, ${times.endsAt}, ${isVisit(form.kind) ? 1 : (form.capacity ?? null)}::integer, ${hostId},
               ${form.inviteBy ?? 'call'}, u.org_unit_id, u.id, ${this.clock.now()} from staff.v_user u where u.id = ${user.id} returning id`);
      if (form.customer && isVisit(form.kind)) await this.arrange(tx, user, { id, customer: form.customer });
      await this.takeHalfDay(tx, user, { id, kind: form.kind, hostId, ...times });
      await this.audit.record(tx, user, { action: 'care.event_added', object: 'event', id, detail: { kind: form.kind, day: form.day } });
      return { id };
    });
  }

  /** Kind and customer stay. @throws DomainError event_changed, event_cancelled, event_passed (409), not_found · InvalidInput */
  change(user: CurrentUser, id: string, form: EventForm): Promise<void> {
    const times = checked(form);
    return this.db.tx(async (tx) => {
      const event = await this.lockAhead(tx, user, id);
      if (form.version !== undefined && form.version !== event.version) throw new DomainError('event_changed', { status: 409 });
      const hostId = await this.host(tx, user, form, event.hostId);
      const capacity = isVisit(event.kind) ? 1 : (form.capacity ?? null);
      const { coming } = await tx.one<{ coming: number }>(
        sql`select count(*)::int as coming from care.invitation where event_id = ${id} and answer = 'yes'`,
      );
      if (capacity !== null && coming > capacity)
        throw new InvalidInput([{ param: 'capacity', code: 'event_more_coming', params: { count: coming } }]);
      await tx.run(sql`
        update care.event set title = ${form.title}, place = ${form.place}, starts_at = ${times.startsAt}, ends_at = ${times.endsAt}, capacity = ${capacity}::integer,
          host_id = ${hostId}, invite_by = ${form.inviteBy ?? event.inviteBy}, absence_id = null, version = version + 1 where id = ${id}`);
      if (event.absenceId) await this.absences.dropVisit(tx, user, event.absenceId);
      await this.takeHalfDay(tx, user, { id, kind: event.kind, hostId, ...times });
      if (times.startsAt.getTime() !== event.startsAt.getTime()) await this.endings.moved(tx, id, times.startsAt);
      await this.audit.record(tx, user, { action: 'care.event_changed', object: 'event', id, detail: { day: form.day, from: form.from } });
    });
  }

  /** Nobody is asked about it any more, and its host has the half day back. @throws DomainError event_cancelled, event_passed (409), not_found */
  cancel(user: CurrentUser, id: string, reason: string): Promise<void> {
    return this.db.tx(async (tx) => {
      const event = await this.lockAhead(tx, user, id);
      await tx.run(sql`update care.event set cancelled_at = ${this.clock.now()}, cancel_reason = ${reason}, version = version + 1 where id = ${id}`);
      if (event.absenceId) await this.absences.dropVisit(tx, user, event.absenceId);
      await this.endings.calledOff(tx, id);
      await this.audit.record(tx, user, { action: 'care.event_cancelled', object: 'event', id, detail: { reason } });
    });
  }

  /** Up to the end of its day it may be moved or called off; after that it has been. @throws DomainError event_passed (409) */
  private async lockAhead(tx: Tx, user: CurrentUser, id: string): Promise<LockedEvent> {
    const event = await lockEvent(tx, id, runs(user));
    const day = dayOf(event.startsAt);
    if (day < dayOf(this.clock.now())) throw new DomainError('event_passed', { status: 409, params: { day } });
    return event;
  }

  private async host(tx: Tx, user: CurrentUser, { host }: EventForm, otherwise = user.id): Promise<string> {
    if (!host || host.toLowerCase() === user.username.toLowerCase()) return host ? user.id : otherwise;
    if (user.role === 'manager') throw new InvalidInput([{ param: 'host', code: 'event_host_self' }]);
    const person = await this.staff.user(user, host, tx).catch(orUndefined);
    if (!person?.active) throw new InvalidInput([{ param: 'host', code: 'event_host_unknown', params: { host } }]);
    return person.id;
  }

  private async arrange(tx: Tx, user: CurrentUser, { id, customer }: { id: string; customer: string }): Promise<void> {
    const found = await this.customers.facts(user, customer, tx).catch(orUndefined);
    if (!found) throw new InvalidInput([{ param: 'customer', code: 'event_customer_unknown' }]);
    const now = this.clock.now();
    const made = await tx.run(sql`
      insert into care.invitation (event_id, customer_id, line_id, added_by, added_at, invited_at, invited_by, answer, answer_by, answer_at)
      select ${id}, k.customer_id, k.line_id, ${user.id}, ${now}, ${now}, ${user.id}, 'yes', ${user.id}, ${now}
      from customers.v_contact_line k where k.customer_id = ${found.id}`);
    if (made === 0) throw new InvalidInput([{ param: 'customer', code: 'event_customer_unknown' }]);
  }

  private async takeHalfDay(tx: Tx, user: CurrentUser, event: { id: string; kind: EventKind; hostId: string; startsAt: Date }): Promise<void> {
    if (!isVisit(event.kind)) return;
    const part = event.startsAt < atTime(dayOf(event.startsAt), '12:00') ? 'morning' : 'afternoon';
    const absence = await this.absences.noteVisit(tx, user, { userId: event.hostId, day: dayOf(event.startsAt), part });
    await tx.run(sql`update care.event set absence_id = ${absence}::bigint where id = ${event.id}`);
  }
}

function checked({ day, from, to }: EventForm): { startsAt: Date; endsAt: Date } {
  if (to <= from) throw new InvalidInput([{ param: 'to', code: 'event_time_reversed' }]);
  return { startsAt: atTime(day, from), endsAt: atTime(day, to) };
}
