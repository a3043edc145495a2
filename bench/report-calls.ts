import { openProvince, type Province, settle } from './province.js';
import { DEFAULT_OUTCOMES } from '../src/calls/outcomes/outcomes.policy.js';
import type { Database } from '../src/platform/database/database.js';
import { sql } from '../src/platform/database/sql.js';
import { hashToken } from '../src/staff/login/session.queries.js';

export const FIRST_DAY = '2026-08-26';
export const DAYS = 90;
const CAMPAIGNS = 200;
const HOURS = 9;
/** So many attempts go to one customer over the ninety days, and a third of them are second dials. */
const CALLS_A_CUSTOMER = 5;

export const TOKENS = { province: 'bench-province', team: 'bench-team' } as const;

async function addWork(db: Database): Promise<void> {
  for (const o of DEFAULT_OUTCOMES)
    await db.run(sql`insert into calls.outcome (code, label_zh, label_en, sort, key, connected, effective, visit, converted, closes_task, redial)
      values (${o.code}, ${o.labelZh}, ${o.labelEn}, ${o.sort}, ${o.key}, ${o.connected}, ${o.effective}, ${o.visit}, ${o.converted}, ${o.closesTask}, ${o.redial}) on conflict do nothing`);
  await db.run(sql`
    insert into campaigns.campaign (code, name, kind, state, starts_on, org_unit_id, created_at, updated_at)
    select 'bench-' || n, '活动' || n, 'marketing', 'running', ${FIRST_DAY}, o.id, now(), now()
    from (select id from staff.org_unit order by id limit 1) o, generate_series(0, ${CAMPAIGNS - 1}::int) n`);
  await db.run(
    sql`select platform.ensure_partitions(t::regclass, ${FIRST_DAY}::date, ${FIRST_DAY}::date + ${DAYS}::int) from unnest('{calls.attempt,contact.touch}'::text[]) t`,
  );
}

/** Who reads: somebody who sees everybody, and the supervisor of one city of eight. */
export async function addReaders(db: Database): Promise<void> {
  const reader = (name: string, unit: ReturnType<typeof sql>) => sql`
    with o as (select id from staff.org_unit where ${unit} order by id limit 1),
    u as (insert into staff.app_user (username, name, role, org_unit_id, created_at) select ${name}, ${name}, 'supervisor', o.id, now() from o returning id, org_unit_id)
    insert into staff.api_token (kind, name, role, org_unit_id, user_id, token_hash, created_at, last_used_at)
    select 'api', ${name}, 'supervisor', u.org_unit_id, u.id, ${hashToken(name)}, now(), now() from u`;
  await db.run(reader(TOKENS.province, sql`parent_id is null`));
  await db.run(reader(TOKENS.team, sql`code = 'city8'`));
}

/** Customers by hash of their number, each with a manager of their own. */
async function addPeople(db: Database, customers: number): Promise<void> {
  await db.run(sql`
    with staff as (select array_agg(u.id order by u.id) as ids, array_agg(u.org_unit_id order by u.id) as units, count(*)::int as many from staff.app_user u where u.role = 'manager')
    insert into customers.customer (name, star_level, city, org_unit_id, manager_id, call_consent, created_at, updated_at)
    select '客户' || n, abs(hashint4(n + 3)) % 8, '城市' || 1 + abs(hashint4(n + 4)) % 8, s.units[1 + n % s.many], s.ids[1 + n % s.many], true, now(), now()
    from generate_series(0, ${customers - 1}::int) n, staff s`);
  await db.run(
    sql`insert into customers.line (customer_id, number, created_at, updated_at) select id, '+86' || (13000000000 + id), now(), now() from customers.customer`,
  );
}

/**
 * Calls from..from+count-1 by hash of their number, in threes: one task dialled twice, one dialled once. A manager works on two campaigns a day.
 * The rows of `contact.touch` they stand on come along when `touched`.
 */
export const callRows = (from: number, count: number, onDay?: number) => sql`
  select k.at, platform.uuid_v7(k.at) as id, p.id as campaign_id, c.id as customer_id, l.id as line_id, l.number, c.manager_id, k.ordinal,
         case when k.luck < 40 then 'no_answer' when k.luck < 50 then 'powered_off' when k.luck < 55 then 'cut_off'
              when k.luck < 75 then 'reached' when k.luck < 94 then 'refused' else 'converted' end as outcome,
         case when k.luck < 50 then 0 when k.luck < 55 then 3 else k.luck * 7 % 240 end as talk, 'provider-' || k.task % 5 as list_source
  from (select t.*, t.drawn as day, ${FIRST_DAY}::timestamp at time zone 'Asia/Shanghai' + t.drawn * interval '1 day' + (9 + t.dice % ${HOURS}::int) * interval '1 hour' + (t.dice / 16 % 3600000) * interval '1 ms' as at,
               f.first + t.task * 7919::bigint % f.many as customer
        from (select n, n / 3 * 2 + case when n % 3 = 2 then 1 else 0 end as task, case when n % 3 = 1 then 2 else 1 end as ordinal, abs(hashint4(n)) % 100 as luck,
                     abs(hashint4(n + 5)) as dice, 
                     coalesce(${onDay}::int, (abs(hashint4(n / 3 * 2 + case when n % 3 = 2 then 1 else 0 end)) + case when n % 3 = 1 then 1 else 0 end) % ${DAYS}::int) as drawn
              from generate_series(${from}::int, ${from + count - 1}::int) n) t,
             (select min(id) as first, count(*) as many from customers.customer) f) k
  join customers.customer c on c.id = k.customer join customers.line l on l.customer_id = c.id
  join campaigns.campaign p on p.code = 'bench-' || (c.manager_id * 7 + k.day * 13 + k.task % 2 * 31) % ${CAMPAIGNS}::int`;

const ATTEMPT = sql`calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_seconds, talk_source, list_source, created_at)`;

/** As an import of the last day's calls writes them: the touches, the calls, one transaction. */
export async function insertCalls(db: Database, from: number, count: number, rollups: boolean): Promise<void> {
  await db.tx(async (tx) => {
    if (!rollups) await tx.run(sql`alter table calls.attempt disable trigger user`);
    await tx.run(sql`
      with k as materialized (${callRows(from, count, DAYS - 1)}),
      t as (insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
        select id, true, 'history', customer_id, number, 'call', 'marketing', 'bench', at from k)
      insert into ${ATTEMPT} select id, campaign_id, customer_id, line_id, manager_id, id, ordinal, at, outcome, 'feed', talk, 'switch', list_source, at from k`);
    if (!rollups) await tx.run(sql`alter table calls.attempt enable trigger user`);
  });
}

const CHUNK = 500_000;

/** The history: set-based, without triggers and foreign keys, and the rolled-up counts made anew from the rows at the end. */
async function addHistory(db: Database, rows: number): Promise<void> {
  for (let from = 0; from < rows; from += CHUNK) {
    await db.tx(async (tx) => {
      await tx.run(sql`set local session_replication_role = replica`);
      await tx.run(sql`insert into ${ATTEMPT}
        select id, campaign_id, customer_id, line_id, manager_id, id, ordinal, at, outcome, 'feed', talk, 'switch', list_source, at
        from (${callRows(from, Math.min(CHUNK, rows - from))}) k`);
      await tx.run(sql`insert into calls.sales_order (attempt_id, campaign_id, customer_id, state, opened_at)
        select id, campaign_id, customer_id, (array['open', 'succeeded', 'succeeded', 'failed', 'expired'])[1 + abs(hashtext(id::text)) % 5], started_at
        from calls.attempt a where outcome = 'converted' and not exists (select from calls.sales_order s where s.attempt_id = a.id)`);
    });
  }
}

/** The product over a province in which `rows` calls were made, with its figures kept; `rebuiltIn` is how many seconds making them from the calls took. */
export async function openReports(databaseUrl: string, rows: number): Promise<Province & { url: string; rebuiltIn: number }> {
  const province = await openProvince(databaseUrl);
  const { db, app } = province;
  await addWork(db);
  await addReaders(db);
  await addPeople(db, Math.max(200, Math.ceil(rows / CALLS_A_CUSTOMER)));
  await settle(db);
  await addHistory(db, rows);
  await settle(db);
  const start = performance.now();
  await db.run(sql`select reports.correct_rollups()`);
  await db.run(sql`select reports.settle_rollups()`);
  const rebuiltIn = (performance.now() - start) / 1000;
  const kept = await db.rows<{ name: string }>(
    sql`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'reports'`,
  );
  for (const { name } of [...kept, { name: 'calls.sales_order' }]) await db.pool.query(`vacuum analyze ${name}`);
  await app.listen(0, '127.0.0.1');
  return { ...province, url: await app.getUrl(), rebuiltIn };
}
