import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { Database } from '../../platform/database/database.js';
import { prepared, type Sql, sql, whereAll } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { BandRate, BandRule } from './band.types.js';
import type { Direction } from './watch.policy.js';

/** Somebody did something about it while it was open. */
export interface BreachAct {
  act: 'alert' | 'redial' | 'pause' | 'return_numbers';
  at: Date;
  by: string;
  /** Tasks put off, or numbers given back. */
  things: number | null;
}

export interface Breach {
  id: string;
  campaignCode: string;
  campaignName: string;
  rate: BandRate;
  direction: Direction;
  /** Which rule says so, as of the last look. */
  rule: BandRule;
  openedAt: Date;
  seenAt: Date;
  closedAt: Date | null;
  closedWhy: string | null;
  attempts: number;
  connected: number;
  connectRate: number;
  lower: number | null;
  upper: number | null;
  expected: number | null;
  cause: string | null;
  causeZh: string | null;
  causeEn: string | null;
  /** Of the gap, what the cause makes up; over 1 where other causes work against it. */
  causeShare: number | null;
  /** What the cause does to the connect rate, as a fraction of attempts: below zero. */
  causeEffect: number | null;
  acts: BreachAct[];
  /** The reader was told and has not looked at it yet. */
  unread: boolean;
}

export interface BreachFilter {
  campaign?: string | undefined;
  /** Only what is open. */
  open?: boolean | undefined;
}

/** Breaches of the campaigns a person may look at, newest first. The figures are those of the whole campaign. */
@Injectable()
export class BreachesQueries {
  constructor(private readonly db: Database) {}

  async page(
    user: CurrentUser,
    filter: BreachFilter,
    { limit = 50, cursor }: { limit?: number; cursor?: string | undefined } = {},
  ): Promise<Page<Breach>> {
    const after = decodeCursor(cursor, 1);
    const rows = await this.db.rows<Breach>(sql`${listed(user, filter, after && sql`b.id < ${String(after[0])}::bigint`)} limit ${limit + 1}`);
    return pageOf(rows.map(dated), limit, (last) => [last.id]);
  }

  async open(user: CurrentUser, campaign?: string): Promise<Breach[]> {
    const rows = await this.db.rows<Breach>(listed(user, { campaign, open: true }));
    return rows.map(dated);
  }

  stream(user: CurrentUser, filter: BreachFilter): AsyncIterable<Breach> {
    return this.db.stream<Breach>(listed(user, filter));
  }

  /** Open breaches a person was told of and has not looked at, for the number at the entry of the navigation. */
  unread(userId: string): Promise<number> {
    return this.db.count(
      prepared(sql`
      select 1 from reports.breach_notice n join reports.breach b on b.id = n.breach_id
      where n.user_id = ${userId} and n.read_at is null and b.closed_at is null`),
    );
  }

  /** When the watch looked at anything last; null: never. */
  async lookedAt(): Promise<Date | null> {
    return (await this.db.one<{ at: Date | null }>(sql`select max(looked_at) as at from reports.watched`)).at;
  }

  async count(user: CurrentUser, filter: BreachFilter): Promise<number> {
    const { n } = await this.db.one<{ n: number }>(
      sql`select count(*)::int as n from reports.breach b join reporting.campaign c on c.id = b.campaign_id ${whereAll(chosen(user, filter))}`,
    );
    return n;
  }
}

const chosen = (user: CurrentUser, { campaign, open }: BreachFilter): (Sql | undefined)[] => [
  sql`(starts_with(c.org_path, ${user.orgPath}) or starts_with(${user.orgPath}, c.org_path))`,
  campaign ? sql`c.code = ${campaign}` : undefined,
  open ? sql`b.closed_at is null` : undefined,
];

const listed = (user: CurrentUser, filter: BreachFilter, after?: Sql): Sql => sql`
  select b.id, c.code as "campaignCode", c.name as "campaignName", b.rate, b.direction, b.rule, b.opened_at as "openedAt", b.seen_at as "seenAt",
         exists (select from reports.breach_notice n where n.breach_id = b.id and n.user_id = ${user.id} and n.read_at is null) as unread,
         b.closed_at as "closedAt", b.closed_why as "closedWhy", b.attempts, b.connected, b.connected::float8 / b.attempts as "connectRate",
         b.lower_limit::float8 as lower, b.upper_limit::float8 as upper, b.expected::float8 as expected, b.cause, o.label_zh as "causeZh", o.label_en as "causeEn",
         (select (x ->> 'share')::float8 from jsonb_array_elements(b.causes) x where x ->> 'cause' = b.cause) as "causeShare",
         (select -(x ->> 'excess')::float8 from jsonb_array_elements(b.causes) x where x ->> 'cause' = b.cause) as "causeEffect",
         coalesce((select jsonb_agg(jsonb_build_object('act', y.act, 'at', y.at, 'by', y.by_name, 'things', y.things) order by y.at) from (
            select 'alert' as act, b.alerted_at as at, u.name as by_name, null::integer as things from staff.v_user u where u.id = b.alerted_by
            union all
            select a.act, a.at, a.by_name, a.things from reporting.campaign_act a
            where a.campaign_id = b.campaign_id and a.at >= b.opened_at and (b.closed_at is null or a.at <= b.closed_at)) y), '[]') as acts
  from reports.breach b
  join reporting.campaign c on c.id = b.campaign_id
  left join reporting.outcome o on o.code = b.cause
  ${whereAll([...chosen(user, filter), after])}
  order by b.id desc`;

/** Instants inside JSON come as text. */
const dated = (row: Breach): Breach => ({ ...row, acts: row.acts.map((act) => ({ ...act, at: new Date(act.at) })) });
