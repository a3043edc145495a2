import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { Database } from '../platform/database/database.js';
import { sql, whereAll } from '../platform/database/sql.js';

export interface AuditRow {
  id: string;
  at: Date;
  actor: string;
  action: string;
  objectType: string;
  objectId: string | null;
  /** The JSON as text, for reading. */
  detail: string;
  ip: string | null;
}

export interface AuditFilter {
  actor?: string;
  /** The beginning of an action: `user` finds `user.created`. */
  action?: string;
  cursor?: string;
}

const PAGE = 50;

@Injectable()
export class AuditQueries {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async entries({ actor, action, cursor }: AuditFilter): Promise<Page<AuditRow>> {
    const after = decodeCursor(cursor, 1);
    const rows = await this.database.rows<AuditRow>(sql`select id, at, actor, action, object_type as "objectType", object_id as "objectId",
      nullif(detail::text, '{}') as detail, ip from staff.audit_entry
      ${whereAll([actor && sql`actor = ${actor}`, action && sql`starts_with(action, ${action})`, after && sql`id < ${after[0]}`].map((part) => part || undefined))}
      order by id desc limit ${PAGE + 1}`);
    return pageOf(rows, PAGE, (row) => [row.id]);
  }
}
