import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { inScope } from '../staff.queries.js';
import { type CurrentUser, ORG_UNIT_KINDS, type OrgUnitKind, type Role, ROLES } from '../staff.types.js';

export interface RoleUse {
  role: Role;
  /** Active people who have it. */
  people: number;
  /** Where they sit, the largest unit first: kinds of units without anybody are left out. */
  places: { kind: OrgUnitKind; people: number }[];
}

@Injectable()
export class RolesQueries {
  constructor(private readonly database: Database) {}

  /** How many active people of the scope have each role, and in what kind of unit. */
  async inUse(viewer: CurrentUser): Promise<RoleUse[]> {
    const rows = await this.database.rows<{ role: Role; kind: OrgUnitKind; people: number }>(sql`
      select u.role, o.kind, count(*)::int as people from staff.app_user u join staff.org_unit o on o.id = u.org_unit_id
      where u.active and not u.technical and ${inScope(viewer, sql`o.path`)} group by u.role, o.kind`);
    return ROLES.map((role) => {
      const own = rows.filter((row) => row.role === role);
      const places = ORG_UNIT_KINDS.flatMap((kind) => own.filter((row) => row.kind === kind).map(({ people }) => ({ kind, people })));
      return { role, people: own.reduce((sum, { people }) => sum + people, 0), places };
    });
  }
}
