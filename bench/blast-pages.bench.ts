import { BlastCounts } from '../src/messaging/blasts/blast-counts.commands.js';
import { BlastPagesQueries } from '../src/messaging/blasts/blast-pages.queries.js';
import { BlastsQueries } from '../src/messaging/blasts/blasts.queries.js';
import { RecipientsQueries } from '../src/messaging/figures/recipients.queries.js';
import { rawSql, type Sql, sql } from '../src/platform/database/sql.js';
import type { Benchmark, Way } from './frame.js';
import { addCustomers, NOW, openProvince, type Province, settle } from './province.js';
import { fingerprint } from './random.js';

const FEW = 1_000;
const BATCHES = 40;
const PAGE = 50;
const LISTS = ['queued', 'submitted', 'delivered', 'failed', 'expired', 'inDoubt', 'refused'];
/** The rare ones lie at the end of the audience, where looking for them from its beginning costs most. */
const STATE = sql`case
  when place > total * 0.99 then 'planned' when place > total * 0.98 then 'accepted'
  when place > total * 0.97 then (array['undelivered', 'in_doubt', 'refused', 'expired', 'rejected'])[1 + place % 5] else 'delivered' end`;

async function insertBlast({ db }: Province, code: string, people: number): Promise<string> {
  await db.run(sql`
    insert into messaging.template (code, name, purpose, org_unit_id, created_at)
    select 'bench', 'bench', 'service', id, ${NOW} from staff.org_unit where code = 'city1' on conflict do nothing`);
  await db.run(sql`insert into messaging.gateway (code, kind, created_at) values ('bench', 'simulator', ${NOW}) on conflict do nothing`);
  const { id } = await db.one<{ id: string }>(sql`
    insert into messaging.blast (code, name, template_id, gateway_code, state, body, signature, purpose, template_version, org_unit_id, created_at, started_at, next_at)
    select ${code}, ${code}, t.id, 'bench', 'running', '您好', '中国电信', 'service', 1, o.id, ${NOW}, ${NOW}, ${NOW}
    from messaging.template t, staff.org_unit o where t.code = 'bench' and o.code = 'city1' returning id`);
  await db.run(sql`
    insert into messaging.recipient (blast_id, customer_id, line_id, number, updated_at)
    select ${id}, customer_id, id, number, ${NOW} from customers.line order by id limit ${people}`);
  return id;
}

/** A blast half an hour under way. Its recipients move in batches, as sending moves them, so that the counts are made as they are made. */
async function fill(province: Province, code: string, people: number): Promise<void> {
  const { db } = province;
  const id = await insertBlast(province, code, people);
  const placed = sql`(
    select *, ${STATE} as fate from (
      select line_id, customer_id, number, row_number() over (order by line_id) as place, count(*) over () as total from messaging.recipient where blast_id = ${id}) x)`;
  await db.tx(async (tx) => {
    await tx.run(rawSql(`set local session_replication_role = 'replica'`)); // there are no touches in this world
    await tx.run(sql`
      insert into messaging.message (id, blast_id, customer_id, line_id, number, touch_id, purpose, body, parts, encoding, gateway_code, state, created_at, submitted_at, finished_at)
      select platform.uuid_v7(${NOW}), ${id}, customer_id, line_id, number, gen_random_uuid(), 'service', '您好', 1, 'ucs2', 'bench', fate,
             ${NOW}::timestamptz, ${NOW}::timestamptz, ${NOW}::timestamptz + interval '4 s' from ${placed} p where fate not in ('planned', 'refused')`);
  });
  await db.run(sql`
    update messaging.recipient r set message_id = m.id from messaging.message m where m.blast_id = ${id} and r.blast_id = ${id} and r.line_id = m.line_id`);
  const size = Math.ceil(people / BATCHES);
  for (let from = 0; from < people; from += size) await move(province, placed, { id, from, to: from + size });
  await db.run(sql`
    update messaging.blast set cut_after = (select max(line_id) from messaging.recipient where blast_id = ${id} and state <> 'planned') where id = ${id}`);
}

function move({ db }: Province, placed: Sql, { id, from, to }: { id: string; from: number; to: number }): Promise<number> {
  const at = new Date(NOW.getTime() + from * 10);
  return db.run(sql`
    update messaging.recipient r set state = p.fate, parts = case when p.fate in ('planned', 'refused') then 0 else 1 end, updated_at = ${at},
           reason = case p.fate when 'undelivered' then 'UNDELIV 027' when 'rejected' then 'REJECTD 008' when 'in_doubt' then 'in_doubt'
                    when 'refused' then 'opted_out' when 'expired' then 'no_receipt' end
    from ${placed} p where r.blast_id = ${id} and r.line_id = p.line_id and p.place > ${from} and p.place <= ${to} and p.fate <> 'planned'`);
}

/** What the page asks every two seconds. */
function progress({ app, planner }: Province, code: string): Way {
  const blasts = app.get(BlastsQueries, { strict: false });
  const pages = app.get(BlastPagesQueries, { strict: false });
  const run = async (): Promise<number> => {
    for (let i = 0; i < 30; i += 1) await pages.progress(planner, await blasts.byCode(planner, code));
    return 30;
  };
  return { name: `progress of ${code}`, prepare: () => run().then(() => undefined), run };
}

/** The first page behind each of the seven numbers. */
function lists({ app, planner }: Province, code: string): Way {
  const blasts = app.get(BlastsQueries, { strict: false });
  const recipients = app.get(RecipientsQueries, { strict: false });
  const run = async (): Promise<number> => {
    const blast = await blasts.byCode(planner, code);
    for (let i = 0; i < 5; i += 1) for (const state of LISTS) await recipients.page(planner, blast, { state, limit: PAGE });
    return 5 * LISTS.length;
  };
  return { name: `lists of ${code}`, prepare: () => run().then(() => undefined), run };
}

/** How it was: each time all of them. */
function recount({ db }: Province, code: string): Way {
  const run = async (): Promise<number> => {
    for (let i = 0; i < 10; i += 1)
      await db.rows(sql`
        select state, reason, count(*), sum(parts) from messaging.recipient where blast_id = (select id from messaging.blast where code = ${code}) group by 1, 2`);
    return 10;
  };
  return { name: `counting all of ${code}`, run };
}

/** Which lists read the table of recipients, or that of messages, from end to end. */
async function scans({ app, db, planner }: Province, code: string): Promise<string[]> {
  const blast = await app.get(BlastsQueries, { strict: false }).byCode(planner, code);
  const recipients = app.get(RecipientsQueries, { strict: false });
  const found: string[] = [];
  const ask = db.rows.bind(db);
  for (const state of LISTS) {
    db.rows = async <T extends object>(statement: Sql): Promise<T[]> => {
      const { text } = statement.compile();
      if (!text.includes('messaging.recipient r')) return ask<T>(statement);
      const plan = (await ask<{ 'QUERY PLAN': string }>(sql`explain ${statement}`)).map((line) => line['QUERY PLAN']);
      found.push(...plan.filter((line) => /Seq Scan on (recipient|message)/.test(line)).map((line) => `${state}: ${line.trim()}`));
      return ask<T>(statement);
    };
    await recipients.page(planner, blast, { state, limit: PAGE });
  }
  db.rows = ask;
  return found;
}

export const benchmark: Benchmark = {
  name: 'blast-pages',
  rows: 100_000,
  smokeRows: 20_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const province = await openProvince(databaseUrl);
    await addCustomers(province.db, rows);
    await fill(province, 'few', FEW);
    await fill(province, 'many', rows);
    await province.app.get(BlastCounts, { strict: false }).fold(1);
    await settle(province.db);
    return {
      input: fingerprint().update(`blasts to ${FEW} and ${rows}, one in fifty not delivered`).digest('hex'),
      unit: 'questions',
      ways: [progress(province, 'few'), progress(province, 'many'), recount(province, 'many'), lists(province, 'few'), lists(province, 'many')],
      goals: [
        { way: 'progress of many', atMost: smoke ? 3 : 1.5 },
        { way: 'lists of many', of: 'lists of few', atMost: smoke ? 4 : 2 },
      ],
      async check() {
        const found = await scans(province, 'many');
        say(`lists that read a table from end to end: ${found.length === 0 ? 'none' : found.join('; ')}`);
        return found;
      },
      close: () => province.close(),
    };
  },
};
