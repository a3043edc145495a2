import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from '../src/app.module.js';
import { ManualClock } from '../src/kernel/clock.js';
import { readConfig } from '../src/platform/config/config.js';
import { Database } from '../src/platform/database/database.js';
import { sql } from '../src/platform/database/sql.js';
import { createApp } from '../src/platform/http/create-app.js';
import { SessionQueries } from '../src/staff/login/session.queries.js';
import { StaffCommands } from '../src/staff/staff.commands.js';
import type { CurrentUser } from '../src/staff/staff.types.js';

export const NOW = new Date('2026-11-24T10:00:00+08:00');
const CITIES = 8;
const MANAGERS_A_CITY = 25;

export interface Province {
  app: NestFastifyApplication;
  db: Database;
  /** Ids of the units in the planner's scope: three of the cities. */
  units: string[];
  planner: CurrentUser;
  close(): Promise<void>;
}

/** A province, eight cities, a planner over three of them, managers everywhere. */
async function addPeople(db: Database): Promise<void> {
  await db.run(sql`
    insert into staff.org_unit (id, code, name, kind, parent_id, path) overriding system value
    select t.id * 1000 + n, 'city' || n, '城市' || n, 'city', t.id, t.path || case when n <= 3 then (t.id * 1000 + 1) || '/' else '' end
      || case when n = 1 then '' else (t.id * 1000 + n) || '/' end
    from (select id, path from staff.org_unit order by id limit 1) t, generate_series(1, ${CITIES}::int) n`);
  await db.run(sql`
    insert into staff.app_user (username, name, role, org_unit_id, created_at)
    select 'manager-' || o.code || '-' || n, '经理' || n, 'manager', o.id, ${NOW}::timestamptz
    from staff.org_unit o, generate_series(1, ${MANAGERS_A_CITY}::int) n where o.code like 'city%'
    union all select 'planner', '规划', 'planner', o.id, ${NOW}::timestamptz from staff.org_unit o where o.code = 'city1'`);
}

/** Customers by hash of their number: the same on every machine; nearly one line each, as in life. */
export async function addCustomers(db: Database, rows: number): Promise<void> {
  await db.run(sql`
    with staff as (select array_agg(u.id order by u.id) as ids, array_agg(u.org_unit_id order by u.id) as units, count(*)::int as many from staff.app_user u where u.role = 'manager')
    insert into customers.customer (name, star_level, city, district, org_unit_id, manager_id, call_consent, joined_on, created_at, updated_at)
    select (array['王','李','张','刘','陈','杨','赵','黄','周','吴'])[1 + abs(hashint4(n)) % 10] || chr(19968 + abs(hashint4(n + 1)) % 3000) || chr(19968 + abs(hashint4(n + 2)) % 3000),
           abs(hashint4(n + 3)) % 8, '城市' || 1 + abs(hashint4(n + 4)) % ${CITIES}::int, '区' || abs(hashint4(n + 5)) % 40,
           s.units[1 + abs(hashint4(n + 6)) % s.many], s.ids[1 + abs(hashint4(n + 6)) % s.many], true, '2010-01-01'::date + abs(hashint4(n + 7)) % 5000, ${NOW}, ${NOW}
    from generate_series(1, ${rows}::int) n, staff s`);
  await db.run(sql`
    insert into customers.line (customer_id, number, package, arpu_fen, created_at, updated_at)
    select id, '+86' || (13000000000 + id), '畅享' || 99 + 100 * (id % 3), abs(hashint8(id)) % 30000, ${NOW}, ${NOW} from customers.customer`);
}

/** Every third customer was called once in the last two hundred days, half of the calls with a person at the other end. */
export async function addCalls(db: Database): Promise<void> {
  await db.run(sql`insert into campaigns.campaign (code, name, kind, state, starts_on, org_unit_id, created_at, updated_at)
    select 'bench', '基准', 'care', 'running', '2026-01-01', id, ${NOW}, ${NOW} from staff.org_unit order by id limit 1`);
  await db.run(sql`
    with called as materialized (
      select l.customer_id, l.id as line_id, l.number, c.manager_id, at, platform.uuid_v7(at) as id
      from (select l.*, ${NOW}::timestamptz - abs(hashint8(l.id + 11)) % 200 * interval '1 day' as at from customers.line l where l.id % 3 = 0) l
      join customers.customer c on c.id = l.customer_id),
    touched as (
      insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
      select id, true, 'confirmed', customer_id, number, 'call', 'care', 'bench', at from called)
    insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_source, created_at)
    select k.id, p.id, k.customer_id, k.line_id, k.manager_id, k.id, 1, k.at, case k.line_id % 2 when 0 then 'reached' else 'no_answer' end, 'agent', 'desk', k.at
    from called k, campaigns.campaign p where p.code = 'bench'`);
}

/** The product over a province without customers yet. */
export async function openProvince(databaseUrl: string): Promise<Province> {
  const dataDir = mkdtempSync(join(tmpdir(), 'starcare-province-'));
  const config = { ...readConfig({}), dataDir, databaseUrl, port: 0 };
  const module = AppModule.register({ config, databaseUrl, clock: new ManualClock(NOW), autoStart: false });
  const app = await createApp(module, { root: config.root, logLevel: 'info', logFile: join(dataDir, 'starcare.log') });
  await app.init();
  const db = app.get(Database, { strict: false });
  await app.get(StaffCommands, { strict: false }).ensureAdmin('bench-only');
  await addPeople(db);
  const { id } = await db.one<{ id: string }>(sql`select id from staff.app_user where username = 'planner'`);
  const planner = await app.get(SessionQueries, { strict: false }).bySession(id);
  if (!planner) throw new Error('the planner is gone');
  const units = await db.rows<{ id: string }>(sql`select id from staff.org_unit where starts_with(path, ${planner.orgPath})`);
  const close = async (): Promise<void> => {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { app, db, units: units.map((unit) => unit.id), planner, close };
}

export async function settle(db: Database): Promise<void> {
  for (const table of ['customers.customer', 'customers.line', 'calls.attempt', 'contact.touch']) await db.pool.query(`vacuum analyze ${table}`);
}
