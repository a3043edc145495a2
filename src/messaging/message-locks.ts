import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

/**
 * Marks, receipts and doubts write the same rows. Each takes the messages first and in the order of their ids, so that none waits for
 * another in a circle; and each decides in a later statement, which then sees what the others have committed.
 */
export async function lockMessages(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(sql`select from messaging.message where id = any(${ids}::uuid[]) order by id for update`);
}
