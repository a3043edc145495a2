import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { joinSql, prepared, rawSql, type Sql, sql, whereAll } from '../platform/database/sql.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { TicketListForm } from './tickets.forms.js';
import { TICKET_PILLS, type TicketEntry, type TicketFilter, type TicketMark, type TicketPill, type TicketRow } from './tickets.types.js';

const A_PAGE = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** In microseconds, as the database keeps it: a cursor in milliseconds would lose its place between two rows. */
const POSITION = sql`(extract(epoch from t.due_at) * 1000000)::bigint`;

const FROM = sql`
  from tickets.ticket t
  join customers.v_customer c on c.id = t.customer_id
  join staff.v_org_unit o on o.id = t.org_unit_id
  left join customers.v_line l on l.id = t.line_id
  left join staff.v_user a on a.id = t.assignee_id
  left join staff.v_user b on b.id = t.opened_by`;

/** What a ticket was promised. */
const LIMITS = sql`(
  select jsonb_build_object('hours', r.hours, 'workFrom', to_char(v.work_from, 'HH24:MI'), 'workTo', to_char(v.work_to, 'HH24:MI'),
    'answerMinutes', r.answer_minutes, 'solveMinutes', r.solve_minutes)
  from tickets.limit_rule r join tickets.limit_version v using (version)
  where r.version = t.limit_version and r.kind = t.kind and r.tier = t.tier and r.scope = t.scope)`;

/** Whoever has it was disabled: it would stand on nobody's list. */
const LEFT = sql`coalesce(not a.active, false)`;

/** Of `tickets.ticket t` of customer `c`: had, opened, or of a customer of one's list. @param userId null: nobody asks */
export const ownOf = (userId: string | null): Sql =>
  sql`coalesce(t.assignee_id = ${userId} or t.opened_by = ${userId} or c.manager_id = ${userId}, false)`;

/** Handled in one's units, or one's own (SYS-1). */
const visibleTo = (user: CurrentUser): Sql => sql`(${inScope(user, sql`o.path`)} or ${ownOf(user.id)})`;

@Injectable()
export class TicketsQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** The one that runs out first comes first. @throws DomainError cursor_invalid (400) */
  async list(user: CurrentUser, form: TicketListForm): Promise<Page<TicketRow>> {
    const limit = form.limit ?? A_PAGE;
    const rows = await this.db.rows<TicketRow & { position: string }>(sql`
      ${this.select(user, sql`, ${POSITION} as position`)} ${whereAll([...this.conditions(user, form), afterOf(form.cursor)])}
      order by t.due_at, t.id limit ${limit + 1}`);
    const page = pageOf(rows, limit, (last) => [last.position, last.id]);
    return { ...page, items: page.items.map(({ position: _, ...row }) => row) };
  }

  /** All rows of a filter, read one by one, and how many. */
  async whole(user: CurrentUser, form: TicketFilter): Promise<{ count: number; rows: AsyncGenerator<TicketRow> }> {
    const select = sql`${this.select(user)} ${whereAll(this.conditions(user, form))}`;
    return { count: await this.db.count(select), rows: this.db.stream<TicketRow>(sql`${select} order by t.due_at, t.id`) };
  }

  /** How many of each pill there are: the same conditions as the list, so that they agree. */
  async counts(user: CurrentUser, { kind, scope }: Pick<TicketFilter, 'kind' | 'scope'> = {}): Promise<Record<TicketPill, number>> {
    const pills = Object.entries(TICKET_PILLS) as [TicketPill, TicketFilter][];
    const counted = pills.map(([name, filter]) => sql`(count(*) filter (${whereAll(this.filtered(user, filter))}))::int as ${rawSql(`"${name}"`)}`);
    return this.db.one(
      sql`select ${joinSql(counted)} ${FROM} ${whereAll([visibleTo(user), sql`t.state <> 'closed'`, ...this.filtered(user, { kind, scope })])}`,
    );
  }

  /** How many rows a filter has. */
  count(user: CurrentUser, form: TicketFilter): Promise<number> {
    return this.db.count(prepared(this.counted(user, form)));
  }

  private counted(user: CurrentUser, form: TicketFilter): Sql {
    return sql`select ${FROM} ${whereAll(this.conditions(user, form))}`;
  }

  /** @throws DomainError not_found, also outside the scope */
  async byNo(user: CurrentUser, no: string, on: Queryable = this.db): Promise<TicketRow> {
    const row = await on.maybe<TicketRow>(sql`${this.select(user)} where t.no = ${no} and ${visibleTo(user)}`);
    if (!row) throw notFound('ticket', no);
    return row;
  }

  /** The ticket a person's call opened; null while it is still to come. @throws DomainError not_found, also for a call of somebody else */
  async ofCall(user: CurrentUser, attemptId: string): Promise<{ no: string | null; opens: boolean }> {
    const known = UUID.test(attemptId);
    const call =
      known &&
      (await this.db.maybe<{ no: string | null; opens: boolean }>(sql`
      select (select t.no from tickets.ticket t where t.attempt_id = a.id) as no, o.opens_ticket as opens
      from calls.v_attempt a join calls.outcome o on o.code = a.outcome where a.id = ${attemptId} and a.manager_id = ${user.id}`));
    if (!call) throw notFound('attempt', attemptId);
    return call;
  }

  /** Whether somebody still has it in sight after it was handed on. */
  async sees(user: CurrentUser, no: string): Promise<boolean> {
    return (await this.db.maybe(sql`select ${FROM} where t.no = ${no} and ${visibleTo(user)}`)) !== undefined;
  }

  /** From its opening on. */
  history(ticketId: string): Promise<TicketEntry[]> {
    return this.db.rows<TicketEntry>(sql`
      select e.id, e.at, u.name as by, e.deed, e.state, e.target, e.note from tickets.entry e left join staff.v_user u on u.id = e.by_user
      where e.ticket_id = ${ticketId} order by e.id`);
  }

  /** Where a ticket may go: every unit there is, so that a city can hand to the province. */
  units(): Promise<{ code: string; name: string }[]> {
    return this.db.rows(sql`select code, name from staff.v_org_unit where active order by path`);
  }

  /** Who may have it: who works at its unit or below. */
  people(unitCode: string): Promise<{ username: string; name: string }[]> {
    return this.db.rows(sql`
      select u.username, u.name from staff.v_user u join staff.v_org_unit o on starts_with(u.org_path, o.path)
      where o.code = ${unitCode} and u.active and u.role in ('manager', 'supervisor') order by u.name limit 500`);
  }

  private select(user: CurrentUser, more: Sql = sql``): Sql {
    return sql`
      select t.id, t.no, t.kind, t.scope, t.tier, t.major, t.text, t.state, jsonb_build_object('id', c.id::text, 'name', c.name, 'starLevel', c.star_level) as customer,
             l.number, o.name as unit, o.code as "unitCode", a.name as assignee, t.assignee_id as "assigneeId", ${LEFT} as "assigneeLeft", ${ownOf(user.id)} as own, t.opened_at as "openedAt", b.name as "openedBy",
             t.answer_due as "answerDue", t.solve_due as "solveDue", t.answer_escalate as "answerEscalate", t.solve_escalate as "solveEscalate", t.answered_at as "answeredAt", t.waiting_since as "waitingSince", t.solved_at as "solvedAt",
             t.closed_at as "closedAt", case when t.state not in ('waiting', 'solved', 'closed') then t.due_at end as "dueAt",
             t.due_at < ${this.clock.now()} as late, t.urges, t.escalated_at as "escalatedAt", t.escalated_limit as "escalatedLimit", ${LIMITS} as limits,
             (select m.no from tickets.ticket m where m.id = t.merged_into) as "mergedInto", t.satisfaction, t.round, t.attempt_id is not null as "fromCall", t.limit_version as "limitVersion" ${more} ${FROM}`;
  }

  private conditions(user: CurrentUser, filter: TicketFilter): (Sql | false)[] {
    return [visibleTo(user), ...this.filtered(user, filter)];
  }

  private filtered(user: CurrentUser, { view, kind, scope, state, mark, customer }: TicketFilter): (Sql | false)[] {
    const marks: Record<TicketMark, Sql> = {
      todo: sql`t.state in ('open', 'assigned', 'answered')`,
      late: sql`t.due_at < ${this.clock.now()}`,
      escalated: sql`t.escalated_at is not null and t.state not in ('solved', 'closed')`,
      urged: sql`t.urges > 0`,
    };
    return [
      view === 'mine' && sql`(t.assignee_id = ${user.id} or (t.assignee_id is null or ${LEFT}) and c.manager_id = ${user.id})`,
      view === 'unit' && inScope(user, sql`o.path`),
      kind !== undefined && sql`t.kind = ${kind}`,
      scope !== undefined && sql`t.scope = ${scope}`,
      state === undefined ? customer === undefined && sql`t.state <> 'closed'` : sql`t.state = ${state}`,
      mark !== undefined && marks[mark],
      customer !== undefined && sql`c.id::text = ${customer}`,
    ];
  }
}

function afterOf(cursor: string | undefined): Sql | undefined {
  const key = decodeCursor(cursor, 2)?.map(String);
  if (!key) return undefined;
  if (!key.every((part) => /^\d{1,18}$/.test(part))) throw new DomainError('cursor_invalid', { status: 400, param: 'cursor' });
  return sql`(t.due_at, t.id) > (timestamptz 'epoch' + ${key[0]}::bigint * interval '1 microsecond', ${key[1]}::bigint)`;
}
