import { Injectable } from '@nestjs/common';
import type { Day } from '../../kernel/day.js';
import { share } from '../../kernel/statistics.js';
import { ReportsDatabase } from '../../platform/database/reports-database.js';
import { joinSql, rawSql, type Sql, sql, whereAll } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { VISIT_COUNTS, VISIT_RATES, type VisitCountKey, type VisitRateKey } from '../catalogue.js';
import type { Period } from '../funnel.forms.js';
import { visibleVisits } from '../visibility.js';
import type { VisitCut, VisitCutRow, VisitFigures } from './coverage.types.js';

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

/** The visits of one figure: of all, or of one row of a cut. */
export interface Behind {
  metric: VisitCountKey;
  by?: VisitCut | undefined;
  key?: string | undefined;
}

type Counts = Record<VisitCountKey, number>;

/** The key and the name of a row of each cut, the highest star and the most visits first. */
const CUT_SQL: Record<VisitCut, { key: Sql; label: Sql; order: Sql }> = {
  star: { key: sql`v.star::text`, label: sql`null::text`, order: sql`min(v.star) desc` },
  rule: { key: sql`v.rule_code`, label: sql`null::text`, order: sql`count(*) desc, 1` },
  team: { key: sql`coalesce(u.team_code, '-')`, label: sql`min(u.team_name)`, order: sql`count(*) desc, 1` },
  manager: { key: sql`coalesce(u.username, '-')`, label: sql`min(u.name)`, order: sql`count(*) desc, 1` },
};

const SOURCE = sql`reporting.visit v left join staff.v_user u on u.id = v.manager_id`;
const COUNTED = joinSql(VISIT_COUNTS.map(({ key, when }) => sql`(count(*) filter (where ${when}))::int as ${rawSql(`"${key}"`)}`));

/** Care coverage: the visits whose deadline lies in a period (CAR-1, REP-1). */
@Injectable()
export class VisitsQueries {
  constructor(private readonly db: ReportsDatabase) {}

  async figures(user: CurrentUser, period: Period): Promise<VisitFigures> {
    return withRates(await this.db.one<Counts>(sql`select ${COUNTED} from reporting.visit v ${dueIn(user, period)}`));
  }

  /** The same for each star, rule, team or manager; the total is their sum. */
  async cut(user: CurrentUser, period: Period, by: VisitCut): Promise<{ total: VisitFigures; rows: VisitCutRow[] }> {
    const { key, label, order } = CUT_SQL[by];
    const rows = await this.db.rows<Counts & Pick<VisitCutRow, 'key' | 'label'>>(
      sql`select ${key} as key, ${label} as label, ${COUNTED} from ${SOURCE} ${dueIn(user, period)} group by 1 order by ${order}`,
    );
    const sum = (of: VisitCountKey): number => rows.reduce((all, row) => all + row[of], 0);
    const total = withRates({
      visitsDue: sum('visitsDue'),
      visitsInTime: sum('visitsInTime'),
      visitsInTimeOrSmsLeft: sum('visitsInTimeOrSmsLeft'),
    });
    return { total, rows: rows.map((row) => ({ ...row, ...withRates(row) })) };
  }

  /** Exactly the rows a figure counts: the same condition, the same scope (R45). */
  rowsBehind(user: CurrentUser, of: Behind, period: Period, page: { limit: number; offset: number }): Promise<VisitRow[]> {
    return this.db.rows<VisitRow>(sql`${behind(user, of, period)} limit ${page.limit} offset ${page.offset}`);
  }

  async countBehind(user: CurrentUser, of: Behind, period: Period): Promise<number> {
    const { count } = await this.db.one<{ count: number }>(sql`select count(*)::int as count from ${SOURCE} ${behindWhere(user, of, period)}`);
    return count;
  }

  /** All of them, as of one moment, for an export. */
  streamBehind(user: CurrentUser, of: Behind, period: Period): AsyncIterable<VisitRow> {
    return this.db.stream<VisitRow>(behind(user, of, period));
  }
}

function withRates(counts: Counts): VisitFigures {
  const rate = (key: VisitRateKey): number | null => {
    const found = VISIT_RATES.find((each) => each.key === key);
    return found ? share(counts[found.numerator], counts[found.denominator]) : null;
  };
  return { ...counts, coverage: rate('coverage'), coverageWithSmsLeft: rate('coverageWithSmsLeft') };
}

function behindWhere(user: CurrentUser, { metric, by = 'star', key }: Behind, period: Period): Sql {
  const when = VISIT_COUNTS.find((each) => each.key === metric)?.when;
  const ofRow = key === undefined ? undefined : sql`${CUT_SQL[by].key} = ${key}`;
  return dueIn(user, period, when, ofRow);
}

function behind(user: CurrentUser, of: Behind, period: Period): Sql {
  return sql`
      select v.customer_id as "customerId", v.customer_name as "customerName", v.star, v.rule_code as rule, v.due_on as "dueOn",
             v.deadline_on as "deadlineOn", v.state, v.sms_left as "smsLeft", v.closed_at as "closedAt", v.attempts, v.manager_name as "managerName"
      from ${SOURCE} ${behindWhere(user, of, period)}
      order by v.deadline_on, v.customer_id, v.rule_code, v.cycle`;
}

const dueIn = (user: CurrentUser, { from, to }: Period, ...which: readonly (Sql | undefined)[]): Sql =>
  whereAll([visibleVisits(user), sql`v.deadline_on between ${from}::date and ${to}::date`, ...which]);
