import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { emptySql, prepared, type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { PromiseKind, PromiseState } from './promise.states.js';
import type { PromiseListForm, PromiseShow } from './promises.forms.js';

const A_PAGE = 50;

export interface PromiseItem {
  id: string;
  kind: PromiseKind;
  text: string;
  state: PromiseState;
  /** Still to be kept. */
  undone: boolean;
  dueOn: Day;
  /** Undone, and its day is over. */
  late: boolean;
  customerId: string;
  customerName: string | null;
  star: number;
  campaignName: string;
  attemptId: string;
  owner: string;
  ownerName: string;
  madeBy: string;
  madeAt: Date;
  closedAt: Date | null;
  /** null: the clock. */
  closedBy: string | null;
  note: string | null;
  /** When a broken one was kept after all. */
  doneAt: Date | null;
  /** Whom it was handed over to. */
  nextOwnerName: string | null;
  /** Id of the promise this one goes on from. */
  previousId: string | null;
}

const UNDONE = sql`(p.state = 'open' or p.state = 'broken' and p.done_at is null)`;

/** @param today days are days of the Clock, not of the database. @param more columns, each with a comma before it */
const select = (today: Day, more: Sql = emptySql): Sql => sql`
  select p.id, p.kind, p.text, p.state, ${UNDONE} as undone, p.due_on::text as "dueOn", ${UNDONE} and p.due_on < ${today}::date as late,
         p.customer_id as "customerId", k.name as "customerName", k.star_level as star, c.name as "campaignName", p.attempt_id as "attemptId",
         u.username as owner, u.name as "ownerName", m.name as "madeBy", p.made_at as "madeAt", p.closed_at as "closedAt", b.name as "closedBy", p.note,
         p.done_at as "doneAt", nu.name as "nextOwnerName", p.previous_id as "previousId"${more}
  from calls.promise p
  join staff.v_user u on u.id = p.owner_id
  join staff.v_user m on m.id = p.made_by
  join customers.v_customer k on k.id = p.customer_id
  join calls.attempt a on a.id = p.attempt_id
  join campaigns.v_campaign c on c.id = a.campaign_id
  left join staff.v_user b on b.id = coalesce(p.done_by, p.closed_by)
  left join calls.promise n on n.previous_id = p.id
  left join staff.v_user nu on nu.id = n.owner_id`;

const SHOWN: Record<PromiseShow, (today: Day) => Sql | undefined> = {
  open: () => UNDONE,
  overdue: (today) => sql`${UNDONE} and p.due_on < ${today}::date`,
  kept: () => sql`p.state = 'kept'`,
  broken: () => sql`p.state = 'broken'`,
  handed_over: () => sql`p.state = 'handed_over'`,
  all: () => undefined,
};

/** A manager sees what she has to keep, everybody else what their units have (SYS-1). */
const visibleTo = (user: CurrentUser): Sql => (user.role === 'manager' ? sql`p.owner_id = ${user.id}` : inScope(user, sql`u.org_path`));
/** What is still to be kept is read from the oldest on, what is over from the newest. */
const ahead = ({ state = 'open' }: PromiseListForm): boolean => state === 'open' || state === 'overdue';

@Injectable()
export class PromisesQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError cursor_invalid (400) */
  async page(user: CurrentUser, form: PromiseListForm): Promise<Page<PromiseItem>> {
    const limit = form.limit ?? A_PAGE;
    const after = decodeCursor(form.cursor, 2);
    const past =
      after &&
      (ahead(form)
        ? sql`(p.due_on, p.id) > (${after[0]}::date, ${after[1]}::bigint)`
        : sql`(p.due_on, p.id) < (${after[0]}::date, ${after[1]}::bigint)`);
    const rows = await this.db.rows<PromiseItem>(sql`
      ${select(this.today())} ${whereAll([...this.conditions(user, form), past])} ${order(form)} limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.dueOn, last.id]);
  }

  /** All of a filter, as of one moment. */
  stream(user: CurrentUser, form: PromiseListForm): AsyncIterable<PromiseItem> {
    return this.db.stream<PromiseItem>(sql`${select(this.today())} ${whereAll(this.conditions(user, form))} ${order(form)}`);
  }

  count(user: CurrentUser, form: PromiseListForm): Promise<number> {
    return this.db.count(sql`${select(this.today())} ${whereAll(this.conditions(user, form))}`);
  }

  /** Of today and before, still to be kept, the latest first. */
  dueFor(userId: string): Promise<PromiseItem[]> {
    const today = this.today();
    return this.db.rows<PromiseItem>(sql`
      ${select(today)} where p.owner_id = ${userId} and ${UNDONE} and p.due_on <= ${today}::date order by p.due_on, p.id`);
  }

  /** What a customer still waits for, whoever has it, and whether the reader may note it as kept. No scope of the customer is asked. */
  ofCustomer(user: CurrentUser, customerId: string): Promise<(PromiseItem & { mayKeep: boolean })[]> {
    const mayKeep = ['manager', 'supervisor'].includes(user.role) ? visibleTo(user) : sql`false`;
    return this.db.rows(sql`
      ${select(this.today(), sql`, ${mayKeep} as "mayKeep"`)} where p.customer_id = ${customerId} and ${UNDONE} order by p.due_on, p.id`);
  }

  /** How many are late: asked on every page, so without what only a list shows. */
  late(user: CurrentUser): Promise<number> {
    return this.db.count(
      prepared(sql`
      select 1 from calls.promise p join staff.v_user u on u.id = p.owner_id
      ${whereAll([visibleTo(user), SHOWN.overdue(this.today())])}`),
    );
  }

  /** @throws DomainError not_found, also outside the scope */
  async byId(user: CurrentUser, id: string, on: Queryable = this.db): Promise<PromiseItem> {
    const found = await on.maybe<PromiseItem>(sql`${select(this.today())} where p.id::text = ${id} and ${visibleTo(user)}`);
    if (!found) throw notFound('promise', id);
    return found;
  }

  /** Who may take a promise over. */
  receivers(user: CurrentUser): Promise<{ username: string; name: string }[]> {
    return this.db.rows(sql`
      select u.username, u.name from staff.v_user u
      where u.active and u.role in ('manager', 'supervisor') and ${inScope(user, sql`u.org_path`)} order by u.username`);
  }

  private today(): Day {
    return dayOf(this.clock.now());
  }

  private conditions(user: CurrentUser, { state = 'open', whose, kind, owner }: PromiseListForm): (Sql | undefined)[] {
    return [
      visibleTo(user),
      SHOWN[state](this.today()),
      whose && sql`p.owner_id = ${user.id}`,
      kind && sql`p.kind = ${kind}`,
      owner ? sql`lower(u.username) = lower(${owner})` : undefined,
    ];
  }
}

const order = (form: PromiseListForm): Sql => (ahead(form) ? sql`order by p.due_on, p.id` : sql`order by p.due_on desc, p.id desc`);
