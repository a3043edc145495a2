import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from '../src/app.module.js';
import { ContactCommands } from '../src/contact/contact.commands.js';
import type { Recipient } from '../src/contact/contact.types.js';
import { ManualClock } from '../src/kernel/clock.js';
import { readConfig } from '../src/platform/config/config.js';
import { Database } from '../src/platform/database/database.js';
import { sql } from '../src/platform/database/sql.js';
import { createApp } from '../src/platform/http/create-app.js';
import { StaffCommands } from '../src/staff/staff.commands.js';
import type { Benchmark, Way } from './frame.js';
import { fingerprint } from './random.js';

/** A Tuesday in calling hours, so that no rule answers alike for everybody. */
const NOW = new Date('2026-11-24T10:00:00+08:00');
const TOUCHES_A_CUSTOMER = 3;

/** By hash: every 20th number is blocked or opted out in one of the four scopes, every 25th customer protected, every 10th rests from the family, every 12th gave no consent. */
async function addCustomers(db: Database, rows: number): Promise<Recipient[]> {
  const made = await db.rows<Recipient>(sql`
    with c as (
      insert into customers.customer (name, star_level, org_unit_id, call_consent, sms_consent, created_at, updated_at)
      select '客户' || n, abs(hashint4(n)) % 8, (select id from staff.org_unit order by id limit 1), abs(hashint4(n + 1)) % 12 <> 0, true, ${NOW}, ${NOW}
      from generate_series(1, ${rows}::int) n returning id)
    insert into customers.line (customer_id, number, created_at, updated_at) select id, '+86' || (13000000000 + id), ${NOW}, ${NOW} from c
    returning customer_id as "customerId", number`);
  await db.run(sql`
    insert into contact.block (number, channel, scope, product_family, campaign_id, reason, source, created_at)
    select number, 'all', scope, case when scope = 'product' then '5g' end, case when scope = 'campaign' then 1 end, 'x', 'bench', ${NOW}
    from (select number, (array['all', 'marketing', 'product', 'campaign'])[id % 4 + 1] as scope from customers.line where abs(hashint8(id)) % 20 = 0) b`);
  await db.run(sql`
    insert into contact.protection (customer_id, kind, ref, source, since) select id, 'complaint', 'bench', 'bench', ${NOW} from customers.customer where abs(hashint8(id + 3)) % 25 = 0`);
  await db.run(sql`
    insert into contact.cooling_off (customer_id, family, until, cause)
    select id, '5g', ${NOW}::timestamptz + interval '40 days', 'refused' from customers.customer where abs(hashint8(id + 5)) % 10 = 0`);
  for (const table of ['customers.customer', 'customers.line', 'contact.block', 'contact.protection', 'contact.cooling_off'])
    await db.pool.query(`vacuum analyze ${table}`);
  return made;
}

/** The ledger as each run finds it: three touches a customer in the last ten days. */
async function resetLedger(db: Database): Promise<void> {
  await db.run(sql`truncate contact.touch cascade`);
  await db.run(sql`
    insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
    select platform.uuid_v7(t.at), true, 'confirmed', l.customer_id, l.number, case when t.n = 1 then 'sms' else 'call' end, 'marketing', 'bench', t.at
    from customers.line l,
         lateral (select n, ${NOW}::timestamptz - make_interval(hours => (abs(hashint8(l.id * 7 + n)) % 240)::int + 1) as at from generate_series(1, ${TOUCHES_A_CUSTOMER}::int) n) t`);
  await db.pool.query('vacuum analyze contact.touch');
}

const bareInsert = (rows: readonly Recipient[]) => sql`
  insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, reasons, campaign_id, source, actor_id, at, expires_at)
  select platform.uuid_v7(${NOW}), true, 'reserved', customer_id, number, 'call', 'marketing', '{}'::text[], null::bigint, 'bench', null::bigint, ${NOW}::timestamptz,
         ${NOW}::timestamptz + interval '30 minutes'
  from unnest(${rows.map((row) => row.customerId)}::bigint[], ${rows.map((row) => row.number)}::text[]) as a(customer_id, number)`;

async function openGate(databaseUrl: string) {
  const dataDir = mkdtempSync(join(tmpdir(), 'starcare-gate-'));
  const config = { ...readConfig({}), dataDir, databaseUrl, port: 0 };
  const module = AppModule.register({ config, databaseUrl, clock: new ManualClock(NOW), autoStart: false });
  const app = await createApp(module, { root: config.root, logLevel: 'info', logFile: join(dataDir, 'starcare.log') });
  await app.init();
  await app.get(StaffCommands, { strict: false }).ensureAdmin('bench-only');
  const close = async (): Promise<void> => {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { db: app.get(Database, { strict: false }), contact: app.get(ContactCommands, { strict: false }), close };
}

export const benchmark: Benchmark = {
  name: 'gate',
  rows: 100_000,
  smokeRows: 5_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const { db, contact, close } = await openGate(databaseUrl);
    const customers = await addCustomers(db, rows);
    const wrong: string[] = [];
    const prepare = (): Promise<void> => resetLedger(db);
    const bare: Way = { name: 'bare insert of the touch rows', prepare, run: () => db.tx((tx) => tx.run(bareInsert(customers))) };
    const gate: Way = {
      name: 'reserveBatch, marketing call with a product family',
      prepare,
      run: async () => {
        const ask = { channel: 'call', purpose: 'marketing', productFamily: '5g', campaignId: '1', source: 'bench', at: NOW } as const;
        const verdicts = await db.tx((tx) => contact.reserveBatch(tx, { ...ask, rows: customers }));
        const allowed = [...verdicts.values()].filter((verdict) => verdict.allowed).length;
        if (verdicts.size !== rows) wrong.push(`${rows - verdicts.size} of ${rows} customers got no verdict`);
        if (allowed === 0 || allowed === rows) wrong.push(`${allowed} of ${rows} allowed: the rules were not at work`);
        say(`${allowed} of ${rows} allowed`);
        return verdicts.size;
      },
    };
    return {
      input: fingerprint().update(`${rows} customers by hash, ${TOUCHES_A_CUSTOMER} touches each`).digest('hex'),
      unit: 'touches',
      ways: [bare, gate],
      goals: [{ way: gate.name, atMost: smoke ? 4 : 2 }],
      check: () => Promise.resolve(wrong),
      close,
    };
  },
};
