import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import type { Assignment, CallWindow } from '../../campaigns/campaigns.types.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { type Counted, reachesBackTo, usedUpBefore } from './time-limit.policy.js';

/** A running list with its limits, and from when on a task is too late. */
export interface LimitedList {
  id: string;
  assignment: Assignment;
  orgPath: string;
  firstDialHours: number;
  completionHours: number | null;
  endsOn: Day | null;
  /** Tasks given at this instant or before should have been dialled; null: none is late yet. */
  undialledSince: Date | null;
  /** Tasks made at this instant or before should be done. */
  undoneSince: Date | null;
}

type Row = Omit<LimitedList, 'undialledSince' | 'undoneSince'> & {
  limitHours: 'clock' | 'working';
  callWindow: CallWindow | null;
  runningSince: Date | null;
};

@Injectable()
export class ListLimits {
  constructor(
    private readonly db: Database,
    private readonly calendar: CalendarQueries,
    private readonly contact: ContactQueries,
  ) {}

  /** Lists that run and still have something to dial. Standing campaigns have none of these limits: their rules plan days. */
  async running(now: Date): Promise<LimitedList[]> {
    const rows = await this.db.rows<Row>(sql`
      select c.id, c.assignment, o.path as "orgPath", c.first_dial_hours as "firstDialHours", c.completion_hours as "completionHours",
             c.ends_on as "endsOn", c.limit_hours as "limitHours", c.call_window as "callWindow", c.running_since as "runningSince"
      from campaigns.v_campaign c join staff.v_org_unit o on o.id = c.org_unit_id
      where c.state = 'running' and not c.standing
        and exists (select from calls.task t where t.campaign_id = c.id and t.state in ('open', 'recycled'))
      order by c.id`);
    return Promise.all(rows.map((row) => this.limited(row, now)));
  }

  private async limited({ limitHours, callWindow, runningSince, ...list }: Row, now: Date): Promise<LimitedList> {
    const most = Math.max(list.firstDialHours, list.completionHours ?? 0);
    const counted: Counted =
      limitHours === 'clock'
        ? { hours: 'clock' }
        : {
            hours: 'working',
            days: await this.calendar.workingDaysBetween(reachesBackTo(now, most), dayOf(now)),
            window: callWindow ?? this.contact.callWindow(),
          };
    const undialled = usedUpBefore(now, list.firstDialHours, counted);
    // nobody could dial while the campaign stood still: the limit begins anew when it goes on
    const stoodStill = runningSince !== null && undialled !== null && runningSince > undialled;
    return {
      ...list,
      undialledSince: stoodStill ? null : undialled,
      undoneSince: list.completionHours === null ? null : usedUpBefore(now, list.completionHours, counted),
    };
  }
}
