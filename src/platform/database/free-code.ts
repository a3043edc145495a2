import type { Day } from '../../kernel/day.js';
import type { Queryable } from './database.js';
import { type Sql, sql } from './sql.js';

/**
 * A code that nobody has yet: the letter of its kind, year and month, then a running number (`B2611-03`). Two who ask at once are given the same; who
 * needs it for certain holds a lock until it is written.
 * @param table with a `code`; codes of other shapes do not count
 */
export async function freeCode(on: Queryable, table: Sql, { letter, today }: { letter: string; today: Day }): Promise<string> {
  const prefix = `${letter}${today.slice(2, 4)}${today.slice(5, 7)}-`;
  const { last } = await on.one<{ last: number | null }>(sql`
    select max(substring(code from length(${prefix}::text) + 1)::int) as last
    from ${table} where code ~ (${`^${prefix}`}::text || '[0-9]{2,4}$')`);
  return `${prefix}${String((last ?? 0) + 1).padStart(2, '0')}`;
}
