import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { HealthRulesChanged } from '../retention.events.js';
import { changesOf } from '../setup/setup-item.policy.js';
import { checkHealthSettings } from './health-settings.policy.js';
import { HealthRulesQueries } from './health-rules.queries.js';

/** Changes by what health is judged; everybody is judged anew as soon as it is saved (CUS-5). */
@Injectable()
export class HealthRulesCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: HealthRulesQueries,
    private readonly audit: Audit,
    private readonly events: Events,
  ) {}

  /**
   * @param version what the reader saw
   * @param wanted thresholds by name, as they were typed
   * @returns whether anything changed
   * @throws InvalidInput retention_setting_range, retention_health_reversed · DomainError retention_setup_stale (409)
   */
  async set(user: CurrentUser, version: number, wanted: Readonly<Record<string, unknown>>): Promise<boolean> {
    return this.database.tx(async (tx) => {
      await tx.rows(sql`select pg_advisory_xact_lock(hashtext('retention.health-rules'))`);
      const before = await this.rules.current(tx);
      if (before.version !== version) throw new DomainError('retention_setup_stale', { status: 409 });
      const changes = changesOf(before.settings, checkHealthSettings(before.settings, wanted));
      if (Object.keys(changes).length === 0) return false;
      const chosen = Object.fromEntries(Object.entries(changes).map(([name, { to }]) => [name, to]));
      await tx.run(sql`
        insert into retention.health_rule (version, chosen, made_by, made_at)
        select r.version + 1, r.chosen || ${JSON.stringify(chosen)}::jsonb, ${user.id}, ${this.clock.now()} from retention.health_rule r where r.version = ${version}`);
      await this.audit.record(tx, user, { action: 'retention-setup.changed', object: 'retention_setup', id: 'health', detail: { ...changes } });
      await this.events.publish(tx, HealthRulesChanged, {});
      return true;
    });
  }
}
