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

/** Kept by day and manager, so that anybody's part can be read from it; what is kept by a trait of the call knows no managers. */
const OF_MANAGERS: readonly Cut[] = ['manager', 'team', 'day'];
export type Rollup = 'funnel_day' | 'funnel_trait';

/**
 * Which rolled-up counts a cut can be read from, if any.
 * @param grouped whether what the reader asks for is kept as one group: everything, a campaign of it, or a unit with those below it
 */
export function rollupOf(cut: Cut, grouped: boolean): Rollup | undefined {
  if (grouped) return cut === 'manager' || cut === 'team' ? 'funnel_day' : 'funnel_trait';
  return OF_MANAGERS.includes(cut) ? 'funnel_day' : undefined;
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
  /** The unit whose counts are asked for, '0' for everybody's; undefined when they are not kept as one group. */
  unit: string | undefined;
  /** The condition on the rows, for the people of who has no group. */
  where: Sql;
}

/** The same figures from the rolled-up counts, as of the same instant. */
export function funnelFromRollup(cut: Cut, rollup: Rollup, asked: Asked): Sql {
  const { filter, unit } = asked;
  const { key, label } = rollup === 'funnel_day' ? CUT_SQL[cut] : traitOf(cut);
  return sql`
    with cut as (
      select ${key} as key, max(${label}) as label, grouping(${key}) = 1 as "isTotal", ${joinSql(additive.map((metric) => sql`${summed(metric)} as ${named(metric)}`))}
      from ${rollup === 'funnel_day' ? ofManagers(cut, asked) : sql`reporting.funnel_trait a ${traitWhere(cut, asked)}`}
      group by grouping sets ((${key}), ()) having grouping(${key}) = 1 or sum(a.attempts) > 0
    )
    select cut.*, people.* from cut left join (${unit === undefined ? peopleOfRows(asked.where) : keptPeople(filter, unit)}) people on cut."isTotal"`;
}

const summed = ({ rolled }: CountMetric): Sql => sql`coalesce(sum(a.${rawSql(rolled)}), 0)`;

/** Days are the sum of their hours. */
const traitOf = (cut: Cut): { key: Sql; label: Sql } => (cut === 'day' ? CUT_SQL.day : { key: sql`a.key`, label: sql`a.key` });

/** Of a campaign, or what is kept over all of them besides. */
const ofCampaign = (code: string | undefined): Sql =>
  code ? sql`a.campaign_id = (select id from campaigns.campaign where code = ${code})` : sql`a.campaign_id = 0`;

const inPeriod = ({ from, to }: FunnelFilter): (Sql | undefined)[] => [
  from ? sql`a.day >= ${from}::date` : undefined,
  to ? sql`a.day <= ${to}::date` : undefined,
];

/** Summed up by manager before names are looked up. */
function ofManagers(cut: Cut, { user, filter, unit }: Asked): Sql {
  const by = cut === 'day' ? sql`a.manager_id, a.day` : sql`a.manager_id`;
  const visible = sql`a.manager_id in (select a.manager_id from (select u.id as manager_id, u.org_path from staff.v_user u) a where ${visibleAttempts(user)})`;
  const sums = joinSql(additive.map((metric) => sql`${summed(metric)} as ${rawSql(metric.rolled)}`));
  return sql`(
    select m.*, u.username as manager_username, u.name as manager_name, u.team_code, u.team_name
    from (select ${by}, ${sums} from reporting.funnel_day a
          ${whereAll([unit === '0' ? undefined : visible, ofCampaign(filter.campaign), ...inPeriod(filter)])} group by ${by}) m
    join staff.v_user u on u.id = m.manager_id) a`;
}

function traitWhere(cut: Cut, { filter, unit }: Asked): Sql {
  return whereAll([
    sql`a.trait = ${cut === 'day' ? 'hour' : cut}::text`,
    ofCampaign(filter.campaign),
    sql`a.unit_id = ${unit}::bigint`,
    ...inPeriod(filter),
  ]);
}

/** Of a period: those with a call in it whose call before, if any, lies before it. */
function keptPeople(filter: FunnelFilter, unit: string): Sql {
  const sums = joinSql(people.map((metric) => sql`coalesce(sum(${rawSql(metric.rolled)}), 0) as ${named(metric)}`));
  const before = filter.from ? sql`a.previous < ${filter.from}::date` : sql`a.previous = '-infinity'`;
  return sql`select ${sums} from reporting.funnel_people a
    ${whereAll([ofCampaign(filter.campaign), sql`a.unit_id = ${unit}::bigint`, before, ...inPeriod(filter)])}`;
}

const peopleOfRows = (where: Sql): Sql => sql`select ${counted(people)} from reporting.attempt a ${where}`;
