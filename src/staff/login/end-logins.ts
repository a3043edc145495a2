import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';

/** The one login that stays: of a page its session, of a program the hash of its token. */
export interface KeptLogin {
  sid?: string | undefined;
  tokenHash?: string | undefined;
}

/** Ends what lets people in, on pages and by programs; what is over already keeps its moment. @param userIds a list or select of ids, in brackets */
export async function endLogins(tx: Tx, userIds: Sql, now: Date, { sid, tokenHash }: KeptLogin = {}): Promise<void> {
  await tx.run(sql`delete from staff.session where user_id in ${userIds} and sid is distinct from ${sid ?? null}`);
  await tx.run(sql`
    update staff.api_token set revoked_at = ${now}
    where user_id in ${userIds} and revoked_at is null and token_hash is distinct from ${tokenHash ?? null}`);
}
