import type { Type } from '@nestjs/common';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from '../../src/app.module.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { GatewaysCommands } from '../../src/messaging/gateways/gateways.commands.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Database } from '../../src/platform/database/database.js';
import { sql } from '../../src/platform/database/sql.js';
import { createApp } from '../../src/platform/http/create-app.js';
import { newSealKey } from '../../src/platform/sealing/seal-key.js';
import { SessionQueries } from '../../src/staff/login/session.queries.js';
import { StaffCommands } from '../../src/staff/staff.commands.js';
import type { CurrentUser } from '../../src/staff/staff.types.js';

/** A Tuesday in the hours of messages. */
export const NOW = new Date('2026-11-24T10:00:00+08:00');

export interface PostHouse {
  db: Database;
  admin: CurrentUser;
  clock: SystemClock;
  get<T>(type: Type<T>): T;
  close(): Promise<void>;
}

/** The gateway's rate is beyond what any of the ways reaches: what is measured is the engine, not its pacing. */
const RATE = 100_000;
const WINDOW = 100;

/** The whole product in this process, its jobs running, with a way out to the SMSC over its own SMPP. */
export async function openPostHouse(databaseUrl: string, port: number): Promise<PostHouse> {
  const dataDir = mkdtempSync(join(tmpdir(), 'starcare-blast-'));
  const config = { ...readConfig({ PERSONAL_DATA_KEY: newSealKey() }), dataDir, databaseUrl, port: 0 };
  const clock = new SystemClock();
  clock.startAt(NOW);
  const app = await createApp(AppModule.register({ config, databaseUrl, clock, autoStart: true }), {
    root: config.root,
    logLevel: 'warn',
    logFile: join(dataDir, 'starcare.log'),
  });
  await app.init();
  const get = <T>(type: Type<T>): T => app.get(type, { strict: false });
  await get(StaffCommands).ensureAdmin('bench-only');
  const db = get(Database);
  const { id } = await db.one<{ id: string }>(sql`select id from staff.app_user where username = 'admin'`);
  const admin = (await get(SessionQueries).bySession(id)) as CurrentUser;
  const account = { code: 'bench', kind: 'smpp', host: '127.0.0.1', port, systemId: 'bench', password: 'bench' } as const;
  await get(GatewaysCommands).create(admin, { ...account, ratePerSecond: RATE, window: WINDOW }, 'http://127.0.0.1');
  const close = async (): Promise<void> => {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { db, admin, clock, get, close };
}

/** Everybody in one segment; every 50th is blocked, every 40th has said no to advertisements. */
export async function addAudience(db: Database, rows: number): Promise<void> {
  await db.run(sql`
    insert into customers.customer (name, gender, star_level, org_unit_id, call_consent, sms_consent, created_at, updated_at)
    select (array['王','李','张','刘','陈','杨','赵','黄','周','吴'])[1 + abs(hashint4(n)) % 10] || chr(19968 + abs(hashint4(n + 1)) % 3000),
           (array['male', 'female'])[1 + n % 2], abs(hashint4(n + 2)) % 8, (select id from staff.org_unit order by id limit 1), true, n % 40 <> 0, ${NOW}, ${NOW}
    from generate_series(1, ${rows}::int) n`);
  await db.run(sql`
    insert into customers.line (customer_id, number, package, created_at, updated_at)
    select id, '+86' || (13000000000 + id), '畅享' || 99 + 100 * (id % 3), ${NOW}, ${NOW} from customers.customer`);
  await db.run(sql`
    insert into contact.block (number, channel, scope, reason, source, created_at)
    select number, 'all', 'all', 'x', 'bench', ${NOW} from customers.line where id % 50 = 0`);
  await db.run(sql`
    with s as (insert into segments.segment (code, name, members, org_unit_id, created_at, updated_at)
      select 'everybody', '全部', ${rows}, id, ${NOW}, ${NOW} from staff.org_unit order by id limit 1 returning id)
    insert into segments.member (segment_id, line_id, customer_id, added_at) select s.id, l.id, l.customer_id, ${NOW} from customers.line l, s`);
  for (const table of ['customers.customer', 'customers.line', 'contact.block', 'segments.member']) await db.pool.query(`vacuum analyze ${table}`);
}
