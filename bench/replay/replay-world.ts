import { addDays, type Day, daysBetween } from '../../src/kernel/day.js';
import type { Database } from '../../src/platform/database/database.js';
import { sql } from '../../src/platform/database/sql.js';

export interface ReplaySize {
  seed: number;
  customers: number;
  /** 1: one in a hundred has seven stars, as in life; 5: five times as many of each star. */
  starDensity: number;
  managers: number;
  callsADay: number;
  from: Day;
  until: Day;
  /** 1: every day is lived through; 3: every third, with what happened on the days between. */
  everyDays: number;
  /** Days between two forecasts, which say by name who will be missed. */
  forecastEvery: number;
}

/** Share of the customers at each star; the rest are not rated. */
const STARS: readonly [star: number, share: number][] = [
  [7, 0.01],
  [6, 0.02],
  [5, 0.04],
  [4, 0.03],
  [3, 0.03],
  [2, 0.02],
];
const UNREACHABLE = 0.02;
const CHANGES_STAR = 0.1;
const BLOCKED = 0.02;
const ABSENT_EVERY_DAYS = 90;

/** 0 ≤ n < 1 from seed and keys alone: whatever happens in whatever order, the same customer does the same on the same day. */
export function chance(seed: number, ...keys: (string | number)[]): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const char of keys.join('|')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

export interface StarMove {
  on: Day;
  from: number;
  to: number;
}

/** What fate holds for one customer. */
export interface Fate {
  n: number;
  star: number;
  manager: number;
  birthMonth: number;
  birthDay: number;
  unreachable: boolean;
  move: StarMove | null;
  blocked: { on: Day; until: Day | null } | null;
}

function starOf(roll: number, density: number): number {
  let left = roll;
  for (const [star, share] of STARS) {
    if (left < share * density) return star;
    left -= share * density;
  }
  return 0;
}

function moveOf(size: ReplaySize, n: number, star: number): StarMove | null {
  if (star === 0 || chance(size.seed, n, 'moves') >= CHANGES_STAR) return null;
  const to = star === 7 ? 6 : chance(size.seed, n, 'up') < 0.5 ? star + 1 : star - 1;
  return { on: dayIn(size, n, 'move day'), from: star, to };
}

function blockOf(size: ReplaySize, n: number): Fate['blocked'] {
  if (chance(size.seed, n, 'blocked') >= BLOCKED) return null;
  const on = dayIn(size, n, 'block day');
  return { on, until: chance(size.seed, n, 'lifted') < 0.5 ? addDays(on, 60) : null };
}

const dayIn = ({ seed, from, until }: ReplaySize, ...keys: (string | number)[]): Day =>
  addDays(from, Math.floor(chance(seed, ...keys) * daysBetween(from, until)));

export function fateOf(size: ReplaySize, n: number): Fate {
  const { seed, managers } = size;
  const star = starOf(chance(seed, n, 'star'), size.starDensity);
  return {
    n,
    star,
    manager: Math.floor(chance(seed, n, 'manager') * managers),
    birthMonth: 1 + Math.floor(chance(seed, n, 'month') * 12),
    birthDay: 1 + Math.floor(chance(seed, n, 'day') * 28),
    unreachable: chance(seed, n, 'unreachable') < UNREACHABLE,
    move: moveOf(size, n, star),
    blocked: blockOf(size, n),
  };
}

/** Leave of some days every quarter, half of it with somebody standing in; noted a week before. */
export interface Leave {
  manager: number;
  notedOn: Day;
  from: Day;
  to: Day;
  deputy: number | null;
}

export function leavesOf(size: ReplaySize): Leave[] {
  const { seed, managers, from, until } = size;
  const quarters = Math.floor(daysBetween(from, until) / ABSENT_EVERY_DAYS);
  return Array.from({ length: managers }, (_, manager) => manager).flatMap((manager) =>
    Array.from({ length: quarters }, (_, q): Leave => {
      const start = addDays(from, q * ABSENT_EVERY_DAYS + 7 + Math.floor(chance(seed, 'leave', manager, q) * 70));
      const days = 1 + Math.floor(chance(seed, 'length', manager, q) * 5);
      const deputy = managers > 1 && chance(seed, 'deputy', manager, q) < 0.5 ? (manager + 1) % managers : null;
      return { manager, notedOn: addDays(start, -7), from: start, to: addDays(start, days - 1), deputy };
    }),
  );
}

/** One promise of one customer, by the last day to keep it. */
export const promiseOf = (n: number, deadline: Day): string => `${n}|${deadline}`;

export const managerName = (n: number): string => `replay-${n}`;
export const SUPERVISOR = 'replay-supervisor';
export const PLANNER = 'replay-planner';

/** One city: a supervisor, a planner, the managers. */
export async function addStaff(db: Database, { managers, callsADay, from }: ReplaySize): Promise<void> {
  await db.run(sql`
    insert into staff.app_user (username, name, role, org_unit_id, daily_capacity, created_at)
    select u.username, u.username, u.role, (select id from staff.org_unit where parent_id is null), ${callsADay}::int, ${from}::date
    from (select 'replay-' || n as username, 'manager' as role from generate_series(0, ${managers - 1}::int) n
          union all values (${SUPERVISOR}::text, 'supervisor'), (${PLANNER}::text, 'planner')) u`);
}

const AT_ONCE = 5_000;

export async function addCustomers(db: Database, fates: readonly Fate[], from: Day): Promise<void> {
  for (let i = 0; i < fates.length; i += AT_ONCE) {
    const rows = fates.slice(i, i + AT_ONCE).map((fate) => ({ ...fate, username: managerName(fate.manager) }));
    await db.run(sql`
      with row as (select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(n int, star int, username text, "birthMonth" int, "birthDay" int)),
      made as (
        insert into customers.customer (customer_no, name, star_level, birth_month, birth_day, manager_id, org_unit_id, call_consent, sms_consent, joined_on, created_at, updated_at)
        select 'R' || r.n, '客户' || r.n, r.star, r."birthMonth", r."birthDay", u.id, u.org_unit_id, true, true, '2020-01-01', ${from}::date, ${from}::date
        from row r join staff.app_user u on u.username = r.username returning id, customer_no)
      insert into customers.line (customer_id, number, created_at, updated_at)
      select id, '+86138' || lpad(substr(customer_no, 2), 8, '0'), ${from}::date, ${from}::date from made`);
  }
}
