import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { addDays, dayOf, dayStart } from '../../kernel/day.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { joinSql, rawSql, type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope, usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { EventListForm, InvitationListForm } from './events.forms.js';
import { type EventRow, type InvitationRow, type Show, SHOWS, VISIT_KINDS } from './events.types.js';

/** What each figure counts, over `i` (an invitation): the same condition picks the rows behind it. */
const CONDITIONS: Record<Show, Sql> = {
  matched: sql`true`,
  excluded: sql`i.excluded is not null`,
  listed: sql`i.excluded is null`,
  invited: sql`i.excluded is null and i.invited_at is not null`,
  answered: sql`i.answer is not null`,
  coming: sql`i.answer = 'yes'`,
  attended: sql`i.attended`,
  result: sql`i.result in ('order', 'intention')`,
};

const COUNTS = joinSql(SHOWS.map((show) => sql`${rawSql(`'${show}'`)}, count(*) filter (where ${CONDITIONS[show]})`));

/** A manager sees her own customers, everybody else those of their units (SYS-1). */
const seen = (user: CurrentUser): Sql => (user.role === 'manager' ? sql`c.manager_id = ${user.id}` : inScope(user, sql`u.path`));

const PEOPLE = sql`from care.invitation i
  join customers.v_customer c on c.id = i.customer_id
  join staff.v_org_unit u on u.id = c.org_unit_id
  join customers.v_line l on l.id = i.line_id`;

const INVITATION = sql`select i.customer_id as "customerId", c.name, l.number, c.star_level as "starLevel", m.name as manager, i.excluded,
    i.invited_at as "invitedAt", i.answer, a.name as "answerBy", i.answer_at as "answerAt", i.attended, i.result, i.note
  ${PEOPLE} left join staff.v_user m on m.id = c.manager_id left join staff.v_user a on a.id = i.answer_by`;

/** Events with their figures, and the people behind each figure (CAR-10). */
@Injectable()
export class EventsQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Of the user's unit, those below and above; the latest first. Visits are shown to their host and to who oversees her. */
  async list(user: CurrentUser, { kind, state, limit = 30, cursor }: EventListForm = {}): Promise<Page<EventRow>> {
    const key = decodeCursor(cursor, 2);
    const rows = await this.db.rows<EventRow>(sql`
      select * from (${this.rows(user)}) x
      ${whereAll([
        kind && sql`x.kind = ${kind}`,
        state && sql`x.state = ${state}`,
        key && sql`(x."startsAt", x.id) < (${key[0]}::timestamptz, ${key[1]}::bigint)`,
      ])}
      order by x."startsAt" desc, x.id desc limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.startsAt, last.id]);
  }

  /** @throws DomainError not_found */
  async byId(user: CurrentUser, id: string, on: Queryable = this.db): Promise<EventRow> {
    const row = /^\d{1,18}$/.test(id) && (await on.maybe<EventRow>(sql`select * from (${this.rows(user)}) x where x.id = ${id}`));
    if (!row) throw notFound('event', id);
    return row;
  }

  /** The people behind one figure, best stars first. No scope of the event is asked: {@link byId} before. */
  async invitations(
    user: CurrentUser,
    eventId: string,
    { show = 'listed', limit = 50, cursor }: InvitationListForm = {},
  ): Promise<Page<InvitationRow>> {
    const key = decodeCursor(cursor, 2);
    const after = key && sql`(c.star_level < ${key[0]}::int or c.star_level = ${key[0]}::int and i.customer_id > ${key[1]}::bigint)`;
    const rows = await this.db.rows<InvitationRow>(sql`
      ${INVITATION} ${whereAll([sql`i.event_id = ${eventId}`, seen(user), CONDITIONS[show], after])}
      order by c.star_level desc, i.customer_id limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.starLevel, last.customerId]);
  }

  /** All of them, for an export. */
  async allInvitations(user: CurrentUser, eventId: string, show: Show): Promise<{ count: number; rows: AsyncIterable<InvitationRow> }> {
    const select = sql`${INVITATION} ${whereAll([sql`i.event_id = ${eventId}`, seen(user), CONDITIONS[show]])}`;
    const rows = this.db.stream<InvitationRow>(sql`${select} order by c.star_level desc, i.customer_id`);
    return { count: await this.db.count(select), rows };
  }

  /** Those of the customers who are on the list and seen by the user. */
  async listed(tx: Queryable, user: CurrentUser, { eventId, customerIds }: { eventId: string; customerIds: readonly string[] }): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(sql`
      select i.customer_id as id ${PEOPLE}
      where i.event_id = ${eventId} and i.customer_id = any(${customerIds}::bigint[]) and i.excluded is null and ${seen(user)}`);
    return rows.map(({ id }) => id);
  }

  private rows(user: CurrentUser): Sql {
    const now = this.clock.now();
    const today = dayOf(now);
    const own = user.role === 'manager' ? sql`and (e.kind <> all(${[...VISIT_KINDS]}::text[]) or e.host_id = ${user.id})` : sql``;
    return sql`
      select e.id, e.kind, e.title, e.place, e.starts_at as "startsAt", e.ends_at as "endsAt", e.capacity, h.username as host, h.name as "hostName",
             e.invite_by as "inviteBy", e.absence_id as "absenceId", e.cancelled_at as "cancelledAt", e.cancel_reason as "cancelReason", e.version,
             o.code as "orgUnit", o.name as "orgUnitName",
             case when e.cancelled_at is not null then 'cancelled' when e.starts_at >= ${dayStart(addDays(today, 1))}::timestamptz then 'ahead'
                  when e.ends_at < ${dayStart(today)}::timestamptz then 'over' else 'today' end as state,
             (select jsonb_build_object(${COUNTS}) ${PEOPLE} where i.event_id = e.id and ${seen(user)}) as counts
      from care.event e
      join staff.v_org_unit o on o.id = e.org_unit_id
      join staff.v_user h on h.id = e.host_id
      where ${usableBy(user, sql`o.path`)} ${own}`;
  }
}
