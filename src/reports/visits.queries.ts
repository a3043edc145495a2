import { Injectable } from '@nestjs/common';
import type { Day } from '../kernel/day.js';
import { share } from '../kernel/statistics.js';
import { ReportsDatabase } from '../platform/database/reports-database.js';
import { joinSql, rawSql, type Sql, sql, whereAll } from '../platform/database/sql.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { VISIT_COUNTS, VISIT_RATES, type VisitCountKey, type VisitRateKey } from './catalogue.js';
import type { Period } from './funnel.forms.js';
import { visibleVisits } from './visibility.js';

/** Rates are fractions, null where nothing was due. */
export type VisitFigures = Record<VisitCountKey, number> & Record<VisitRateKey, number | null>;

/** One visit behind a figure. */
export interface VisitRow {
  customerId: string;
  customerName: string | null;
  star: number;
  rule: string;
  dueOn: Day;
  deadlineOn: Day;
  state: string;
  smsLeft: boolean;
  closedAt: Date | null;
  attempts: number | null;
  managerName: string | null;
}

/** Care coverage: the visits whose deadline lies in a period (CAR-1, REP-1). */
@Injectable()
export class VisitsQueries {
  constructor(private readonly db: ReportsDatabase) {}

  async figures(user: CurrentUser, period: Period): Promise<VisitFigures> {
    const columns = VISIT_COUNTS.map(({ key, when }) => sql`(count(*) filter (where ${when}))::int as ${rawSql(`"${key}"`)}`);
    const counts = await this.db.one<Record<VisitCountKey, number>>(sql`select ${joinSql(columns)} from reporting.visit v ${dueIn(user, period)}`);
    const rate = (key: VisitRateKey): number | null => {
      const found = VISIT_RATES.find((each) => each.key === key);
      return found ? share(counts[found.numerator], counts[found.denominator]) : null;
    };
    return { ...counts, coverage: rate('coverage'), coverageWithSmsLeft: rate('coverageWithSmsLeft') };
  }

  /** Exactly the rows a figure counts: the same condition, the same scope (R45). */
  rowsBehind(user: CurrentUser, metric: VisitCountKey, period: Period, page: { limit: number; offset: number }): Promise<VisitRow[]> {
    return this.db.rows<VisitRow>(sql`${behind(user, metric, period)} limit ${page.limit} offset ${page.offset}`);
  }

  /** All of them, as of one moment, for an export. */
  streamBehind(user: CurrentUser, metric: VisitCountKey, period: Period): AsyncIterable<VisitRow> {
    return this.db.stream<VisitRow>(behind(user, metric, period));
  }
}

function behind(user: CurrentUser, metric: VisitCountKey, period: Period): Sql {
  const when = VISIT_COUNTS.find(({ key }) => key === metric)?.when;
  return sql`
      select v.customer_id as "customerId", v.customer_name as "customerName", v.star, v.rule_code as rule, v.due_on as "dueOn",
             v.deadline_on as "deadlineOn", v.state, v.sms_left as "smsLeft", v.closed_at as "closedAt", v.attempts, v.manager_name as "managerName"
      from reporting.visit v ${dueIn(user, period, when)}
      order by v.deadline_on, v.customer_id, v.rule_code, v.cycle`;
}

const dueIn = (user: CurrentUser, { from, to }: Period, when?: Sql): Sql =>
  whereAll([visibleVisits(user), sql`v.deadline_on between ${from}::date and ${to}::date`, when]);
