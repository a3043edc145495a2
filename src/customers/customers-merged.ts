import type { Tx } from '../platform/database/database.js';
import { rawSql, sql } from '../platform/database/sql.js';

/** What is kept of a line with the customer's id beside it. */
const OF_LINES = ['customers.package_use', 'customers.bill', 'customers.roaming_use', 'customers.star_change'] as const;

/** Changes of what a file says of both: each has had their own. */
const OWN = ['name', 'gender', 'starLevel', 'tier', 'class', 'province', 'city', 'district', 'smsConsent', 'callConsent', 'birthday', 'manager'];

/**
 * A customer without a number whose last line has gone to a number was that customer all along (CUS-1): what is known of one is known of the other. A line
 * that changes from number to number is another thing: it was sold, and its past stays where it was.
 * What is left is nobody's customer, a name for the old id.
 * @returns how many there are in this file; who keeps something of them follows by {@link CustomersMerged}
 */
export async function settleMerged(tx: Tx, now: Date): Promise<number> {
  const merged = await tx.rows<{ id: string }>(sql`
    update customers.customer c set merged_into = o.customer_id, merged_at = ${now}, manager_id = null, updated_at = ${now}
    from (select distinct on (left_customer) left_customer, customer_id from import_owner
          where left_customer <> customer_id order by left_customer, row_number) o
    where c.id = o.left_customer and c.customer_no is null and not exists (select from customers.line l where l.customer_id = c.id)
    returning c.id`);
  if (merged.length === 0) return 0;
  const these = sql`from customers.customer c where c.id = any(${merged.map(({ id }) => id)}::bigint[]) and x.customer_id = c.id`;
  for (const table of OF_LINES) await tx.run(sql`update ${rawSql(table)} x set customer_id = c.merged_into ${these}`);
  await tx.run(sql`update customers.profile_fact x set customer_id = c.merged_into ${these} and x.field <> all(${OWN}::text[])`);
  // the card the customer is known by stays the newest
  await tx.run(
    sql`update customers.id_card x set customer_id = c.merged_into ${these} and not exists (select from customers.id_card o where o.customer_id = c.merged_into)`,
  );
  return merged.length;
}
