import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { addDays, type Day, dayStart } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope } from '../staff.queries.js';
import type { CurrentUser } from '../staff.types.js';

export interface AuditRow {
  id: string;
  at: Date;
  actor: string;
  action: string;
  objectType: string;
  objectId: string | null;
  /** The JSON as text; null where there is nothing to say. */
  detail: string | null;
  ip: string | null;
}

export interface AuditFilter {
  actor?: string | undefined;
  /** The beginning of an action: `user` finds `user.created`. */
  action?: string | undefined;
  /** `customer`, or one of them: `customer 4711`. */
  object?: string | undefined;
  from?: Day | undefined;
  /** The last day, inclusive. */
  to?: Day | undefined;
  cursor?: string | undefined;
}

const PAGE = 50;

const ENTRY = sql`
  select e.id, e.at, e.actor, e.action, e.object_type as "objectType", e.object_id as "objectId", nullif(e.detail::text, '{}') as detail, e.ip
  from staff.audit_entry e`;

@Injectable()
export class AuditQueries {
  constructor(private readonly database: Database) {}

  /** Newest first. An administrator reads all of it, everybody else what the people of their scope did. */
  async entries(user: CurrentUser, filter: AuditFilter): Promise<Page<AuditRow>> {
    const after = decodeCursor(filter.cursor, 1);
    const rows = await this.database.rows<AuditRow>(sql`
      ${ENTRY} ${whereAll([...found(user, filter), after && sql`e.id < ${after[0]}`])} order by e.id desc limit ${PAGE + 1}`);
    return pageOf(rows, PAGE, (row) => [row.id]);
  }

  /** The same, all of them, for an export. */
  async all(user: CurrentUser, filter: AuditFilter): Promise<{ count: number; rows: AsyncIterable<AuditRow> }> {
    const entries = sql`${ENTRY} ${whereAll(found(user, filter))}`;
    return { count: await this.database.count(entries), rows: this.database.stream<AuditRow>(sql`${entries} order by e.id desc`) };
  }
}

/** Which entries a filter finds among those the person may read. */
function found(user: CurrentUser, { actor, action, object, from, to }: AuditFilter): (Sql | false)[] {
  const [type, id] = (object ?? '').split(/\s+/, 2);
  return [
    user.role !== 'admin' && sql`e.actor_id in (select u.id from staff.v_user u where ${inScope(user, sql`u.org_path`)})`,
    Boolean(actor) && sql`lower(e.actor) = lower(${actor})`,
    Boolean(action) && sql`starts_with(e.action, ${action})`,
    Boolean(type) && sql`e.object_type = ${type}`,
    Boolean(id) && sql`e.object_id = ${id}`,
    from !== undefined && sql`e.at >= ${dayStart(from)}`,
    to !== undefined && sql`e.at < ${dayStart(addDays(to, 1))}`,
  ];
}
