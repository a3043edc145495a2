import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';

/**
 * Marks, receipts and doubts move the same rows, thousands at a time. One of them works at a time, so that none waits for another in a circle;
 * each decides in a later statement, which then sees what the one before has committed. What gateways answer is only appended, and never waits here.
 */
export async function lockMessages(tx: Tx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('messaging.moves', 0))`);
}

/** Nothing waits to be merged into this message: an acceptance that is only appended yet is an answer all the same. */
export const unheard = (id: Sql): Sql =>
  sql`not exists (select from messaging.said s where ${id} = any(s.message_ids))
    and not exists (select from messaging.receipt heard where heard.message_id = ${id} and heard.applied_at is null and heard.state <> 'unknown')`;
