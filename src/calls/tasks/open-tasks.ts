import { joinSql, type Sql, sql } from '../../platform/database/sql.js';

const PARTS = [sql`t.state = 'open' and t.callback_at is null`, sql`t.state = 'open' and t.callback_at is not null`, sql`t.state = 'claimed'`];

/** Calls of a manager that are not over, in the parts that have indexes by owner: asked for by owner and both states, everybody's would be read. */
export const openTasksOf = (userId: string): Sql =>
  sql`(${joinSql(
    PARTS.map((part) => sql`select t.campaign_id, t.due_on, t.callback_at, t.not_before from calls.task t where t.owner_id = ${userId} and ${part}`),
    ' union all ',
  )})`;
