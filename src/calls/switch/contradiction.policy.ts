import { type Sql, sql } from '../../platform/database/sql.js';

/** Flag of an attempt: the agent says connected and the switch not, or the other way round. */
export const CONTRADICTED = 'switch_contradicts';

/** The flags of an attempt with this one as it must stand beside its outcome. @param said outcome of the switch, null when it says nothing */
export const contradictionFlags = (flags: Sql, outcome: Sql, said: Sql): Sql => sql`
  array_remove(${flags}, ${CONTRADICTED}) || (
    select case when count(distinct x.connected) = 2 then array[${CONTRADICTED}] else '{}' end from calls.outcome x where x.code in (${outcome}, ${said}))`;
