import type { Queryable } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { CurrentUser } from '../staff/staff.types.js';

/** What people make belongs to their unit; what administrators make, to the top one. */
export async function homeUnitOf(on: Queryable, user: CurrentUser): Promise<string> {
  if (user.role !== 'admin') return user.orgUnitId;
  return (await on.one<{ id: string }>(sql`select id from staff.v_org_unit where parent_id is null order by id limit 1`)).id;
}

/** Whether something lies in the user's own unit or below it: theirs to change. Elsewhere it may be usable. */
export const isOwn = (user: CurrentUser, thing: { orgPath: string }): boolean => thing.orgPath.startsWith(user.orgPath);
