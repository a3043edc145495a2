import type { Database } from '../../src/platform/database/database.js';
import { sql } from '../../src/platform/database/sql.js';

/** Tables that hang on some others by foreign keys, these included. */
async function hangingOn(db: Database, roots: readonly string[]): Promise<string[]> {
  const tables = await db.rows<{ name: string }>(sql`
    with recursive hanging(id) as (
      select unnest(${roots}::regclass[])::oid
      union
      select k.conrelid from pg_constraint k join hanging h on k.confrelid = h.id where k.contype = 'f')
    select r.oid::regclass::text as name from hanging h join pg_class r on r.oid = h.id where not r.relispartition order by 1`);
  return tables.map(({ name }) => name);
}

const known = new Map<string, Promise<string[]>>();

/**
 * What `truncate … cascade` leaves behind, thirty times as fast for a few rows in many tables: a truncate makes new files for each table and
 * index. Triggers are passed over, as most are by a truncate.
 */
export async function empty(db: Database, ...roots: string[]): Promise<void> {
  const hanging = known.get(roots.join()) ?? hangingOn(db, roots);
  known.set(roots.join(), hanging);
  const deletes = (await hanging).map((name) => `delete from ${name}`);
  await db.pool.query(['begin', "set local session_replication_role = 'replica'", ...deletes, 'commit'].join(';'));
}
