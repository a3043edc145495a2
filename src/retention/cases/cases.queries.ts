import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { joinSql, prepared, rawSql, type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { figureSql, hasMeasure, isFigure, OFFERED, TAKEN } from '../analysis/figures.policy.js';
import { type CaseRow, GIVING_STATES } from './case.types.js';
import { CASE_VIEWS, type CaseFilter, type CaseListForm, type CaseView } from './cases.forms.js';

const A_PAGE = 50;

/** The last round of calls of `k`, as `n`. */
const NEXT = sql`left join lateral (
  select t.task_id, x.owner_id, x.state, x.due_on, x.callback_at from retention.case_task t join calls.v_task x on x.id = t.task_id
  where t.case_id = k.id order by t.round desc limit 1) n on true`;

/** @param days of the follow-up that a figure asks for */
export const casesFrom = (days: number): Sql => sql`
  from retention.churn_case k
  join customers.v_customer c on c.id = k.customer_id
  join staff.v_org_unit o on o.id = c.org_unit_id
  left join retention.follow_up f on f.case_id = k.id and f.days = ${days}::smallint
  ${NEXT}
  left join staff.v_user u on u.id = coalesce(n.owner_id, c.manager_id)
  join retention.source s on s.code = k.source_code
  left join retention.reason r on r.code = k.reason_code
  left join retention.direction d on d.code = k.direction_code
  left join retention.strategy g on g.id = k.strategy_id`;

/** One's own customers and calls; everybody else what lies in their units (SYS-1). */
export const casesVisibleTo = (user: CurrentUser): Sql =>
  user.role === 'manager' ? sql`(c.manager_id = ${user.id} or n.owner_id = ${user.id})` : inScope(user, sql`o.path`);

const OPEN_CALL = sql`n.state in ('open', 'claimed')`;
const LIVE = sql`k.state in ('open', 'talking')`;
/** Something waits for a second person's word; of a case that is over, nothing does. @param more a condition on `retention.measure m` */
const waits = (more: Sql = sql`true`): Sql => sql`(k.state = any(${[...GIVING_STATES]}::text[])
  and exists (select from retention.measure m where m.case_id = k.id and m.state = 'waiting' and ${more}))`;

/** What the highest score of the customer's lines rests on. */
const told = (what: Sql): Sql =>
  sql`(select ${what} from retention.v_churn_score w where w.customer_id = k.customer_id order by w.score desc, w.line_id limit 1)`;

const statusOn = (days: number): Sql => sql`(select s.status from retention.follow_up s where s.case_id = k.id and s.days = ${days}::smallint)`;

/** Retention cases as lists, page, API and files read them. */
@Injectable()
export class CasesQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Those still open by score × value, the others by when they were opened. @throws DomainError cursor_invalid (400) */
  async list(user: CurrentUser, form: CaseListForm): Promise<Page<CaseRow>> {
    const limit = form.limit ?? A_PAGE;
    const order = orderOf(form);
    const rows = await this.database.rows<CaseRow & { position: string }>(sql`
      ${this.select(sql`, ${order}::text as position`)} ${casesFrom(form.days ?? 90)}
      ${whereAll([...this.conditions(user, form), afterOf(form.cursor, order)])}
      order by ${order} desc, k.id desc limit ${limit + 1}`);
    const page = pageOf(rows, limit, (last) => [last.position, last.id]);
    return { ...page, items: page.items.map(({ position: _, ...row }) => row) };
  }

  /** All rows of a filter, read one by one, and how many. */
  async whole(user: CurrentUser, form: CaseFilter): Promise<{ count: number; rows: AsyncGenerator<CaseRow> }> {
    const rest = sql`${casesFrom(form.days ?? 90)} ${whereAll(this.conditions(user, form))}`;
    return {
      count: await this.database.count(sql`select ${rest}`),
      rows: this.database.stream<CaseRow>(sql`${this.select(sql``)} ${rest} order by ${orderOf(form)} desc, k.id desc`),
    };
  }

  count(user: CurrentUser, form: CaseFilter): Promise<number> {
    return this.database.count(sql`select ${casesFrom(form.days ?? 90)} ${whereAll(this.conditions(user, form))}`);
  }

  /** How many of each group there are within the rest of a filter. */
  async counts(user: CurrentUser, form: CaseFilter): Promise<Record<CaseView, number>> {
    const { view: _, state: __, ...rest } = form;
    const columns = CASE_VIEWS.map((view) => sql`count(*) filter (where ${this.viewSql(view)})::int as ${rawSql(`"${view}"`)}`);
    return this.database.one(
      sql`select ${joinSql(columns)} ${casesFrom(form.days ?? 90)} ${whereAll(this.conditions(user, { ...rest, view: 'all' }))}`,
    );
  }

  /** For the number at the entry of the rail: calls that are late, and what waits for this person's word. */
  waiting(user: CurrentUser): Promise<number> {
    const mine = waits(sql`m.proposed_by <> ${user.id}`);
    const asked = user.role === 'supervisor' ? sql`(${this.viewSql('late')} or ${mine})` : this.viewSql('late');
    return this.database.count(prepared(sql`select ${casesFrom(90)} ${whereAll([casesVisibleTo(user), asked])}`));
  }

  /** @throws DomainError not_found, also outside the scope */
  async byNo(user: CurrentUser, no: string, on: Queryable = this.database): Promise<CaseRow> {
    const row = await on.maybe<CaseRow>(sql`${this.select(sql``)} ${casesFrom(90)} where k.no = ${no} and ${casesVisibleTo(user)}`);
    if (!row) throw notFound('churn_case', no);
    return row;
  }

  /** The case a task is a call of; undefined when it is none, or not to be seen. */
  byTask(user: CurrentUser, taskId: string): Promise<CaseRow | undefined> {
    if (!/^\d{1,18}$/.test(taskId)) return Promise.resolve(undefined);
    return this.database.maybe<CaseRow>(sql`
      ${this.select(sql``)} ${casesFrom(90)}
      where k.id = (select t.case_id from retention.case_task t where t.task_id = ${taskId}) and ${casesVisibleTo(user)}`);
  }

  private select(more: Sql): Sql {
    return sql`
      select k.id, k.no, k.customer_id as "customerId", c.name as "customerName", k.line_id as "lineId",
             (select l.number from customers.v_line l where l.id = k.line_id) as number, k.star, k.city,
             k.source_code as source, s.label_zh as "sourceZh", s.label_en as "sourceEn", k.reason_code as reason, r.label_zh as "reasonZh", r.label_en as "reasonEn",
             k.direction_code as direction, d.label_zh as "directionZh", d.label_en as "directionEn", k.state, k.opened_at as "openedAt", k.call_by as "callBy",
             k.first_call_at as "firstCallAt", k.first_talk_at as "firstTalkAt", k.last_call_at as "lastCallAt", k.closed_at as "closedAt", k.calls, k.talks,
             k.score::float8 as score, k.scored, k.value_fen as "valueFen", k.rank::float8 as rank, k.drawn, g.code as strategy, g.name as "strategyName",
             k.strategy_id as "strategyId", u.username as owner, u.name as "ownerName", n.task_id as "taskId",
             coalesce(k.wanted_on, case when ${OPEN_CALL} then n.due_on end) as "nextOn",
             coalesce(k.wanted_at, case when ${OPEN_CALL} then n.callback_at end) as "callbackAt",
             ${this.viewSql('late')} as late,
             (select coalesce(sum(m.cost_fen), 0)::int from retention.measure m where m.case_id = k.id and m.state = 'accepted') as "costFen",
             (select count(*)::int from retention.measure m where m.case_id = k.id and m.state = 'waiting' and k.state = any(${[...GIVING_STATES]}::text[])) as waiting,
             ${told(sql`w.reasons`)} as "scoreText", ${told(sql`w.why`)} as why,
             ${statusOn(30)} as status30, ${statusOn(60)} as status60, ${statusOn(90)} as status90 ${more}`;
  }

  private viewSql(view: CaseView): Sql {
    const now = this.clock.now();
    const groups: Record<CaseView, Sql> = {
      live: LIVE,
      today: sql`(${LIVE} and ${OPEN_CALL} and coalesce(platform.day_of(n.callback_at), n.due_on) <= ${dayOf(now)}::date)`,
      late: sql`(${LIVE} and k.first_call_at is null and k.call_by < ${now}::timestamptz)`,
      idle: sql`(${LIVE} and (n.state is null or not ${OPEN_CALL}))`,
      waiting: waits(),
      closed: sql`(not ${LIVE} and k.state <> 'held_out')`,
      held: sql`(k.state = 'held_out')`,
      all: sql`true`,
    };
    return groups[view];
  }

  private conditions(user: CurrentUser, form: CaseFilter): (Sql | false)[] {
    return [casesVisibleTo(user), ...this.filtered(form)];
  }

  /** Over {@link casesFrom}; the analysis narrows by the same. */
  filtered(form: CaseFilter): (Sql | false)[] {
    const { view, state, star, city, owner, customer, from, to, month, metric, strategy, measure, took } = form;
    const code = (column: Sql, asked: string | undefined): Sql | false =>
      asked !== undefined && (asked === 'none' ? sql`${column} is null` : sql`${column} = ${asked}`);
    if (metric !== undefined && !isFigure(metric)) throw new DomainError('retention_metric_unknown', { param: 'metric', params: { metric } });
    return [
      view !== undefined && this.viewSql(view),
      state !== undefined && sql`k.state = ${state}`,
      code(sql`k.source_code`, form.source),
      code(sql`k.reason_code`, form.reason),
      code(sql`k.direction_code`, form.direction),
      star !== undefined && sql`k.star = ${star}::int`,
      city !== undefined && (city === 'none' ? sql`k.city is null` : sql`k.city = ${city}`),
      strategy !== undefined &&
        (strategy === 'none' ? sql`k.strategy_id is null` : sql`k.strategy_id = (select y.id from retention.strategy y where y.code = ${strategy})`),
      measure !== undefined && hasMeasure(OFFERED, measure),
      took !== undefined && hasMeasure(TAKEN, took),
      owner !== undefined && (owner === 'none' ? sql`u.id is null` : sql`lower(u.username) = lower(${owner})`),
      customer !== undefined && sql`k.customer_id = ${customer}::bigint`,
      from !== undefined && sql`k.opened_at >= platform.day_start(${from}::date)`,
      to !== undefined && sql`k.opened_at < platform.day_start(${to}::date + 1)`,
      month !== undefined && sql`to_char(platform.day_of(k.opened_at), 'YYYY-MM') = ${month}`,
      metric !== undefined && isFigure(metric) && figureSql(metric, this.clock.now()),
    ];
  }
}

const BY_RANK: readonly (CaseView | undefined)[] = ['live', 'today', 'late', 'idle'];

/** What a list is ordered by, the highest first: rank where there is something to do, else when it was opened. */
const orderOf = ({ view }: CaseFilter): Sql => (BY_RANK.includes(view) ? sql`k.rank` : sql`(extract(epoch from k.opened_at) * 1000000)::bigint`);

function afterOf(cursor: string | undefined, order: Sql): Sql | undefined {
  const key = decodeCursor(cursor, 2)?.map(String);
  if (!key) return undefined;
  if (!key.every((part) => /^\d{1,18}$/.test(part))) throw new DomainError('cursor_invalid', { status: 400, param: 'cursor' });
  return sql`(${order}, k.id) < (${key[0]}::bigint, ${key[1]}::bigint)`;
}
