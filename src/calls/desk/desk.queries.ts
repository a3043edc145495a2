import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf, dayStart } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { AttemptsQueries, type LastAttempt } from '../attempts/attempts.queries.js';
import { openTasksOf } from '../tasks/open-tasks.js';
import { type OfferChoice, OrderTerms } from '../orders/order-terms.queries.js';
import { type TaskRow, TasksQueries } from '../tasks/tasks.queries.js';

/** How far a person is today. */
export interface DayCount {
  /** Promises still open, of today and late ones. */
  callbacks: number;
  /** Open tasks of the list, held one included. */
  listed: number;
  /** Of these may be called only later, and from when on the first. */
  later: number;
  laterFrom: Date | null;
  /** Tasks closed today. */
  closed: number;
}

/** What stands around the customer on the desk. */
export interface DeskBoard {
  count: DayCount;
  queue: TaskRow[];
  last: LastAttempt | undefined;
}

/** Shown in the strip: a few promises, then the list. */
const QUEUE_SHOWN = 7;

@Injectable()
export class DeskQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tasks: TasksQueries,
    private readonly attempts: AttemptsQueries,
    private readonly terms: OrderTerms,
  ) {}

  /** What can be sold to the customers of a user. */
  offers(user: CurrentUser): Promise<OfferChoice[]> {
    return this.terms.choices(user);
  }

  async board(userId: string): Promise<DeskBoard> {
    const today = dayOf(this.clock.now());
    const [count, queue, last] = await Promise.all([
      this.count(userId),
      this.tasks.queue(userId, today, QUEUE_SHOWN, this.clock.now()),
      this.attempts.lastOf(userId, dayStart(today)),
    ]);
    return { count, queue, last };
  }

  async count(userId: string): Promise<DayCount> {
    const now = this.clock.now();
    const today = dayOf(now);
    const later = sql`t.callback_at is null and t.due_on <= ${today}::date and t.not_before > ${now}`;
    return this.db.one<DayCount>(sql`
      select count(*) filter (where t.callback_at < platform.day_start(${today}::date + 1))::int as callbacks,
             count(*) filter (where t.callback_at is null and t.due_on <= ${today}::date)::int as listed,
             count(*) filter (where ${later})::int as later, min(t.not_before) filter (where ${later}) as "laterFrom",
             (select count(*)::int from (
                select distinct a.task_id from calls.attempt a join calls.task d on d.id = a.task_id
                where a.manager_id = ${userId} and a.id >= platform.uuid_floor(platform.day_start(${today}::date))
                  and d.state in ('done', 'not_reached')) x) as closed
      from ${openTasksOf(userId)} t join campaigns.v_campaign c on c.id = t.campaign_id
      where c.state = 'running'`);
  }
}
