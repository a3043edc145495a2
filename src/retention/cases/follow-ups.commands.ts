import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { RetentionSettingsQueries } from '../setup/settings.queries.js';

/**
 * Settles whether the customers of cases are still there 30, 60 and 90 days on (RET-3). Only a status file of about that day or later tells: until one has
 * come a day of follow-up waits, for who is not known to have left need not be there. Who is known to have left has left, without any further file.
 */
@Injectable()
export class FollowUps {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: RetentionSettingsQueries,
  ) {}

  /** May run any number of times. @returns how many were settled */
  async settle(): Promise<number> {
    const { statusFeedDays } = await this.settings.current();
    const now = this.clock.now();
    return this.database.run(sql`
      update retention.follow_up f set status = n.status, told_on = n.told_on, settled_at = ${now}
      from (
        select f.case_id, f.days, c.status, platform.day_of(t.told_at) as told_on
        from retention.follow_up f
        join retention.churn_case k on k.id = f.case_id
        join customers.v_customer c on c.id = k.customer_id
        join staff.v_org_unit o on o.id = c.org_unit_id
        left join lateral (
          select s.told_at from customers.v_status_feed s join staff.v_org_unit w on w.id = s.org_unit_id
          where starts_with(o.path, w.path) and s.told_at >= platform.day_start(f.due_on - ${statusFeedDays}::int) order by s.told_at desc limit 1) t on true
        where f.settled_at is null and f.due_on <= ${dayOf(now)}::date and (t.told_at is not null or c.status = 'churned')) n
      where f.case_id = n.case_id and f.days = n.days`);
  }
}
