import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { GateContextQueries } from './gate-context.queries.js';
import { DEFAULT_SETTINGS, SETTING_RULES } from './gate-settings.policy.js';
import type { GateSettings } from './gate.types.js';

@Injectable()
export class GateSettingsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly gate: GateContextQueries,
  ) {}

  /** Writes the defaults that are missing; what somebody set stays. */
  async ensureDefaults(): Promise<void> {
    const rows = SETTING_RULES.map((rule) => ({ rule, value: DEFAULT_SETTINGS[rule] }));
    await this.db.run(sql`
      insert into contact.setting (rule, value, updated_at)
      select rule, value, ${this.clock.now()} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d(rule text, value jsonb)
      on conflict (rule) do nothing`);
    await this.gate.reload();
  }

  /** Changes one part of the windows and caps; in force here at once, in other processes within seconds. */
  async set<K extends keyof GateSettings>(actorId: string | null, rule: K, value: GateSettings[K]): Promise<void> {
    await this.db.run(sql`
      insert into contact.setting (rule, value, updated_by, updated_at) values (${rule}, ${JSON.stringify(value)}::jsonb, ${actorId}, ${this.clock.now()})
      on conflict (rule) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at`);
    await this.gate.reload();
  }
}
