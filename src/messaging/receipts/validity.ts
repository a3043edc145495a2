import { type Sql, sql } from '../../platform/database/sql.js';

/** The networks close a message after three days. */
export const VALIDITY_HOURS = 72;
/** Between the moment of its id and the hand-over a message may have waited its turn. */
export const LATEST_HOURS = VALIDITY_HOURS + 1;

/**
 * Where a receipt names its message by the gateway's id alone: the bounds of the ids of ours that it can mean. Gateways give their ids anew, some after weeks,
 * some after a day: what came too late for an older message, or before there was a newer one, is not about it. A minute is left for clocks that differ.
 */
export const firstMeant = (at: Sql): Sql => sql`platform.uuid_floor(${at} - make_interval(hours => ${LATEST_HOURS}))`;
export const lastMeant = (at: Sql): Sql => sql`platform.uuid_floor(${at} + interval '1 minute')`;
export const meant = (id: Sql, at: Sql): Sql => sql`${id} between ${firstMeant(at)} and ${lastMeant(at)}`;
