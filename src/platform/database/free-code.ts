import type { Day } from '../../kernel/day.js';
import type { Queryable, Tx } from './database.js';
import { type Sql, sql } from './sql.js';

/** What has codes of the house: letter of the kind, year and month, then a running number (`B2611-03`). */
export interface CodeKind {
  /** With a `code`; codes of other shapes do not count. */
  table: Sql;
  letter: string;
}

/** What somebody typed, or left as it was proposed: who leaves it there has not chosen it. */
export interface CodeWish {
  code?: string | undefined;
  proposed?: string | undefined;
}

/** A code that nobody has yet. Two who ask at once are given the same; who needs it for certain takes it by {@link takeCode}. */
export async function freeCode(on: Queryable, { table, letter }: CodeKind, today: Day): Promise<string> {
  const prefix = `${letter}${today.slice(2, 4)}${today.slice(5, 7)}-`;
  const { last } = await on.one<{ last: number | null }>(sql`
    select max(substring(code from length(${prefix}::text) + 1)::int) as last
    from ${table} where code ~ (${`^${prefix}`}::text || '[0-9]{2,4}$')`);
  return `${prefix}${String((last ?? 0) + 1).padStart(2, '0')}`;
}

/**
 * The code of what this transaction makes: the one that was typed, else the proposed one, and the next free one where there is none or somebody has taken
 * it meanwhile. All who make one of the kind wait here for each other, so that each finds a free code; whether a typed one is free the insert says.
 */
export async function takeCode(tx: Tx, kind: CodeKind, today: Day, { code, proposed }: CodeWish = {}): Promise<string> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtext(${`code.${kind.letter}`}))`);
  if (code !== undefined && code !== proposed) return code;
  const taken = code === undefined || (await tx.maybe(sql`select from ${kind.table} where code = ${code}`)) !== undefined;
  return taken ? freeCode(tx, kind, today) : code;
}
