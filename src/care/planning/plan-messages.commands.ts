import { Injectable } from '@nestjs/common';
import { BlastsCommands } from '../../messaging/blasts.commands.js';
import { Clock } from '../../kernel/clock.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import { messagePurposeOf } from '../rules/rule-list.policy.js';
import type { RunUnderWay } from './plan.types.js';

/** Turns the messages among the candidates into the rule's blast of the day. */
@Injectable()
export class PlanMessages {
  constructor(
    private readonly clock: Clock,
    private readonly blasts: BlastsCommands,
  ) {}

  /** @returns the messages planned, by rule */
  async plan(tx: Tx, run: RunUnderWay): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const inForce of run.rules) if (inForce.rule.template) counts[inForce.rule.code] = await this.planRule(tx, run, inForce);
    return counts;
  }

  /** @throws DomainError template_not_approved, not_found when the rule's template is missing */
  private async planRule(tx: Tx, run: RunUnderWay, { rule, settings, version }: RuleInForce): Promise<number> {
    const mine = sql`from care_candidate k where k.channel = 'sms' and k.rule_code = ${rule.code}`;
    if (!rule.template || !(await tx.maybe(sql`select 1 ${mine} limit 1`))) return 0;
    const recipients = sql`select k.customer_id, k.line_id, k.number ${mine}`;
    const added = await this.blasts.planForCare(tx, {
      ruleCode: rule.code,
      day: run.day,
      templateCode:
        (rule.templateOfDue && (await tx.one<{ code: string | null }>(sql`select max(k.facts ->> 'template') as code ${mine}`)).code) ||
        rule.template(settings),
      purpose: messagePurposeOf(rule),
      recipients,
    });
    await tx.run(sql`
      insert into care.due as o (rule_code, customer_id, cycle, channel, due_on, deadline_on, counts_from, facts, policy_version, blast_id, plan_run_id, created_at)
      select k.rule_code, k.customer_id, k.cycle, k.channel, k.from_on, k.deadline_on, k.counts_from, k.facts, ${version},
             (select b.id from messaging.v_blast b where b.code = ${`${rule.code}-${run.day}`}), ${run.id}, ${this.clock.now()}
      ${mine}
      on conflict (rule_code, customer_id, cycle) do update
      set state = 'open', withdrawn = false, closed_at = null, due_on = excluded.due_on, deadline_on = excluded.deadline_on, facts = excluded.facts,
          counts_from = excluded.counts_from, policy_version = excluded.policy_version, blast_id = excluded.blast_id,
          plan_run_id = excluded.plan_run_id, created_at = excluded.created_at
      where o.withdrawn`);
    return added;
  }
}
