import type { Tx } from '../database/database.js';
import { type Sql, sql } from '../database/sql.js';

/** Drops the answers kept for requests that are sent again in which one of the numbers stands, or the name. @returns how many */
export const forgetAnswers = (tx: Tx, { numbers, name }: { numbers: string | null; name: string | null }): Promise<number> =>
  tx.run(sql`delete from platform.idempotency where body::text ~ ${numbers}::text or strpos(body::text, ${name}::text) > 0`);

/** Drops the answers about things with one of these ids. @param ids a select that yields uuids as text */
export const forgetAnswersAbout = (tx: Tx, ids: Sql): Promise<number> =>
  tx.run(sql`delete from platform.idempotency where body ->> 'id' in (${ids})`);
