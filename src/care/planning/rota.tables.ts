import type { Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { rawSql, sql } from '../../platform/database/sql.js';

/** Who works when, from {@link layOutRota} to the end of the transaction. */
export const ROTA = rawSql('planning_rota');

/**
 * Everybody's days as a table that the planner knows the size of and can look into: a thousand people and three months are ninety thousand rows, and a
 * statement that looked through them for each call took minutes.
 */
export async function layOutRota(tx: Tx, from: Day, until: Day): Promise<void> {
  await tx.run(rawSql('drop table if exists pg_temp.planning_rota'));
  await tx.run(sql`create temp table planning_rota on commit drop as select * from calendar.v_rota(${from}, ${until})`);
  await tx.run(rawSql('create unique index on planning_rota (user_id, day)'));
  await tx.run(rawSql('analyze planning_rota'));
}
