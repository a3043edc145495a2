import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { ExportsQueries } from './exports.queries.js';
import type { ExportSettings } from './exports.types.js';

@Injectable()
export class ExportSettingsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: ExportsQueries,
    private readonly audit: Audit,
  ) {}

  /** In force from the next export on; files that are made keep their expiry. @returns whether anything changed */
  change(user: CurrentUser, { rowsAtOnce, hoursKept }: ExportSettings): Promise<boolean> {
    return this.db.tx(async (tx) => {
      await tx.run(sql`lock table exports.setting in share row exclusive mode`);
      const before = await this.queries.settings(tx);
      if (before.rowsAtOnce === rowsAtOnce && before.hoursKept === hoursKept) return false;
      await tx.run(sql`insert into exports.setting (rows_at_once, hours_kept, set_by, set_at)
        values (${rowsAtOnce}, ${hoursKept}, ${user.id}, ${this.clock.now()})`);
      const detail = { from: before, to: { rowsAtOnce, hoursKept } };
      await this.audit.record(tx, user, { action: 'export.settings_changed', object: 'export_setting', detail });
      return true;
    });
  }
}
