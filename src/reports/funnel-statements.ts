import { joinSql, rawSql, type Sql, sql, whereAll } from '../platform/database/sql.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { type CountMetric, COUNTS, countSql } from './catalogue.js';
import type { Cut, FunnelFilter } from './funnel.types.js';
import { visibleAttempts } from './visibility.js';

export const CUT_SQL: Record<Cut, { key: Sql; label: Sql }> = {
  manager: { key: sql`a.manager_username`, label: sql`a.manager_name` },
  team: { key: sql`a.team_code`, label: sql`a.team_name` },
  hour: { key: sql`a.hour::text`, label: sql`a.hour::text` },
  day: { key: sql`a.day::text`, label: sql`a.day::text` },
  star: { key: sql`a.star::text`, label: sql`a.star::text` },
  region: { key: sql`a.region`, label: sql`a.region` },
  source: { key: sql`a.source`, label: sql`a.source` },
  variant: { key: sql`a.variant`, label: sql`a.variant` },
};

/** Kept by day and manager, so that anybody's part can be read from it; the others know no managers. */
const OF_MANAGERS: readonly Cut[] = ['manager', 'team', 'day'];
export type Rollup = 'funnel_day' | `funnel_${Exclude<Cut, 'manager' | 'team' | 'day'>}`;

/** Which rolled-up counts a cut can be read from, if any: those that know no managers only by who sees everything. */
export function rollupOf(cut: Cut, seesAll: boolean): Rollup | undefined {
  if (OF_MANAGERS.includes(cut)) return 'funnel_day';
  return seesAll ? (`funnel_${cut}` as Rollup) : undefined;
}

const named = ({ key }: CountMetric): Sql => rawSql(`"${key}"`);
const counted = (metrics: readonly CountMetric[]): Sql => joinSql(metrics.map((metric) => sql`${countSql(metric)} as ${named(metric)}`));
const people = COUNTS.filter((metric) => metric.distinct);
const additive = COUNTS.filter((metric) => !metric.distinct);

/** Every count from the rows `where` leaves; people in the cuts only when asked for. */
export function funnelFromRows(cut: Cut, distinct: boolean, where: Sql): Sql {
  const { key, label } = CUT_SQL[cut];
  return sql`
    with a as not materialized (select a.* from reporting.attempt a ${where}),
    cut as (
      select ${key} as key, max(${label}) as label, grouping(${key}) = 1 as "isTotal", ${counted(distinct ? COUNTS : additive)}
      from a group by grouping sets ((${key}), ())
    )
    select cut.* ${distinct ? sql`` : sql`, people.*`}
    from cut ${distinct ? sql`` : sql`left join (select ${counted(people)} from a) people on cut."isTotal"`}`;
}

interface Asked {
  user: CurrentUser;
  filter: FunnelFilter;
  seesAll: boolean;
  /** The condition on the rows, for the people of who does not see everything. */
  where: Sql;
}

/** The same figures from the rolled-up counts, as of the same instant. */
export function funnelFromRollup(cut: Cut, rollup: Rollup, asked: Asked): Sql {
  const { key, label } = CUT_SQL[cut];
  const sums = joinSql(additive.map((metric) => sql`coalesce(sum(a.${rawSql(metric.rolled)}), 0) as ${named(metric)}`));
  return sql`
    with cut as (
      select ${key} as key, max(${label}) as label, grouping(${key}) = 1 as "isTotal", ${sums}
      from reporting.${rawSql(rollup)} a ${rollupWhere(rollup, asked)}
      group by grouping sets ((${key}), ()) having grouping(${key}) = 1 or sum(a.attempts) > 0
    )
    select cut.*, people.* from cut left join (${asked.seesAll ? keptPeople(asked.filter) : peopleOfRows(asked.where)}) people on cut."isTotal"`;
}

const ofCampaign = (code: string | undefined): Sql | undefined =>
  code ? sql`a.campaign_id = (select id from campaigns.campaign where code = ${code})` : undefined;
/** What is kept over all campaigns besides each. */
const OVER_ALL = sql`a.campaign_id = 0`;
const OVER_CAMPAIGNS: readonly Rollup[] = ['funnel_day', 'funnel_hour'];

/** Of a period: those with a call in it whose call before, if any, lies before it. */
function keptPeople({ campaign, from, to }: FunnelFilter): Sql {
  const sums = joinSql(people.map((metric) => sql`coalesce(sum(${rawSql(metric.rolled)}), 0) as ${named(metric)}`));
  const before = from ? sql`previous < ${from}::date and day >= ${from}::date` : sql`previous = '-infinity'`;
  return sql`select ${sums} from reporting.funnel_people a ${whereAll([ofCampaign(campaign) ?? OVER_ALL, before, to ? sql`day <= ${to}::date` : undefined])}`;
}

const peopleOfRows = (where: Sql): Sql => sql`select ${counted(people)} from reporting.attempt a ${where}`;

function rollupWhere(rollup: Rollup, { user, filter, seesAll }: Asked): Sql {
  return whereAll([
    rollup === 'funnel_day' && !seesAll ? visibleAttempts(user) : undefined,
    ofCampaign(filter.campaign) ?? (OVER_CAMPAIGNS.includes(rollup) ? undefined : OVER_ALL),
    filter.from ? sql`a.day >= ${filter.from}::date` : undefined,
    filter.to ? sql`a.day <= ${filter.to}::date` : undefined,
  ]);
}
