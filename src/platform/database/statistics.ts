import type { Queryable } from './database.js';
import { rawSql, sql } from './sql.js';

/**
 * Counts tables anew whose statistics were taken while a first great transaction was still writing them: its pages were there and no row could be
 * seen. By such statistics a join of the two looks free however it is made, and takes minutes.
 * @param tables names with their schemas
 * @param uncounted counts those too that have rows and were never counted
 * @returns those that were counted
 */
export async function countBlankTables(db: Queryable, tables: readonly string[], { uncounted = false } = {}): Promise<string[]> {
  const blank = await db.rows<{ name: string }>(sql`
    select t.name from unnest(${tables}::text[]) t(name) join pg_class c on c.oid = to_regclass(t.name)
    where (c.relpages > 0 and c.reltuples >= 0 and c.reltuples < c.relpages) or (${uncounted} and c.reltuples < 0 and pg_relation_size(c.oid) > 0)
    order by t.name`);
  const names = blank.map(({ name }) => name);
  if (names.length > 0) await db.run(rawSql(`analyze ${names.join(', ')}`));
  return names;
}
