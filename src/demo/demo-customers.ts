import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { bulkInsert } from './bulk-insert.js';
import { CAMPAIGNS } from './campaigns.data.js';
import type { DemoWorld } from './demo-world.js';

const CUSTOMER = {
  id: 'bigint',
  customer_no: 'text',
  name: 'text',
  gender: 'text',
  star_level: 'smallint',
  tier: 'text',
  class: 'text',
  province: 'text',
  city: 'text',
  district: 'text',
  birth_year: 'smallint',
  birth_month: 'smallint',
  birth_day: 'smallint',
  birth_calendar: 'text',
  birth_leap: 'boolean',
  joined_on: 'date',
  status: 'text',
  sms_consent: 'boolean',
  call_consent: 'boolean',
  manager_id: 'bigint',
  org_unit_id: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};

const LINE = {
  id: 'bigint',
  customer_id: 'bigint',
  number: 'text',
  kind: 'text',
  package: 'text',
  arpu_fen: 'integer',
  contract_end: 'date',
  status: 'text',
  health: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};

const STAR_CHANGE = {
  customer_id: 'bigint',
  line_id: 'bigint',
  old_star: 'smallint',
  new_star: 'smallint',
  changed_on: 'date',
  created_at: 'timestamptz',
};

const ROAMING_USE = {
  customer_id: 'bigint',
  line_id: 'bigint',
  month: 'date',
  destination: 'text',
  days: 'smallint',
  fee_fen: 'integer',
  returned_on: 'date',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};

/** Customers and lines under the ids they were made with; the sequences go on after them. */
export async function writeCustomers(tx: Tx, world: DemoWorld, now: Date): Promise<void> {
  const stamped = (row: object): object => ({ ...row, created_at: now, updated_at: now });
  await bulkInsert(tx, { table: 'customers.customer', columns: CUSTOMER, keepIds: true }, world.customers.map(stamped));
  await bulkInsert(tx, { table: 'customers.line', columns: LINE, keepIds: true }, world.lines.map(stamped));
  await tx.run(sql`select setval(pg_get_serial_sequence('customers.customer', 'id'), (select max(id) from customers.customer)),
    setval(pg_get_serial_sequence('customers.line', 'id'), (select max(id) from customers.line))`);
  await bulkInsert(tx, { table: 'customers.star_change', columns: STAR_CHANGE }, world.starChanges.map(stamped));
  await bulkInsert(tx, { table: 'customers.roaming_use', columns: ROAMING_USE }, world.roaming.map(stamped));
}

export async function writeSegments(tx: Tx, world: DemoWorld, now: Date): Promise<void> {
  for (const { segment } of CAMPAIGNS) {
    await tx.run(sql`
      insert into segments.segment (code, name, columns, org_unit_id, created_by, created_at, updated_at)
      select ${segment.code}, ${segment.name}, ${segment.columns}, u.org_unit_id, u.id, ${now}, ${now} from staff.app_user u where u.username = 'planner1'`);
    const members = world.members.filter((m) => m.segment === segment.code);
    await tx.run(sql`
      insert into segments.member (segment_id, line_id, customer_id, attributes, added_at)
      select s.id, m."lineId", m."customerId", m.attributes, ${now}
      from segments.segment s, jsonb_to_recordset(${JSON.stringify(members)}::jsonb) as m("lineId" bigint, "customerId" bigint, attributes jsonb)
      where s.code = ${segment.code}`);
  }
  await tx.run(sql`update segments.segment s set members = (select count(*) from segments.member m where m.segment_id = s.id)`);
}
