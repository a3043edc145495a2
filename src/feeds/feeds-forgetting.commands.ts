import type { Queryable, Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

export interface MentioningRow {
  importId: string;
  feed: string;
  importedAt: Date;
  rowNumber: number;
  cells: string[];
}

/**
 * Refused rows hold what a file said of people who may be nobody's customer: they are found by the number alone.
 * @param numbers a regular expression of the numbers; null finds nothing
 */
export async function rejectsMentioning(on: Queryable, { numbers }: { numbers: string | null }): Promise<MentioningRow[]> {
  if (numbers === null) return [];
  return on.rows<MentioningRow>(sql`
      select i.id as "importId", i.feed, i.created_at as "importedAt", (r ->> 0)::int as "rowNumber", r -> 1 as cells
      from feeds.reject_pack p join feeds.import i on i.id = p.import_id cross join lateral jsonb_array_elements(p.rows) r
      where p.rows::text ~ ${numbers} and (r -> 1)::text ~ ${numbers} order by 1, 4`);
}

/** Blanks the rows that mention one of the numbers: they stay counted, and say nothing. @returns how many packs were rewritten */
export async function forgetRejects(tx: Tx, { numbers }: { numbers: string | null }): Promise<number> {
  if (numbers === null) return 0;
  return tx.run(sql`
      update feeds.reject_pack p set rows = (
        select jsonb_agg(case when r::text ~ ${numbers} then jsonb_build_array(r -> 0,
                 (select coalesce(jsonb_agg(''::text), '[]') from jsonb_array_elements(r -> 1)),
                 (select coalesce(jsonb_agg(fault || '{"value": ""}'), '[]') from jsonb_array_elements(r -> 2) fault)) else r end order by place)
        from jsonb_array_elements(p.rows) with ordinality x(r, place))
      where p.rows::text ~ ${numbers}`);
}

/** The first cells of a file that the page shows under its headers: where one of them is the person's, all of that file go. @returns how many files */
export const forgetSamples = (tx: Tx, { numbers, name }: { numbers: string | null; name: string | null }): Promise<number> =>
  tx.run(sql`
    update feeds.import set columns = (select coalesce(jsonb_agg(header - 'samples' order by place), '[]') from jsonb_array_elements(columns) with ordinality x(header, place))
    where columns::text ~ ${numbers}::text or strpos(columns::text, ${name}::text) > 0`);
