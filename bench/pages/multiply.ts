import type { Database } from '../../src/platform/database/database.js';
import { rawSql, sql } from '../../src/platform/database/sql.js';

/** Of what the demo has, all that there is more of where there are more customers; what people set up (campaigns, rules, templates) stays as it is. */
const GROWN = [
  ...['customer', 'line', 'bill', 'package_use', 'roaming_use', 'star_change'].map((table) => `customers.${table}`),
  ...['touch', 'block', 'protection'].map((table) => `contact.${table}`),
  ...['task', 'attempt', 'attempt_key', 'sales_order', 'callback_end'].map((table) => `calls.${table}`),
  ...['due', 'invitation', 'follow_up'].map((table) => `care.${table}`),
  ...['message', 'gateway_message', 'recipient'].map((table) => `messaging.${table}`),
  ...['churn_case', 'churn_score', 'churn_intent', 'case_task', 'entry', 'follow_up', 'health', 'health_change', 'sign'].map(
    (table) => `retention.${table}`,
  ),
  ...['campaigns.audience', 'segments.member', 'tickets.ticket', 'tickets.entry'],
];
/** Rows that others of the same copy point at. */
const OWN_IDS = ['id', 'customer_id', 'line_id', 'task_id', 'case_id', 'intent_id', 'ticket_id', 'merged_into'];
const NAMES = ['customer_no', 'order_no', 'gateway_ref', 'reference'];
const APART = 100_000_000;

/** A copy's own ids, numbers and names; its managers are those of one of `teams` copies. */
function valueOf(column: string, type: string, teams: number): string {
  if (type === 'uuid') return `overlay(${column}::text placing left(md5(${column}::text || k), 12) from 25)::uuid`;
  if (type === 'int8' && OWN_IDS.includes(column)) return `${column} + k * ${APART}::bigint`;
  if (column === 'manager_id' || column === 'owner_id') return `${column} + k % ${teams} * ${APART}::bigint`;
  if (column === 'number') return `left(number, 5) || lpad(((substr(number, 6)::bigint + k * 10000000::bigint) % 1000000000)::text, 9, '0')`;
  return NAMES.includes(column) ? `${column} || '-' || k` : column;
}

interface Column {
  name: string;
  type: string;
}

const columnsOf = (db: Database, table: string): Promise<Column[]> =>
  db.rows<Column>(sql`
    select a.attname as name, t.typname as type from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`);

/**
 * The demo's customers and all that happened to them `times` times over, as customers, numbers and calls of their own; its managers `teams` times.
 * @param times up to 99 @param teams up to `times`
 */
export async function multiply(db: Database, times: number, teams: number): Promise<void> {
  const staff = rawSql(`
    insert into staff.app_user (id, username, name, role, org_unit_id, password_hash, agent_no, daily_capacity, created_at) overriding system value
    select id + k * ${APART}::bigint, username || '-' || k, name || k, role, org_unit_id, password_hash, agent_no || '-' || k, daily_capacity, created_at
    from staff.app_user, generate_series(1, ${teams - 1}) k where role = 'manager'`);
  const copies = await Promise.all(
    GROWN.map(async (table) => {
      const columns = await columnsOf(db, table);
      const values = columns.map(({ name, type }) => valueOf(name, type, teams));
      return rawSql(`
        insert into ${table} (${columns.map(({ name }) => name).join(', ')}) overriding system value
        select ${values.join(', ')} from ${table}, generate_series(1, ${times - 1}) k`);
    }),
  );
  await db.tx(async (tx) => {
    await tx.run(sql`set local session_replication_role = replica`);
    if (teams > 1) await tx.run(staff);
    for (const copy of copies) await tx.run(copy);
    await tx.run(sql`update segments.segment s set members = (select count(*) from segments.member m where m.segment_id = s.id)`);
    await tx.run(sql`update messaging.recipient_count set n = n * ${times}::int, parts = parts * ${times}::int, billed = billed * ${times}::int`);
  });
  await db.run(sql`select reports.correct_rollups()`);
  await db.run(sql`select reports.settle_rollups()`);
  await db.pool.query('vacuum analyze');
}
