import { createApp } from '../src/platform/http/create-app.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from '../src/app.module.js';
import { ManualClock } from '../src/kernel/clock.js';
import { readConfig } from '../src/platform/config/config.js';
import { Database } from '../src/platform/database/database.js';
import { sql } from '../src/platform/database/sql.js';
import { hashToken } from '../src/staff/login/session.queries.js';
import type { CurrentUser } from '../src/staff/staff.types.js';
import { StaffCommands } from '../src/staff/staff.commands.js';

/** A Tuesday in calling hours: the gate says yes. */
const NOW = new Date('2026-11-24T10:00:00+08:00');
/** As in a year's list with its cycles; the gate gives a customer once a day. */
const TASKS_A_CUSTOMER = 4;

export interface Floor {
  app: NestFastifyApplication;
  db: Database;
  /** Those who press while the clock runs; each manager has the same number of open tasks of their own. */
  people: Person[];
  /** Those who press before it runs, so that every connection has its plans. */
  early: Person[];
  url: string;
  /** Every task open again, no touch in the ledger. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** A manager as the product knows them, with their bearer token. */
export type Person = CurrentUser & { token: string };

/** Enough for each connection of the pool to have planned each statement for good. */
const EARLY = 200;

const tokenOf = (id: string): string => `bench-${id}`;

async function addManagers(db: Database, count: number): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(sql`
    insert into staff.app_user (username, name, role, org_unit_id, agent_no, created_at)
    select 'bench' || n, '经理' || n, 'manager', (select id from staff.org_unit order by id limit 1), 'b' || n, ${NOW} from generate_series(1, ${count}::int) n
    returning id`);
  const ids = rows.map((row) => row.id);
  await db.run(sql`
    insert into staff.api_token (kind, name, role, org_unit_id, user_id, token_hash, created_at, last_used_at)
    select 'api', 'bench', 'manager', u.org_unit_id, u.id, t.hash, ${NOW}, ${NOW}
    from unnest(${ids}::bigint[], ${ids.map((id) => hashToken(tokenOf(id)))}::text[]) t(id, hash) join staff.app_user u on u.id = t.id`);
  return ids;
}

/** Tasks by hash of their number: stars, dates and customers lie as in a real list, and the same on every machine. */
async function addTasks(db: Database, rows: number, managers: readonly string[], perCustomer: number): Promise<void> {
  const customers = Math.ceil(rows / perCustomer);
  await db.run(sql`
    insert into customers.customer (name, star_level, org_unit_id, call_consent, created_at, updated_at)
    select '客户' || n, abs(hashint4(n)) % 8, (select id from staff.org_unit order by id limit 1), true, ${NOW}, ${NOW} from generate_series(1, ${customers}::int) n`);
  await db.run(sql`
    insert into customers.line (customer_id, number, created_at, updated_at)
    select id, '+86' || (13000000000 + id), ${NOW}, ${NOW} from customers.customer`);
  await db.run(sql`
    insert into campaigns.campaign (code, name, kind, state, starts_on, script, org_unit_id, created_at, updated_at)
    select 'bench', '基准', 'marketing', 'running', '2026-11-01', '{"opening":"{{honorific|您}}好","branches":[],"objections":[]}', id, ${NOW}, ${NOW}
    from staff.org_unit order by id limit 1`);
  await db.run(sql`
    insert into calls.task (campaign_id, customer_id, line_id, cycle, owner_id, due_on, star, expected_value, created_at)
    select (select id from campaigns.campaign where code = 'bench'), l.customer_id, l.id, (n % ${perCustomer}::int)::text,
           (${managers}::bigint[])[1 + n % ${managers.length}::int], '2026-11-24'::date - abs(hashint4(n)) % 20, abs(hashint4(n)) % 8, abs(hashint4(n + 7)) % 30000, ${NOW}
    from generate_series(0, ${rows - 1}::int) n
    join customers.line l on l.customer_id = (select min(id) from customers.customer) + n / ${perCustomer}::int`);
  for (const table of ['calls.task', 'customers.customer', 'customers.line', 'staff.app_user']) await db.pool.query(`vacuum analyze ${table}`);
}

/** Every task open again, no touch in the ledger. */
async function reopen(db: Database): Promise<void> {
  await db.run(
    sql`update calls.task set state = 'open', claimed_by = null, lease_until = null, touch_id = null, not_before = null where state <> 'open'`,
  );
  await db.run(sql`truncate contact.touch cascade`);
  await db.pool.query('vacuum analyze calls.task');
}

async function peopleOf(db: Database, ids: readonly string[]): Promise<Person[]> {
  const users = await db.rows<CurrentUser>(sql`
    select u.id, u.username, u.name, u.role, u.org_unit_id as "orgUnitId", o.name as "orgName", o.path as "orgPath", u.locale, u.agent_no as "agentNo"
    from staff.app_user u join staff.org_unit o on o.id = u.org_unit_id where u.id = any(${ids}::bigint[]) order by u.id`);
  return users.map((user) => ({ ...user, token: tokenOf(user.id) }));
}

/** The product on the bench's database, with `rows` open tasks on the lists of `managers` people and of those who press early. */
export async function openFloor(databaseUrl: string, rows: number, managers: number, perCustomer = TASKS_A_CUSTOMER): Promise<Floor> {
  const dataDir = mkdtempSync(join(tmpdir(), 'starcare-claim-'));
  const config = { ...readConfig({}), dataDir, databaseUrl, port: 0 };
  const module = AppModule.register({ config, databaseUrl, clock: new ManualClock(NOW), autoStart: false });
  const app = await createApp(module, { root: config.root, logLevel: 'info', logFile: join(dataDir, 'starcare.log'), apiRateLimit: 10_000_000 });
  await app.listen(0, '127.0.0.1');
  const db = app.get(Database, { strict: false });
  await app.get(StaffCommands, { strict: false }).ensureAdmin('bench-only');
  const ids = await addManagers(db, managers + EARLY);
  await addTasks(db, rows, ids, perCustomer);
  const people = await peopleOf(db, ids);
  return {
    app,
    db,
    people: people.slice(EARLY),
    early: people.slice(0, EARLY),
    url: await app.getUrl(),
    reopen: () => reopen(db),
    close: async () => {
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
