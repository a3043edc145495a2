import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { maskPhone, parsePhone } from '../../kernel/phone.js';
import { LookUp } from '../../platform/process/look-up.js';
import { Database } from '../../platform/database/database.js';
import { prepared, type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { TaskItem, TaskState } from '../calls.types.js';
import { taskIdOf } from '../claims/claim.queries.js';
import { TaskReasonsQueries } from '../desk/task-reasons.queries.js';

export interface TaskFilter {
  /** Code. */
  campaign?: string | undefined;
  /** Code of a care rule one of whose reasons points to the task. */
  rule?: string | undefined;
  /** Any spelling. */
  phone?: string | undefined;
  /** Username. */
  owner?: string | undefined;
  state?: TaskState | undefined;
  dueFrom?: string | undefined;
  dueTo?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** A task row as read; the phone is still whole. */
export interface TaskRow extends Omit<TaskItem, 'customer' | 'reasons' | 'script' | 'closingLine'> {
  customerId: string;
  lineId: string;
  customerName: string | null;
  number: string;
  star: number;
  city: string | null;
  package: string | null;
  campaignId: string;
  claimedBy: string | null;
  touchId: string | null;
  lastAttemptAt: Date | null;
  /** The gate's reason for holding it back until `notBefore`. */
  refusedReason: string | null;
}

const COLUMNS = sql`
  t.id, c.code as campaign, c.name as "campaignName", t.campaign_id as "campaignId", t.state, t.close_reason as "closeReason",
  t.customer_id as "customerId", t.line_id as "lineId", u.name as "customerName", l.number, u.star_level as star, u.city, l.package,
  m.username as owner, t.due_on as "dueOn", t.deadline_on as "deadlineOn", t.callback_at as "callbackAt", t.not_before as "notBefore",
  t.over_capacity as "overCapacity", t.attempts, t.last_outcome as "lastOutcome", t.last_attempt_at as "lastAttemptAt",
  t.lease_until as "leaseUntil", t.claimed_by as "claimedBy", t.touch_id as "touchId",
  t.refused_reason as "refusedReason"`;

const FROM = sql`
  from calls.task t
  join campaigns.v_campaign c on c.id = t.campaign_id
  join customers.v_customer u on u.id = t.customer_id
  join customers.v_line l on l.id = t.line_id
  join staff.v_org_unit o on o.id = u.org_unit_id
  left join staff.v_user m on m.id = t.owner_id`;

/** A manager sees her own list; everybody else what lies in their units, by owner, or by customer while nobody owns it. */
const visibleTo = (user: CurrentUser): Sql =>
  user.role === 'manager' ? sql`(t.owner_id = ${user.id} or t.claimed_by = ${user.id})` : inScope(user, sql`coalesce(m.org_path, o.path)`);

/** Callbacks first, then due date, star, expected value: the order of the desk. */
export const DESK_ORDER = sql`(t.callback_at is null), t.callback_at, t.due_on, t.star desc, t.expected_value desc, t.id`;

function numberOf(phone: string): string {
  const parsed = parsePhone(phone);
  if ('fault' in parsed) throw new DomainError('phone_whole', { param: 'phone', params: { digits: phone.replace(/\D/g, '').length } });
  return parsed.number;
}

@Injectable()
export class TasksQueries {
  /** Keys are `<person> <task>`. */
  private readonly ofPeople = new LookUp<TaskRow>(async (keys) => {
    const [people, ids] = [0, 1].map((part) => keys.map((key) => key.split(' ')[part] ?? ''));
    const rows = await this.db.rows<TaskRow & { key: string }>(
      prepared(sql`
        select a.person || ' ' || a.task as key, ${COLUMNS} ${FROM} join unnest(${people}::bigint[], ${ids}::bigint[]) a(person, task) on a.task = t.id
        where t.owner_id = a.person or t.claimed_by = a.person`),
    );
    return new Map(rows.map(({ key, ...row }) => [key, row]));
  });

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reasons: TaskReasonsQueries,
  ) {}

  /** Tasks in the scope by due date. @throws DomainError phone_whole, cursor_invalid */
  async list(user: CurrentUser, filter: TaskFilter): Promise<Page<TaskItem>> {
    const limit = filter.limit ?? 50;
    const key = decodeCursor(filter.cursor, 2);
    const where = whereAll([
      visibleTo(user),
      filter.campaign !== undefined && sql`c.code = ${filter.campaign}`,
      filter.rule !== undefined && sql`exists (select from reporting.task_rule r where r.task_id = t.id and r.rule_code = ${filter.rule})`,
      filter.phone !== undefined && sql`t.customer_id in (select w.customer_id from customers.v_line w where w.number = ${numberOf(filter.phone)})`,
      filter.owner !== undefined && sql`lower(m.username) = lower(${filter.owner})`,
      filter.state !== undefined && sql`t.state = ${filter.state}`,
      filter.dueFrom !== undefined && sql`t.due_on >= ${filter.dueFrom}::date`,
      filter.dueTo !== undefined && sql`t.due_on <= ${filter.dueTo}::date`,
      key && sql`(t.due_on, t.id) > (${key[0]}::date, ${key[1]}::bigint)`,
    ]);
    const rows = await this.db.rows<TaskRow>(sql`select ${COLUMNS} ${FROM} ${where} order by t.due_on, t.id limit ${limit + 1}`);
    const page = pageOf(rows, limit, (last) => [last.dueOn, last.id]);
    return { items: await this.toItems(user, page.items), nextCursor: page.nextCursor };
  }

  /** @throws DomainError not_found, also outside the scope */
  async row(user: CurrentUser, taskId: string): Promise<TaskRow> {
    const id = taskIdOf(taskId);
    const row =
      user.role === 'manager'
        ? await this.ofPeople.of(`${user.id} ${BigInt(id)}`)
        : await this.db.maybe<TaskRow>(prepared(sql`select ${COLUMNS} ${FROM} where t.id = ${id} and ${visibleTo(user)}`));
    if (!row) throw notFound('task', taskId);
    return row;
  }

  /** The task a person holds; the one taken last when there are several. */
  heldBy(userId: string): Promise<TaskRow | undefined> {
    return this.db.maybe<TaskRow>(
      prepared(sql`
        select ${COLUMNS} ${FROM} where t.claimed_by = ${userId} and t.state = 'claimed' and t.lease_until > ${this.clock.now()}
        order by t.lease_until desc, t.id limit 1`),
    );
  }

  /** The open tasks a person works on today, in the order of the desk. @param readyAt leaves out what may be called only later */
  queue(userId: string, today: string, limit: number, readyAt: Date | null = null): Promise<TaskRow[]> {
    return this.db.rows<TaskRow>(sql`
      select ${COLUMNS} ${FROM}
      where t.owner_id = ${userId} and t.state = 'open' and c.state = 'running'
        and (t.callback_at < platform.day_start(${today}::date + 1) or t.callback_at is null and t.due_on <= ${today}::date)
        and (${readyAt}::timestamptz is null or t.callback_at is not null or t.not_before is null or t.not_before <= ${readyAt})
      order by ${DESK_ORDER} limit ${limit}`);
  }

  async toItems(user: CurrentUser, rows: TaskRow[]): Promise<TaskItem[]> {
    const reasons = await this.reasons.forTasks(rows, user.locale);
    return rows.map((row) =>
      this.toItem(
        user,
        row,
        (reasons.get(row.id) ?? []).map((reason) => reason.text),
      ),
    );
  }

  /** Managers see the full number of the task they hold, and only of that (SYS-2). */
  toItem(user: CurrentUser, row: TaskRow, reasons: string[]): TaskItem {
    const holds = row.state === 'claimed' && row.claimedBy === user.id;
    const phone = user.role === 'manager' && !holds ? maskPhone(row.number) : row.number;
    return {
      id: row.id,
      campaign: row.campaign,
      campaignName: row.campaignName,
      state: row.state,
      closeReason: row.closeReason,
      customer: { id: row.customerId, name: row.customerName, phone, starLevel: row.star, city: row.city, package: row.package },
      owner: row.owner,
      reasons,
      script: null,
      closingLine: null,
      dueOn: row.dueOn,
      deadlineOn: row.deadlineOn,
      callbackAt: row.callbackAt,
      notBefore: row.notBefore,
      overCapacity: row.overCapacity,
      attempts: row.attempts,
      lastOutcome: row.lastOutcome,
      leaseUntil: row.leaseUntil,
    };
  }
}
