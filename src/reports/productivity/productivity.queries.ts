import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { addDays, dayOf, dayStart } from '../../kernel/day.js';
import { ReportsDatabase } from '../../platform/database/reports-database.js';
import { type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { productivityOf } from './productivity.views.js';
import {
  kindOf,
  type PersonCounts,
  type Productivity,
  type WorkCut,
  type WorkFilter,
  type WorkMetric,
  type WorkAnyRow,
} from './productivity.types.js';

/** A whole day of the rota: the standard working day of eight hours (State Council decree 174, article 3). */
const DAY_SECONDS = 8 * 3600;
/** A promise is kept when the call begins so near to its minute, before or after. */
export const KEPT_SECONDS = 600;
export const TO_THE_MINUTE_SECONDS = 60;

/** A figure's filter, and whose row of the table. */
export type WorkRowsFilter = WorkFilter & { by?: WorkCut; key?: string | undefined };
const off = sql`abs(extract(epoch from k.called_at - k.due_at))`;
/** What a figure counts, over the rows of its kind. Tile, rows and file share these (R45). */
const WHEN: Record<WorkMetric, Sql> = {
  attempts: sql`w.dialled`,
  connected: sql`w.dialled and w.connected`,
  converted: sql`w.dialled and w.converted`,
  talkSeconds: sql`w.dialled and w.talk_seconds > 0`,
  otherContacts: sql`not w.dialled`,
  // who rings us is talked to as well; nobody knows how long a chat or a visit took
  handlingSeconds: sql`w.channel in ('call', 'inbound') and w.talk_seconds + w.wrap_seconds > 0`,
  workSeconds: sql`r.share > 0`,
  callbacksPromised: sql`true`,
  callbacksKept: sql`${off} <= ${KEPT_SECONDS}::int`,
  callbacksToTheMinute: sql`${off} < ${TO_THE_MINUTE_SECONDS}::int`,
  promisesMade: sql`true`,
  promisesKept: sql`h.state = 'kept'`,
  promisesBroken: sql`h.state = 'broken'`,
};

/** What managers did with their time, from the calls, the rota and the promises as they are now (REP-2). */
@Injectable()
export class ProductivityQueries {
  constructor(
    private readonly db: ReportsDatabase,
    private readonly clock: Clock,
  ) {}

  async figures(user: CurrentUser, by: WorkCut, filter: WorkFilter): Promise<Productivity> {
    const count = (metric: WorkMetric): Sql => sql`(count(*) filter (where ${WHEN[metric]}))::int`;
    const sum = (metric: WorkMetric, seconds: Sql): Sql => sql`coalesce(sum(${seconds}) filter (where ${WHEN[metric]}), 0)::float8`;
    const people = await this.db.rows<PersonCounts>(sql`
      with calls as (
        select w.manager_id, ${count('attempts')} as attempts, ${count('connected')} as connected, ${count('converted')} as converted,
               ${count('otherContacts')} as other, ${sum('talkSeconds', sql`w.talk_seconds`)} as talk,
               ${sum('handlingSeconds', sql`w.talk_seconds + w.wrap_seconds`)} as handling
        from reporting.work_call w where ${inPeriod(filter)} group by 1),
      rota as (select r.user_id, sum(r.share)::float8 / 100 * ${DAY_SECONDS}::int as work from ${this.rota(filter)} r group by 1),
      kept as (
        select k.manager_id, ${count('callbacksPromised')} as promised, ${count('callbacksKept')} as kept, ${count('callbacksToTheMinute')} as exact
        from reporting.callback k where ${this.due(filter)} group by 1),
      said as (
        select h.manager_id, ${count('promisesMade')} as made, ${count('promisesKept')} as kept, ${count('promisesBroken')} as broken
        from reporting.promise_row h where ${ended(filter)} group by 1)
      select u.username, u.name, u.team_code as "teamCode", u.team_name as "teamName",
             coalesce(c.attempts, 0) as attempts, coalesce(c.connected, 0) as connected, coalesce(c.converted, 0) as converted,
             coalesce(c.other, 0) as "otherContacts", coalesce(c.talk, 0) as "talkSeconds", coalesce(c.handling, 0) as "handlingSeconds", coalesce(r.work, 0) as "workSeconds",
             coalesce(k.promised, 0) as "callbacksPromised", coalesce(k.kept, 0) as "callbacksKept", coalesce(k.exact, 0) as "callbacksToTheMinute",
             coalesce(h.made, 0) as "promisesMade", coalesce(h.kept, 0) as "promisesKept", coalesce(h.broken, 0) as "promisesBroken"
      from staff.v_user u
      left join calls c on c.manager_id = u.id left join rota r on r.user_id = u.id and u.role = 'manager' and u.active left join kept k on k.manager_id = u.id
      left join said h on h.manager_id = u.id
      ${whereAll([...seen(user, filter), WORKS])}
      order by u.team_code, u.username`);
    return productivityOf(people, by);
  }

  /** Exactly the rows a figure counts or sums: the same condition, the same people (R45). */
  async rowsBehind(user: CurrentUser, metric: WorkMetric, filter: WorkRowsFilter, page: { limit: number; offset: number }): Promise<WorkAnyRow[]> {
    return this.db.rows<WorkAnyRow>(sql`${this.behind(user, metric, filter)} limit ${page.limit} offset ${page.offset}`);
  }

  streamBehind(user: CurrentUser, metric: WorkMetric, filter: WorkRowsFilter): AsyncIterable<WorkAnyRow> {
    return this.db.stream(this.behind(user, metric, filter));
  }

  async countBehind(user: CurrentUser, metric: WorkMetric, filter: WorkRowsFilter): Promise<number> {
    const { n } = await this.db.one<{ n: number }>(sql`select count(*)::int as n from (${this.behind(user, metric, filter)}) x`);
    return n;
  }

  private behind(user: CurrentUser, metric: WorkMetric, filter: WorkRowsFilter): Sql {
    const who = [...seen(user, filter), ofRow(filter)];
    if (kindOf(metric) === 'days')
      return sql`
        select r.day, u.name as "managerName", r.rostered, r.share, r.absence_kind as absence, r.share * ${DAY_SECONDS / 100}::int as seconds
        from ${this.rota(filter)} r join staff.v_user u on u.id = r.user_id
        ${whereAll([...who, sql`u.role = 'manager' and u.active`, WHEN[metric]])} order by r.day desc, u.username`;
    if (kindOf(metric) === 'callbacks')
      return sql`
        select k.customer_id as "customerId", k.customer_name as "customerName", k.star, k.campaign_name as "campaignName", u.name as "managerName",
               k.due_at as "dueAt", k.called_at as "calledAt"
        from reporting.callback_row k join staff.v_user u on u.id = k.manager_id
        ${whereAll([...who, this.due(filter), WHEN[metric]])} order by k.due_at desc, k.task_id`;
    if (kindOf(metric) === 'promises')
      return sql`
        select h.customer_id as "customerId", h.customer_name as "customerName", h.star, h.campaign_name as "campaignName", u.name as "managerName",
               h.kind, h.text, h.state, h.due_on::text as "dueOn", h.closed_at as "closedAt", h.done_at as "doneAt"
        from reporting.promise_row h join staff.v_user u on u.id = h.manager_id
        ${whereAll([...who, ended(filter), WHEN[metric]])} order by h.due_on desc, h.promise_id`;
    return sql`
      select w.started_at as "startedAt", w.customer_id as "customerId", w.customer_name as "customerName", w.star, w.number, w.campaign_name as "campaignName",
             u.name as "managerName", w.channel, w.label_zh as "outcomeZh", w.label_en as "outcomeEn", w.talk_seconds as "talkSeconds", w.wrap_seconds as "wrapSeconds"
      from reporting.work_call w join staff.v_user u on u.id = w.manager_id
      ${whereAll([...who, inPeriod(filter), WHEN[metric]])} order by w.started_at desc, w.attempt_id`;
  }

  /** The rota of the period up to today: of days to come nobody has used anything. */
  private rota({ from, to }: WorkFilter): Sql {
    const today = dayOf(this.clock.now());
    return sql`calendar.v_rota(${from}::date, ${to < today ? to : today}::date)`;
  }

  /** Promises whose minute lies in the period and has come, and that were not withdrawn. */
  private due({ from, to }: WorkFilter): Sql {
    return sql`not k.withdrawn and k.due_at >= ${dayStart(from)} and k.due_at < ${dayStart(addDays(to, 1))} and k.due_at <= ${this.clock.now()}`;
  }
}

/** Managers of today, and whoever has calls or promises in the period. The working time is that of managers in service alone. */
const WORKS = sql`((u.role = 'manager' and u.active) or c.manager_id is not null or k.manager_id is not null or h.manager_id is not null)`;

/** Promises due in the period that were kept or broken; what was handed over stands once, with whom it was handed to. */
const ended = ({ from, to }: WorkFilter): Sql => sql`h.state <> 'open' and h.due_on between ${from}::date and ${to}::date`;

const inPeriod = ({ from, to }: WorkFilter): Sql =>
  sql`w.attempt_id >= platform.uuid_floor(${dayStart(from)}) and w.attempt_id < platform.uuid_floor(${dayStart(addDays(to, 1))})`;

/** Herself for a manager, else the people of the reader's part of the organisation (SYS-1). */
const seen = (user: CurrentUser, { team }: WorkFilter): (Sql | undefined)[] => [
  user.role === 'manager' ? sql`u.id = ${user.id}` : inScope(user, sql`u.org_path`),
  team ? sql`u.team_code = ${team}` : undefined,
];

const ofRow = ({ by, key }: WorkRowsFilter): Sql | undefined =>
  key === undefined ? undefined : by === 'team' ? sql`u.team_code = ${key}` : sql`u.username = ${key}`;
