import { type Sql, sql } from '../../platform/database/sql.js';

interface Looked {
  /** `calendar.v_rota(…)`, or a table of its rows. */
  rota: Sql;
  owner: Sql;
  from: Sql;
  until: Sql;
}

/**
 * What a call lacks that found no room on the days it has: somebody to make it, or room. That the day it stands on is full says neither, a day off holds
 * nothing. The same as the forecast says, so that no two pages give two reasons.
 */
export const lackOf = ({ rota, owner, from, until }: Looked): Sql => sql`
  case when ${owner} is null then 'no_manager'
    when exists (select from ${rota} at where at.user_id = ${owner} and at.day between ${from} and ${until} and at.calls > 0) then 'no_capacity'
    else 'away' end`;
