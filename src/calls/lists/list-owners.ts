import { cityOf } from '../../campaigns/audience-sets.queries.js';
import type { Assignment } from '../../campaigns/campaigns.types.js';
import { addDays, type Day } from '../../kernel/day.js';
import { type Sql, sql } from '../../platform/database/sql.js';

/** To whom the customers of a campaign go: by its rule, among the managers below its unit who work on the days from `day` on. */
export interface Assigning {
  assignment: Assignment;
  orgPath: string;
  day: Day;
  /** The last of those days; two days on when it is not said. */
  through?: Day;
  /** Somebody who had them before and gets none. */
  except?: string | null;
}

/** Who is away on that day and on as many after it gets nothing new: a first dial is due within 48 hours. */
const AWAY_DAYS = 2;

/**
 * Joins `included i` with the person each customer goes to, as `w.owner_id` (CAM-3). Of `i` it needs `customer_id`, `manager_id` and `place`: 1, 2, 3 …
 * for a turn by load, any row of numbers for a round robin.
 */
export function ownersOf(campaign: Assigning): Sql {
  if (campaign.assignment === 'owner') return sql`left join (select id as owner_id from staff.v_user where active) w on w.owner_id = i.manager_id`;
  if (campaign.assignment === 'round-robin') return inTurn(campaign);
  return byLoad(campaign);
}

/** `away`: on every day they would work. */
const managersOf = ({ orgPath, day, through, except }: Assigning): Sql => sql`
  select u.id, u.username, u.org_path, greatest(u.daily_capacity, 1) as capacity,
         coalesce((select bool_and(r.share = 0) from calendar.v_rota(${day}, ${through ?? addDays(day, AWAY_DAYS)}) r where r.user_id = u.id and r.rostered > 0), false) as away
  from staff.v_user u
  where u.role = 'manager' and u.active and u.daily_capacity > 0 and starts_with(u.org_path, ${orgPath}::text)
    and u.id is distinct from ${except ?? null}::bigint`;

/** When all are away, it is as if nobody were: the customers still need somebody. */
const inTurn = (campaign: Assigning): Sql => sql`
  left join (
    select m.id as owner_id, row_number() over (order by m.username) - 1 as turn, count(*) over () as managers
    from (select *, bool_and(away) over () as deserted from (${managersOf(campaign)}) a) m
    where not m.away or m.deserted) w on w.turn = (i.place - 1) % w.managers`;

/** Within whom a customer of the unit `o` may be given to whoever has least to do, as the path of a unit. */
const poolOf = ({ assignment, orgPath }: Assigning): Sql => {
  if (assignment === 'team') return sql`o.path`;
  if (assignment === 'region') return cityOf(sql`o.path`);
  return sql`${orgPath}::text`;
};

/**
 * Water filling, in each pool: every manager offers places, each at the load it would leave behind (open tasks ÷ capacity); the lowest places are taken.
 * `level` bounds the places a manager can possibly need, so that the offer stays about as long as the list.
 */
const byLoad = (campaign: Assigning): Sql => sql`
  left join (
    with pooled as (
      select x.place, ${poolOf(campaign)} as path from included x
      join customers.v_customer c on c.id = x.customer_id
      join staff.v_org_unit o on o.id = c.org_unit_id),
    asked as (select place, path, row_number() over (partition by path order by place) as nth from pooled),
    staffed as (
      select p.path, p.customers, m.id, m.username, m.capacity, m.away, bool_and(m.away) over (partition by p.path) as deserted,
             (select count(*) from calls.task t where t.owner_id = m.id and t.state in ('open', 'claimed')) as open
      from (select path, count(*) as customers from pooled group by path) p
      join (${managersOf(campaign)}) m on starts_with(m.org_path, p.path)),
    levelled as (
      select path, id, username, capacity, open,
             max(open::float8 / capacity) over (partition by path) + customers / sum(capacity) over (partition by path) + 1 as level
      from staffed where not away or deserted),
    seats as (
      select l.path, l.id as owner_id, row_number() over (partition by l.path order by (l.open + seat.nth)::float8 / l.capacity, l.username) as nth
      from levelled l cross join lateral generate_series(1, greatest(0, ceil(l.level * l.capacity) - l.open)::int) seat(nth))
    select asked.place, seats.owner_id from asked join seats using (path, nth)) w on w.place = i.place`;
