import { Injectable } from '@nestjs/common';
import { addDays, addMonths, type Day, lastDayOfMonth } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { joinSql, type Sql, sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import { callsThrough } from './calls-through.queries.js';

/** What a rule would have planned in the month before, against what was planned and done. */
export interface Backtest {
  month: Day;
  /** Calls it would have wanted for the first time in that month. */
  wanted: number;
  /** Calls the rule really had planned for days of that month. */
  planned: number;
  /** Of the customers it wanted to call, those who were visited in that month for whatever reason. */
  visited: number;
}

/** Mornings that are asked together; visits between them are seen by the next. */
const STEP_DAYS = 8;

/** The past month again, with a rule as it might be (CAR-12). Stars and managers are those of today: their history is not asked. */
@Injectable()
export class BacktestQueries {
  constructor(private readonly db: Database) {}

  /** @param who a condition on `customers.v_customer c` */
  async lastMonth(draft: RuleInForce, who: Sql, today: Day): Promise<Backtest> {
    const month = addMonths(`${today.slice(0, 7)}-01`, -1);
    const end = lastDayOfMonth(month);
    const asked: Sql[] = [];
    for (let day = month; day <= end; day = addDays(day, STEP_DAYS)) {
      const last = addDays(day, STEP_DAYS - 1);
      const named = callsThrough(draft, { day, who }, last < end ? last : end);
      if (named) asked.push(sql`select n.customer_id, n.cycle from (${named}) n where n.from_on between ${month}::date and ${end}::date or n.late`);
    }
    const planned = await this.planned(draft, who, { month, end });
    if (asked.length === 0) return { month, wanted: 0, planned, visited: 0 };
    const found = await this.db.one<{ wanted: number; visited: number }>(sql`
      with wanted as materialized (select distinct w.customer_id, w.cycle from (${joinSql(asked, ' union all ')}) w),
      visited as (
        select distinct a.customer_id from calls.v_attempt a
        where a.visit and a.started_at >= platform.day_start(${month}::date) and a.started_at < platform.day_start(${end}::date + 1))
      select (select count(*)::int from wanted) as wanted,
             (select count(distinct w.customer_id)::int from wanted w join visited v on v.customer_id = w.customer_id) as visited`);
    return { month, planned, ...found };
  }

  private async planned({ rule }: RuleInForce, who: Sql, { month, end }: { month: Day; end: Day }): Promise<number> {
    const { planned } = await this.db.one<{ planned: number }>(sql`
      select count(*)::int as planned from care.due d
      where d.rule_code = ${rule.code} and d.channel = 'call' and d.state <> 'cancelled' and d.due_on between ${month}::date and ${end}::date
        and d.customer_id in (select c.id from customers.v_customer c where ${who})`);
    return planned;
  }
}
