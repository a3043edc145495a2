import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { healthSettingsFrom } from './health-settings.policy.js';
import type { HealthSettings } from './health.types.js';

export interface HealthRules {
  version: number;
  settings: HealthSettings;
}

/** A version of the rules, and who made it; nobody: it came with the product. */
export interface HealthRulesVersion extends HealthRules {
  by: string | null;
  at: Date;
}

interface Row {
  version: number;
  chosen: Record<string, unknown>;
}

const settled = <T extends Row>({ chosen, ...row }: T): Omit<T, 'chosen'> & { settings: HealthSettings } => ({
  ...row,
  settings: healthSettingsFrom(chosen),
});

/** The thresholds by which health is judged, the same in the whole house (CUS-5). */
@Injectable()
export class HealthRulesQueries {
  constructor(private readonly database: Database) {}

  async current(on: Queryable = this.database): Promise<HealthRules> {
    return settled(await on.one<Row>(sql`select version, chosen from retention.health_rule order by version desc limit 1`));
  }

  /** The newest first. */
  async versions(most: number): Promise<HealthRulesVersion[]> {
    const rows = await this.database.rows<Row & { by: string | null; at: Date }>(sql`
      select r.version, r.chosen, u.name as by, r.made_at as at
      from retention.health_rule r left join staff.v_user u on u.id = r.made_by order by r.version desc limit ${most}`);
    return rows.map(settled);
  }
}
