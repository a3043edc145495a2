import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { addMonths, type Day, lastDayOfMonth } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { emptySql, joinSql, rawSql, type Sql, sql } from '../platform/database/sql.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { DueState, RuleCode } from './care.types.js';
import { lackOf } from './planning/lack.queries.js';

/** How the promises of a period stand. Every due contact is in exactly one of the others, so they add up to `due`. */
export interface Coverage {
  due: number;
  inTime: number;
  late: number;
  /** Open, the deadline ahead, nothing against it. */
  open: number;
  /** Open, the deadline ahead, but no room left or twice tried in vain. */
  atRisk: number;
  /** Closed without a visit. */
  notReached: number;
  /** Open, and the deadline is past. */
  missed: number;
}

export type CoveragePart = keyof Coverage;
export const COVERAGE_PARTS = ['due', 'inTime', 'late', 'open', 'atRisk', 'notReached', 'missed'] as const satisfies readonly CoveragePart[];

/** What may be looked at: a part, or all that is done, in time or not, which the tiles count. */
export const COVERAGE_SHOWN = ['due', 'done', ...COVERAGE_PARTS.slice(1)] as const;
export type CoverageShown = CoveragePart | 'done';

/** Whose promises of a month are looked at. */
export interface CoverageAsk {
  month: Day;
  part: CoverageShown;
  rule?: RuleCode;
  star?: number;
}

/** One promise behind a figure. */
export interface CoverageRow {
  customerId: string;
  name: string | null;
  star: number;
  rule: RuleCode;
  channel: 'call' | 'sms';
  deadlineOn: Day;
  state: DueState;
  closedAt: Date | null;
  attempts: number | null;
  manager: string | null;
  cycle: string;
}

export interface UrgentRow {
  customerId: string;
  name: string | null;
  star: number;
  rule: RuleCode;
  deadlineOn: Day;
  attempts: number;
  /** Why it will hardly be made, as the list of those who will be missed says it; null where there is none but that nobody answers. */
  why: string | null;
  manager: string | null;
  missed: boolean;
}

const TRIED_IN_VAIN = 2;

/** Somebody never visited has no deadline that could be missed. */
const promised = sql`(d.cycle <> 'never')`;
const inTime = sql`(platform.day_of(d.closed_at) <= d.deadline_on or not ${promised})`;

/** Which promises a figure counts, as conditions on `care.due d` and its task `t`. */
const partsOf = (today: Day): Record<CoveragePart, Sql> => {
  const ahead = sql`(d.deadline_on >= ${today}::date or not ${promised})`;
  const risky = sql`(coalesce(t.over_capacity, false) or coalesce(t.attempts, 0) >= ${TRIED_IN_VAIN}::int)`;
  return {
    due: sql`true`,
    inTime: sql`d.state = 'done' and ${inTime}`,
    late: sql`d.state = 'done' and not ${inTime}`,
    open: sql`d.state = 'open' and ${ahead} and not ${risky}`,
    atRisk: sql`d.state = 'open' and ${ahead} and ${risky}`,
    notReached: sql`d.state = 'not_reached'`,
    missed: sql`d.state = 'open' and not ${ahead}`,
  };
};

const shownOf = (today: Day, part: CoverageShown): Sql => (part === 'done' ? sql`d.state = 'done'` : partsOf(today)[part]);

const figures = (today: Day): Sql =>
  joinSql(
    Object.entries(partsOf(today)).map(([part, condition]) => sql`(count(*) filter (where ${condition}))::int as ${rawSql(`"${part}"`)}`),
    ', ',
  );

const chosen = ({ rule, star }: Pick<CoverageAsk, 'rule' | 'star'>): Sql => sql`
  ${rule === undefined ? emptySql : sql`and d.rule_code = ${rule}`} ${star === undefined ? emptySql : sql`and c.star_level = ${star}::int`}`;

const inMonth = (user: CurrentUser, month: Day, more: Sql = emptySql): Sql => sql`
  from care.due d
  join customers.v_customer c on c.id = d.customer_id
  join staff.v_org_unit o on o.id = c.org_unit_id
  left join calls.v_task t on t.id = d.task_id ${more}
  where d.state <> 'cancelled' and d.deadline_on between ${month}::date and ${lastDayOfMonth(month)}::date and ${inScope(user, sql`o.path`)}`;

/** How the promises of a month are kept, within the user's units. */
@Injectable()
export class CoverageQueries {
  constructor(private readonly db: Database) {}

  /** Star revisits by star level, the highest first. `month` is its first day. */
  byStar(user: CurrentUser, month: Day, today: Day): Promise<(Coverage & { star: number })[]> {
    return this.db.rows<Coverage & { star: number }>(sql`
      select c.star_level as star, ${figures(today)} ${inMonth(user, month)} and d.rule_code = 'star-revisit' group by 1 order by 1 desc`);
  }

  async byRule(user: CurrentUser, month: Day, today: Day): Promise<Map<RuleCode, Coverage>> {
    const rows = await this.db.rows<Coverage & { rule: RuleCode }>(
      sql`select d.rule_code as rule, ${figures(today)} ${inMonth(user, month)} group by 1`,
    );
    return new Map(rows.map((row) => [row.rule, row]));
  }

  /** The promises behind a figure, the nearest deadline first. @throws DomainError cursor_invalid */
  async rows(
    user: CurrentUser,
    ask: CoverageAsk,
    { today, limit, cursor }: { today: Day; limit: number; cursor?: string },
  ): Promise<Page<CoverageRow>> {
    const key = decodeCursor(cursor, 5);
    const after = key
      ? sql`and (d.deadline_on, -c.star_level, c.id, d.rule_code, d.cycle) > (${key[0]}::date, -${key[1]}::int, ${key[2]}::bigint, ${key[3]}::text, ${key[4]}::text)`
      : emptySql;
    const rows = await this.db.rows<CoverageRow>(sql`
      select c.id as "customerId", c.name, c.star_level as star, d.rule_code as rule, d.channel, d.deadline_on as "deadlineOn", d.state, d.closed_at as "closedAt", t.attempts, d.cycle,
             coalesce(w.name, m.name) as manager
      ${inMonth(user, ask.month, sql`left join staff.v_user w on w.id = t.owner_id left join staff.v_user m on m.id = c.manager_id`)}
        and ${shownOf(today, ask.part)} ${chosen(ask)} ${after}
      order by d.deadline_on, -c.star_level, c.id, d.rule_code, d.cycle limit ${limit + 1}`);
    return pageOf(rows, limit, ({ deadlineOn, star, customerId, rule, cycle }) => [deadlineOn, star, customerId, rule, cycle]);
  }

  count(user: CurrentUser, ask: CoverageAsk, today: Day): Promise<number> {
    return this.db.count(sql`select 1 ${inMonth(user, ask.month)} and ${shownOf(today, ask.part)} ${chosen(ask)}`);
  }

  /** The calls that most need somebody: missed ones first, then those that will hardly make it, the nearest deadline first. */
  urgent(user: CurrentUser, today: Day, limit: number): Promise<UrgentRow[]> {
    const from = sql`case when x."deadlineOn" < ${today}::date then x.first else greatest(${today}::date, x.first) end`;
    const rota = sql`calendar.v_rota(${from}, x."deadlineOn")`;
    const lack = lackOf({ rota, owner: sql`x.owner`, from, until: sql`x."deadlineOn"` });
    return this.db.rows<UrgentRow>(sql`
      select x."customerId", x.name, x.star, x.rule, x."deadlineOn", x.attempts, x.manager, x.missed,
             coalesce(m.reason, case when x.over then ${lack} end) as why
      from (${urgentSql(user, today, limit)}) x
      left join care.forecast_miss m on m.customer_id = x."customerId" and m.rule_code = x.rule and m.cycle = x.cycle and m.forecast_id = (
        select f.id from care.forecast f
        where f.state = 'done' and f.rule_code is null and starts_with(${user.orgPath}, f.org_path) order by f.id desc limit 1)
      order by x."deadlineOn", x.star desc, x."customerId"`);
  }
}

const urgentSql = (user: CurrentUser, today: Day, limit: number): Sql => sql`
      select c.id as "customerId", c.name, c.star_level as star, d.rule_code as rule, d.deadline_on as "deadlineOn", t.attempts, t.over_capacity as over,
             u.name as manager, d.deadline_on < ${today}::date as missed, d.cycle, least(d.counts_from, d.deadline_on) as first, t.owner_id as owner
      from care.due d
      join calls.v_task t on t.id = d.task_id
      join customers.v_customer c on c.id = d.customer_id
      join staff.v_org_unit o on o.id = c.org_unit_id
      left join staff.v_user u on u.id = t.owner_id
      where d.state = 'open' and d.cycle <> 'never' and ${inScope(user, sql`o.path`)} and d.deadline_on >= ${addMonths(today, -3)}::date
        and (d.deadline_on < ${today}::date or t.over_capacity or t.attempts >= ${TRIED_IN_VAIN}::int)
      order by d.deadline_on, c.star_level desc, c.id limit ${limit}`;
