import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { addDays, type Day } from '../../kernel/day.js';
import { notFound } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { GreetingsQueries } from '../greetings/greetings.queries.js';
import type { GreetingDay } from '../greetings/greetings.types.js';
import type { PlanRun } from './plan-run.types.js';
import { PLAN_AHEAD_DAYS } from './plan.types.js';

const RUN = sql`
  select r.id, r.day, r.rules, r.state, r.planned, r.messages, r.unsent, r.skipped, r.error, u.name as "startedBy",
         r.created_at as "createdAt", r.started_at as "startedAt", r.finished_at as "finishedAt"
  from care.plan_run r left join staff.v_user u on u.id = r.by_user`;

@Injectable()
export class PlanRunsQueries {
  constructor(
    private readonly db: Database,
    private readonly calendar: CalendarQueries,
    private readonly greetings: GreetingsQueries,
  ) {}

  /** @throws DomainError not_found, also for the run of another unit */
  async byId(user: CurrentUser, id: string): Promise<PlanRun> {
    const run = /^\d{1,18}$/.test(id) && (await this.db.maybe<PlanRun>(sql`${RUN} where r.id = ${id} and ${usableBy(user, sql`r.org_path`)}`));
    if (!run) throw notFound('plan_run', id);
    return run;
  }

  /** The last ones, newest first. */
  newest(user: CurrentUser, limit: number): Promise<PlanRun[]> {
    return this.db.rows<PlanRun>(sql`${RUN} where ${usableBy(user, sql`r.org_path`)} order by r.created_at desc, r.id desc limit ${limit}`);
  }

  /** The greeting days on which, as it is, nobody will be greeted (CAR-5). */
  async unapprovedGreetings(from: Day, to: Day): Promise<GreetingDay[]> {
    return (await this.greetings.days(from, to)).filter(({ approved }) => !approved);
  }

  /** The years a plan of that day reaches into whose holiday notice is not out: what is placed there may have to move. */
  unpublishedYears(day: Day): Promise<number[]> {
    return this.calendar.unpublishedWithin(day, addDays(day, PLAN_AHEAD_DAYS));
  }
}
