import { Injectable } from '@nestjs/common';
import { dayStart, addDays } from '../kernel/day.js';
import { share } from '../kernel/statistics.js';
import { ReportsDatabase } from '../platform/database/reports-database.js';
import { prepared, type Sql, sql, whereAll } from '../platform/database/sql.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { type CountKey, COUNTS, countMetric, countSql, RATES } from './catalogue.js';
import { orderOf } from './funnel-comparison.js';
import { CUT_SQL, funnelFromRollup, funnelFromRows, rollupOf } from './funnel-statements.js';
import type { AttemptRow, Cut, Funnel, FunnelCutRow, FunnelFilter, FunnelRow } from './funnel.types.js';
import { RollupsCommands } from './rollups.commands.js';
import { visibleAttempts } from './visibility.js';

interface RawRow extends Partial<Record<CountKey, string>> {
  key: string | null;
  label: string | null;
  isTotal: boolean;
}

/** A funnel's filter, and one row of its cut. */
type CutFilter = FunnelFilter & { cut?: Cut; key?: string };

@Injectable()
export class FunnelQueries {
  constructor(
    private readonly db: ReportsDatabase,
    private readonly rollups: RollupsCommands,
  ) {}

  /** The funnel of what the user may see, cut and total from one statement (CAM-7): from the rolled-up counts where the cut allows, else from the rows. */
  async funnel(user: CurrentUser, cut: Cut, filter: FunnelFilter): Promise<Funnel> {
    const unit = filter.distinct ? undefined : await this.keptFor(user, filter);
    const rollup = filter.distinct ? undefined : rollupOf(cut, unit !== undefined);
    if (rollup) await this.rollups.settleWhenMany();
    const where = this.where(user, filter);
    const statement = rollup ? funnelFromRollup(cut, rollup, { user, filter, unit, where }) : funnelFromRows(cut, filter.distinct ?? false, where);
    // planning that of the kept counts takes longer than running it: plans are kept per connection, some 15 MB for all cuts and periods
    const rows = await this.db.rows<RawRow>(rollup ? prepared(statement) : statement);
    const total = rows.find((row) => row.isTotal);
    const cuts = rows
      .filter((row) => !row.isTotal && row.key !== null)
      .map((row): FunnelCutRow => ({ key: row.key ?? '', label: row.label ?? '', ...toRow(row) }));
    return { total: toRow(total ?? {}), rows: cuts.sort(orderOf(cut)) };
  }

  /**
   * The unit whose kept counts are just what the user may see of what is asked for, '0' for everybody's; undefined when there is none: a manager's own
   * calls, a part of one campaign that other units work on as well.
   */
  private async keptFor(user: CurrentUser, { campaign }: FunnelFilter): Promise<string | undefined> {
    if (user.role === 'manager') return undefined;
    const outside = sql`not ${inScope(user, sql`u.org_path`)}`;
    const hidden = await this.db.maybe(prepared(sql`select 1 from staff.v_user u where ${outside} limit 1`));
    if (hidden === undefined) return '0';
    if (!campaign) return user.orgPath.split('/').filter(Boolean).length < 2 ? undefined : user.orgUnitId;
    const others = sql`
      select 1 from reporting.funnel_day d join staff.v_user u on u.id = d.manager_id where d.campaign_id = ${idOf(campaign)} and d.attempts > 0 and ${outside} limit 1`;
    return (await this.db.maybe(prepared(others))) ? undefined : '0';
  }

  /** Exactly the rows a figure counts: the same condition, the same scope (R45). For counts of people: each person's first such attempt. */
  rowsBehind(user: CurrentUser, metricKey: CountKey, filter: CutFilter, page: { limit: number; offset?: number }): Promise<AttemptRow[]> {
    const behind = this.behind(user, metricKey, filter);
    // of several waves, long over perhaps, the calls are found by their campaigns, not by walking back from the newest of all
    const found = filter.waves ? sql`with b as materialized (${behind})` : sql`with b as (${behind})`;
    // names and numbers of fifty are looked up, not those of all there are
    const these = sql`array(${found} select b.id from b order by b.id desc limit ${page.limit} offset ${page.offset ?? 0})`;
    return this.db.rows<AttemptRow>(sql`${SHOWN} where a.attempt_id = any (${these}) ${NEWEST_FIRST}`);
  }

  /** All of them, as of one moment, for an export. */
  streamBehind(user: CurrentUser, metricKey: CountKey, filter: CutFilter): AsyncIterable<AttemptRow> {
    return this.db.stream<AttemptRow>(sql`${SHOWN} join (${this.behind(user, metricKey, filter)}) b on b.id = a.attempt_id ${NEWEST_FIRST}`);
  }

  private behind(user: CurrentUser, metricKey: CountKey, filter: CutFilter): Sql {
    const metric = countMetric(metricKey);
    const inCut = filter.cut && filter.key !== undefined ? sql`${CUT_SQL[filter.cut].key} = ${filter.key}` : undefined;
    const where = whereAll([visibleAttempts(user), ...this.conditions(filter), metric.when, inCut]);
    const distinct = metric.distinct ? sql`distinct on (a.customer_id)` : sql``;
    const first = metric.distinct ? sql`order by a.customer_id, a.attempt_id` : sql``;
    return sql`select ${distinct} a.attempt_id as id from reporting.attempt a ${where} ${first}`;
  }

  async countBehind(user: CurrentUser, metricKey: CountKey, filter: CutFilter): Promise<number> {
    const inCut = filter.cut && filter.key !== undefined ? sql`${CUT_SQL[filter.cut].key} = ${filter.key}` : undefined;
    const where = whereAll([visibleAttempts(user), ...this.conditions(filter), inCut]);
    const row = await this.db.one<{ n: string }>(sql`select ${countSql(countMetric(metricKey))} as n from reporting.attempt a ${where}`);
    return Number(row.n);
  }

  private where(user: CurrentUser, filter: FunnelFilter): Sql {
    // a part of a campaign is found by who called: there is an index for it
    const callers =
      filter.campaign && user.role !== 'manager'
        ? sql`a.manager_id = any (array(select u.id from staff.v_user u where ${inScope(user, sql`u.org_path`)}))`
        : undefined;
    return whereAll([visibleAttempts(user), callers, ...this.conditions(filter)]);
  }

  private conditions(filter: FunnelFilter): (Sql | undefined)[] {
    return [
      filter.campaign
        ? filter.waves
          ? sql`a.campaign_id = any (array${wavesOf(filter.campaign)})`
          : sql`a.campaign_id = ${idOf(filter.campaign)}`
        : undefined,
      // on the id as well, so that only the months asked for are read
      filter.from ? sql`a.attempt_id >= platform.uuid_floor(${dayStart(filter.from)})` : undefined,
      filter.to ? sql`a.attempt_id < platform.uuid_floor(${dayStart(addDays(filter.to, 1))})` : undefined,
    ];
  }
}

const SHOWN = sql`
  select a.attempt_id as "attemptId", a.started_at as "startedAt", a.customer_id as "customerId", a.customer_name as "customerName",
         a.star, a.number, a.campaign_code as "campaignCode", a.campaign_name as "campaignName", a.manager_name as "managerName",
         a.outcome, o.label_zh as "outcomeZh", o.label_en as "outcomeEn", o.tone,
         a.talk_seconds as "talkSeconds", a.order_state as "orderState", a.order_no as "orderNo"
  from reporting.attempt a join reporting.outcome o on o.code = a.outcome`;
/** Ids begin with the moment of the call: the newest fifty are read from the end of an index. */
const NEWEST_FIRST = sql`order by a.attempt_id desc`;

function toRow(raw: Partial<Record<CountKey, string>>): FunnelRow {
  const row: Record<string, number | null> = {};
  for (const { key } of COUNTS) row[key] = raw[key] === undefined || raw[key] === null ? null : Number(raw[key]);
  for (const { key, numerator, denominator } of RATES) {
    const [part, whole] = [row[numerator], row[denominator]];
    row[key] = part === null || part === undefined || whole === null || whole === undefined ? null : share(part, whole);
  }
  return row as FunnelRow;
}

const idOf = (code: string): Sql => sql`(select id from campaigns.campaign where code = ${code})`;
/** A campaign, the one it is a wave of, and all the waves of that. */
const wavesOf = (code: string): Sql => sql`(
  select w.id from campaigns.campaign c join campaigns.campaign w on coalesce(w.wave_of, w.id) = coalesce(c.wave_of, c.id) where c.code = ${code})`;
