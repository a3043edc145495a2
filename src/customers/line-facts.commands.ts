import type { FeedColumn, ImportContext, MergeResult, Stage } from '../feeds/feeds.types.js';
import type { Tx } from '../platform/database/database.js';
import { joinSql, rawSql, type Sql, sql } from '../platform/database/sql.js';

/** The phone column of feeds about customers that must be known already. */
export const KNOWN_PHONE: FeedColumn = { name: 'phone', synonyms: ['手机号码', '手机号', '号码', '用户号码'], type: 'phone', required: true };

/** Rows whose number is no customer in the uploader's scope: what lies outside looks like what does not exist. */
export const unknownPhones = (stage: Stage, context: ImportContext): Sql => sql`
  select s.row_number from ${stage.table} s
  where not exists (
    select from customers.line l
    join customers.customer c on c.id = l.customer_id
    join staff.v_org_unit o on o.id = c.org_unit_id
    where l.number = s.phone and starts_with(o.path, ${context.uploader.orgPath}))`;

/** What a feed tells of lines: one row of the table a line and key. */
export interface LineFacts {
  /** Table with customer_id, line_id, created_at, updated_at besides the columns named here. */
  table: string;
  /** Columns that with the line make a row, the same in file and table. */
  key: readonly string[];
  /** Column of the table → column of the file; a blank or absent one leaves what is known. */
  facts: Readonly<Record<string, string>>;
}

const list = (parts: readonly string[]): Sql => rawSql(parts.join(', '));

/**
 * Brings staged rows of known numbers into such a table; rows that say nothing new are not rewritten. The staged rows stand in a table with figures of
 * its own first: planned on guesses, a file of a million rows takes hours instead of seconds.
 */
export async function mergeLineFacts(tx: Tx, stage: Stage, context: ImportContext, { table, key, facts }: LineFacts): Promise<MergeResult> {
  const columns = Object.keys(facts);
  const now = sql`${context.now}::timestamptz`;
  const told = joinSql(Object.entries(facts).map(([column, from]) => rawSql(`s.${from} as ${column}`)));
  await tx.run(sql`
    create temp table told on commit drop as
    select l.customer_id, l.id as line_id, ${list(key.map((name) => `s.${name}`))}, ${told}
    from ${stage.table} s join customers.line l on l.number = s.phone`);
  await tx.run(sql`analyze told`);
  const target = rawSql(table);
  const same = rawSql(['line_id', ...key].map((name) => `x.${name} = t.${name}`).join(' and '));
  const next = columns.map((name) => `coalesce(t.${name}, x.${name})`);
  const updated = await tx.run(sql`
    update ${target} x
    set customer_id = t.customer_id, updated_at = ${now}, ${list(columns.map((name, i) => `${name} = ${next[i]}`))}
    from told t
    where ${same} and (x.customer_id, ${list(columns.map((name) => `x.${name}`))}) is distinct from (t.customer_id, ${list(next)})`);
  const created = await tx.run(sql`
    insert into ${target} (customer_id, line_id, ${list([...key, ...columns])}, created_at, updated_at)
    select t.customer_id, t.line_id, ${list([...key, ...columns].map((name) => `t.${name}`))}, ${now}, ${now}
    from told t
    where not exists (select from ${target} x where ${same})
    order by t.line_id`);
  const { total } = await tx.one<{ total: number }>(sql`select count(*)::int as total from told`);
  return { created, updated, unchanged: total - created - updated };
}
