import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { type RetentionSettings, settingsFrom } from './settings.policy.js';

export interface SettingsRow {
  version: number;
  settings: RetentionSettings;
}

@Injectable()
export class RetentionSettingsQueries {
  constructor(private readonly database: Database) {}

  async row(on: Queryable = this.database): Promise<SettingsRow> {
    const { version, chosen } = await on.one<{ version: number; chosen: Record<string, unknown> }>(
      sql`select version, chosen from retention.settings`,
    );
    return { version, settings: settingsFrom(chosen) };
  }

  async current(on: Queryable = this.database): Promise<RetentionSettings> {
    return (await this.row(on)).settings;
  }
}
