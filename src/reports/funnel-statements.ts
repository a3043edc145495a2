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

export type Rollup = 'funnel_day' | 'funnel_hour';

/** Which rolled-up counts a cut can be read from: those by hour know no managers, star, region and source are in none. */
export function rollupOf(cut: Cut, seesAll: boolean): Rollup | undefined {
  if (cut === 'manager' || cut === 'team' || cut === 'day') return 'funnel_day';
  return cut === 'hour' && seesAll ? 'funnel_hour' : undefined;
}

const named = ({ key }: CountMetric): Sql => rawSql(`"${key}"`);
const counted = (metrics: readonly CountMetric[]): Sql => joinSql(metrics.map((metric) => sql`${countSql(metric)} as ${named(metric)}`));
const people = COUNTS.filter((metric) => metric.distinct);
const additive = COUNTS.filter((metric) => !metric.distinct);
const rolled = additive.filter((metric) => metric.rolled);
const second = additive.filter((metric) => !metric.rolled);

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
  /** The condition on the rows, for what is not rolled up: people, and what came of second dials. */
  where: Sql;
}

/** The same figures, those that add up from the rolled-up counts, as of the same instant. */
export function funnelFromRollup(cut: Cut, rollup: Rollup, { user, filter, where }: Asked): Sql {
  const { key, label } = CUT_SQL[cut];
  const sums = joinSql(rolled.map((metric) => sql`coalesce(sum(a.${rawSql(metric.rolled ?? '')}), 0) as ${named(metric)}`));
  return sql`
    with a as not materialized (select a.* from reporting.attempt a ${where}),
    cut as (
      select ${key} as key, max(${label}) as label, grouping(${key}) = 1 as "isTotal", ${sums}
      from reporting.${rawSql(rollup)} a ${rollupWhere(rollup, user, filter)}
      group by grouping sets ((${key}), ()) having grouping(${key}) = 1 or sum(a.attempts) > 0
    ),
    redialled as (
      select ${key} as key, grouping(${key}) = 1 as "isTotal", ${counted(second)}
      from a where a.ordinal = 2 group by grouping sets ((${key}), ())
    )
    select cut.*, ${joinSql(second.map((metric) => sql`coalesce(redialled.${named(metric)}, 0) as ${named(metric)}`))}, people.*
    from cut left join redialled on redialled."isTotal" = cut."isTotal" and redialled.key is not distinct from cut.key
    left join (select ${counted(people)} from a) people on cut."isTotal"`;
}

function rollupWhere(rollup: Rollup, user: CurrentUser, filter: FunnelFilter): Sql {
  return whereAll([
    rollup === 'funnel_day' ? visibleAttempts(user) : undefined,
    filter.campaign ? sql`a.campaign_id = (select id from campaigns.campaign where code = ${filter.campaign})` : undefined,
    filter.from ? sql`a.day >= ${filter.from}::date` : undefined,
    filter.to ? sql`a.day <= ${filter.to}::date` : undefined,
  ]);
}
