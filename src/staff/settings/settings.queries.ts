import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { SettingsPage } from './settings-pages.data.js';

export interface LastChange {
  /** What it is filed under in the audit log. */
  object: string;
  at: Date;
  actor: string;
}

@Injectable()
export class SettingsQueries {
  constructor(private readonly database: Database) {}

  /** The newest change behind each page; none where nobody has changed anything yet. */
  async lastChanges(pages: readonly SettingsPage[]): Promise<Map<string, LastChange>> {
    const keys = pages.flatMap(({ key, objects }) => objects.map(() => key));
    const objects = pages.flatMap((page) => page.objects);
    const rows = await this.database.rows<LastChange & { key: string }>(sql`
      select distinct on (o.key) o.key, o.object, e.at, e.actor from unnest(${keys}::text[], ${objects}::text[]) o(key, object)
      cross join lateral (select e.id, e.at, e.actor from staff.audit_entry e where e.object_type = o.object order by e.id desc limit 1) e
      order by o.key, e.id desc`);
    return new Map(rows.map(({ key, ...last }) => [key, last]));
  }
}
