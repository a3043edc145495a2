import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { settingsFrom } from './gate-settings.policy.js';
import type { GateSettings } from '../gate/gate.types.js';

export interface SettingChangeRow {
  reason: string;
  path: string;
  oldValue: string;
  newValue: string;
  by: string | null;
  at: Date;
}

const SHOWN = 30;

/** The settings of the rules as they stand, and who changed what. */
@Injectable()
export class GateSettingsQueries {
  constructor(private readonly db: Database) {}

  /** `version` moves with every change of any rule. */
  async current(on: Queryable = this.db): Promise<{ settings: GateSettings; version: string }> {
    const rows = await on.rows<{ rule: string; value: unknown }>(sql`select rule, value from contact.setting`);
    const { version } = await on.one<{ version: string }>(sql`select coalesce(max(id), 0)::text as version from contact.setting_change`);
    return { settings: settingsFrom(rows), version };
  }

  /** The newest first. */
  async history(): Promise<SettingChangeRow[]> {
    return this.db.rows<SettingChangeRow>(sql`
      select s.reason, s.path, s.old_value as "oldValue", s.new_value as "newValue", u.name as by, s.changed_at as at
      from contact.setting_change s left join staff.v_user u on u.id = s.changed_by order by s.id desc limit ${SHOWN}`);
  }
}
