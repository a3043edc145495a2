import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

/**
 * Marks, receipts and doubts move the same rows, thousands at a time. One of them works at a time, so that none waits for another in a circle;
 * each decides in a later statement, which then sees what the one before has committed. What gateways answer is only appended, and never waits here.
 */
export async function lockMessages(tx: Tx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('messaging.moves', 0))`);
}
