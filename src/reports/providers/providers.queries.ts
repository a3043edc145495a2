import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { ReportsDatabase } from '../../platform/database/reports-database.js';
import { joinSql, rawSql, type Sql, sql, whereAll } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { chosen, CUT_SQL, listedBy } from './provider-statements.js';
import {
  DEFAULT_DIAL_FEN,
  type DialCost,
  FAULTS,
  type ProviderCut,
  type ProviderFilter,
  type ProviderRow,
  type ReturnedNumber,
  type Scorecard,
} from './providers.types.js';

const FAULT_COUNTS = joinSql(
  FAULTS.map((fault) => sql`(count(distinct a.line_id) filter (where a.fault = ${fault}))::int as ${rawSql(`"${fault}"`)}`),
);

/** The sum of lists of which nobody knows how many numbers they had. */
const UNKNOWN = { listed: null, duplicates: null };

/** What the lists were worth that others supplied, and the numbers that go back to them (CAM-8). */
@Injectable()
export class ProvidersQueries {
  constructor(
    private readonly reports: ReportsDatabase,
    private readonly db: Database,
  ) {}

  /** One row a list, those with most wasted dials first, and the total of these lists: numbers that stand on two of them count once in it. */
  async scorecard(user: CurrentUser, by: ProviderCut, filter: ProviderFilter): Promise<Scorecard> {
    const { dialled, label, supplied } = CUT_SQL[by];
    const fenADial = await this.fenADial();
    const rows = await this.reports.rows<ProviderRow & { isTotal: boolean }>(sql`
      with dialled as (
        select ${dialled} as key, grouping(${dialled}) = 1 as is_total, ${label} as label, max(a.imported_at) as imported_at, count(*)::int as attempts,
               count(distinct a.line_id)::int as numbers, ${FAULT_COUNTS}, (count(*) filter (where a.fault is not null))::int as wasted,
               (count(*) filter (where a.connected))::int as connected, (count(*) filter (where a.converted))::int as converted
        from reporting.supplied_dial a ${whereAll(chosen(user, filter))} group by grouping sets ((${dialled}), ())),
      listed as (
        select ${supplied} as key, grouping(${supplied}) = 1 as is_total, count(distinct s.line_id)::int as listed,
               (count(distinct s.line_id) filter (where s.duplicate))::int as duplicates
        from reporting.supplied_number s ${whereAll([...listedBy(user, filter), sql`${supplied} in (select d.key from dialled d where not d.is_total)`])} group by grouping sets ((${supplied}), ()))
      select coalesce(d.key, '') as key, d.is_total as "isTotal", d.label, ${by === 'import' ? sql`d.imported_at` : sql`null::timestamptz`} as "importedAt",
             l.listed, l.duplicates, d.numbers, d.attempts, d.invalid_number, d.suspended, d.wrong_person,
             d.wasted, ${fenADial === 0 ? sql`null::integer` : sql`d.wasted * ${fenADial}::integer`} as "wastedFen", d.connected, d.converted
      from dialled d left join listed l on l.is_total = d.is_total and (d.is_total or l.key = d.key)
      order by d.wasted desc, d.attempts desc, d.key`);
    const total = rows.find(({ isTotal }) => isTotal) as ProviderRow;
    const lists = rows.filter(({ isTotal }) => !isTotal);
    return { rows: lists, total: lists.length > 0 && lists.every(({ listed }) => listed === null) ? { ...total, ...UNKNOWN } : total, fenADial };
  }

  /** What a dial costs from now on, whenever it was made. */
  async fenADial(db: Queryable = this.db): Promise<number> {
    return (await db.maybe<{ fen: number }>(sql`select fen from reports.dial_cost order by id desc limit 1`))?.fen ?? DEFAULT_DIAL_FEN;
  }

  /** Who set it to what, the newest first. */
  dialCosts(): Promise<DialCost[]> {
    return this.db.rows<DialCost>(
      sql`select d.fen, u.name as by, d.set_at as at from reports.dial_cost d join staff.v_user u on u.id = d.set_by order by d.id desc limit 20`,
    );
  }

  stream(user: CurrentUser, filter: ProviderFilter): AsyncIterable<ReturnedNumber> {
    return this.reports.stream<ReturnedNumber>(returned(user, filter));
  }

  async count(user: CurrentUser, filter: ProviderFilter): Promise<number> {
    return (await this.reports.one<{ n: number }>(sql`select count(*)::int as n from (${returned(user, filter)}) r`)).n;
  }
}

/** Each number once a list, with its newest fault. One that connected later is no fault any more. */
const returned = (user: CurrentUser, filter: ProviderFilter): Sql => sql`
  select number, fault, started_at as at, segment, segment_name as "segmentName", import_id as "importId", import_name as "importName", campaign_name as "campaignName"
  from (
    select distinct on (a.segment, a.line_id) a.* from reporting.supplied_dial a
    ${whereAll([...chosen(user, filter), sql`(a.fault is not null or a.connected)`])} order by a.segment, a.line_id, a.attempt_id desc) last
  where last.fault is not null order by last.segment, last.fault, last.number`;
