import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, isDay } from '../../kernel/day.js';
import { DomainError, InvalidInput } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CareRulesQueries } from '../care-rules.queries.js';
import { isRuleCode, type RuleCode } from '../care.types.js';
import { RunPlan } from './planning.jobs.js';

/** Everybody: the path of the top of all units begins with it. */
const EVERYBODY = '/';

@Injectable()
export class PlanRunsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly rules: CareRulesQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * Asks for the plan of a day, of all enabled rules or of those named, for the customers of the user's units.
   * @throws InvalidInput day_malformed or day_unknown at `date`, rule_unknown or rule_disabled at `rules`
   */
  async start(user: CurrentUser, ask: { date: Day; rules?: readonly string[] | undefined }): Promise<{ id: string }> {
    await this.checkDay(ask.date);
    const rules = await this.rulesOf(ask.rules);
    return this.add(ask.date, rules, user);
  }

  /** The run of the morning, for everybody; none when no rule is enabled. */
  async startDaily(day: Day): Promise<void> {
    const rules = await this.rulesOf(undefined);
    if (rules.length > 0) await this.add(day, rules, null);
  }

  private add(day: Day, rules: readonly RuleCode[], user: CurrentUser | null): Promise<{ id: string }> {
    const orgPath = user === null || user.role === 'admin' ? EVERYBODY : user.orgPath;
    return this.db.tx(async (tx) => {
      const { id } = await tx.one<{ id: string }>(sql`
        insert into care.plan_run (day, rules, state, org_path, planned, by_user, created_at)
        values (${day}::date, ${rules}::text[], 'queued', ${orgPath}, ${nothingYet(rules)}::jsonb, ${user?.id ?? null}, ${this.clock.now()}) returning id`);
      await this.outbox.add(tx, RunPlan, { runId: id });
      await this.audit.record(tx, user ?? 'system', { action: 'care.plan_started', object: 'plan_run', id, detail: { day, rules } });
      return { id };
    });
  }

  private async checkDay(day: string): Promise<void> {
    if (!isDay(day)) throw new InvalidInput([{ param: 'date', code: 'day_malformed' }]);
    const known = await this.db.maybe(sql`select 1 from calendar.v_day where day = ${day}::date`);
    if (!known) throw new InvalidInput([{ param: 'date', code: 'day_unknown', params: { day } }]);
  }

  private async rulesOf(asked: readonly string[] | undefined): Promise<RuleCode[]> {
    const enabled = (await this.rules.inForce()).map(({ rule }) => rule.code);
    if (!asked) return enabled;
    for (const code of asked) {
      if (!isRuleCode(code)) throw new DomainError('rule_unknown', { param: 'rules', params: { rule: code } });
      if (!enabled.includes(code)) throw new DomainError('rule_disabled', { param: 'rules', params: { rule: code } });
    }
    return enabled.filter((code) => asked.includes(code));
  }
}

const nothingYet = (rules: readonly RuleCode[]): string => JSON.stringify(Object.fromEntries(rules.map((code) => [code, 0])));
