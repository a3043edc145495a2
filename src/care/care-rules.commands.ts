import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CareRulesQueries } from './care-rules.queries.js';
import type { CareRule, RuleRow } from './care.types.js';
import { ReplanCare } from './planning/planning.jobs.js';
import { ruleOf } from './rules/rule-list.policy.js';
import { RuleTemplates } from './rule-templates.queries.js';
import { checkedSettings } from './rules/settings.policy.js';
import type { Settings } from './rules/setting.types.js';

/** What a planner changes of a rule; what is left out stays. */
export interface RuleChange {
  enabled?: boolean | undefined;
  settings?: Settings | undefined;
  /** The version that was read; another one in force is a conflict. */
  version?: number | undefined;
}

@Injectable()
export class CareRulesCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: CareRulesQueries,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly templates: RuleTemplates,
  ) {}

  /**
   * Saves a rule as a new version, when anything differs. Calls that nobody has begun are planned anew by it.
   * @throws DomainError not_found, rule_changed (409, somebody saved in between); InvalidInput at `settings.<name>`
   */
  change(user: CurrentUser, code: string, change: RuleChange): Promise<RuleRow> {
    const rule = ruleOf(code);
    const settings = change.settings && checkedSettings(rule, change.settings);
    return this.db.tx(async (tx) => {
      await tx.rows(sql`select from care.rule where code = ${code} for update`);
      const before = await this.queries.byCode(code, tx);
      if (change.version !== undefined && change.version !== before.version) {
        throw new DomainError('rule_changed', { status: 409, param: 'version', params: { version: before.version } });
      }
      if (settings) await this.checkTemplate(user, rule, { before: before.settings, after: settings });
      const after = { enabled: change.enabled ?? before.enabled, settings: settings ?? before.settings };
      if (after.enabled === before.enabled && sameSettings(after.settings, before.settings)) return before;
      await this.save(tx, user, { ...before, ...after, version: before.version + 1 });
      return this.queries.byCode(code, tx);
    });
  }

  /** One that stood there before may be missing yet: a rule comes with the names of templates that a house may have to write. */
  private async checkTemplate(user: CurrentUser, rule: CareRule, { before, after }: { before: Settings; after: Settings }): Promise<void> {
    const { template } = after;
    if (typeof template === 'string' && template !== before.template) await this.templates.check(user, rule, template);
  }

  private async save(tx: Tx, user: CurrentUser, row: RuleRow): Promise<void> {
    const settings = JSON.stringify(row.settings);
    await tx.run(sql`
      update care.rule set enabled = ${row.enabled}, settings = ${settings}::jsonb, version = ${row.version}, updated_by = ${user.id}, updated_at = ${this.clock.now()}
      where code = ${row.code}`);
    await tx.run(sql`
      insert into care.rule_version (rule_code, version, enabled, settings, by_user, at)
      values (${row.code}, ${row.version}, ${row.enabled}, ${settings}::jsonb, ${user.id}, ${this.clock.now()})`);
    const detail = { version: row.version, enabled: row.enabled, settings: row.settings };
    await this.audit.record(tx, user, { action: 'care_rule.changed', object: 'care_rule', id: row.code, detail });
    await this.outbox.add(tx, ReplanCare, {});
  }
}

const canonical = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => [key, canonical(inner)]),
      )
    : value;

/** The database gives the keys of an object in its own order. */
const sameSettings = (a: Settings, b: Settings): boolean => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
