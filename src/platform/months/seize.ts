import { setTimeout as pause } from 'node:timers/promises';
import type { Tx } from '../database/database.js';
import { type Sql, sql } from '../database/sql.js';

/** Whoever comes after somebody who waits for a lock waits too: so long at most. */
const PATIENCE = sql`set local lock_timeout = '300ms'`;
const PAUSE_MS = 500;
const TRIES = 3;

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;
export const isLocked = (error: unknown): boolean => codeOf(error) === '55P03';
export const tookTooLong = (error: unknown): boolean => codeOf(error) === '57014';

/** Does what needs a lock that others have to wait for, if it is to be had at once. @returns whether it was */
export async function seize(tx: Tx, statement: Sql): Promise<boolean> {
  await tx.run(PATIENCE);
  for (let tries = 1; ; tries++) {
    await tx.run(sql`savepoint before_lock`);
    try {
      await tx.run(statement);
      return true;
    } catch (error) {
      if (!isLocked(error)) throw error;
    }
    await tx.run(sql`rollback to savepoint before_lock`);
    if (tries === TRIES) return false;
    await pause(PAUSE_MS);
  }
}
