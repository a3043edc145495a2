import { type Sql, sql } from '../platform/database/sql.js';

/** As long as a dead worker may have kept the event waiting. */
const LOOK_BACK_MS = 3 * 86_400_000;

/**
 * The customers who turned out to be others of late: `id, merged_into`. Whoever keeps something by a customer's id follows `CustomersMerged` by them, so that
 * it stands with the customer it is of; a second time nothing is left to move.
 */
export const mergedLately = (now: Date): Sql =>
  sql`(select id, merged_into from customers.v_merged where merged_at >= ${new Date(now.getTime() - LOOK_BACK_MS)})`;

/** The people whom a merge concerns, by either id: `id` of a row stands for `person`. @param merged {@link mergedLately} */
export const concernedBy = (merged: Sql): Sql =>
  sql`(select m.id, m.merged_into as person, true as moved from ${merged} m union select m.merged_into, m.merged_into, false from ${merged} m)`;
