import { Injectable } from '@nestjs/common';
import { BlastsCommands } from '../../messaging/blasts/blasts.commands.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import type { Unsent, UnsentReason } from './plan-run.types.js';
import { messagePurposeOf } from '../rules/rule-list.policy.js';
import type { ChunkResult, RunUnderWay } from './plan.types.js';

type Messages = Pick<ChunkResult, 'messages' | 'unsent'>;

/** What somebody of the house can put right, while all the rest is planned; null: none of it. */
function reasonOf(error: unknown): UnsentReason | null {
  if (!(error instanceof DomainError)) return null;
  if (error.code === 'gateway_none' || error.code === 'template_not_approved') return error.code;
  return error.code === 'not_found' && error.params.thing === 'template' ? 'template_missing' : null;
}

const wantedBy = ({ rule }: RuleInForce): Sql => sql`from care_candidate k where k.channel = 'sms' and k.rule_code = ${rule.code}`;

/** Turns the messages among the candidates into the rule's blast of the day. */
@Injectable()
export class PlanMessages {
  constructor(
    private readonly clock: Clock,
    private readonly blasts: BlastsCommands,
  ) {}

  /** @returns the messages planned, and what could not be, by rule: that gets no row, so that the next run wants it again */
  async plan(tx: Tx, run: RunUnderWay): Promise<Messages> {
    const messages: Messages['messages'] = {};
    const unsent: Messages['unsent'] = {};
    for (const inForce of run.rules) {
      if (!inForce.rule.template) continue;
      const planned = await this.planRule(tx, run, inForce);
      messages[inForce.rule.code] = typeof planned === 'number' ? planned : 0;
      if (typeof planned !== 'number') unsent[inForce.rule.code] = planned;
    }
    return { messages, unsent };
  }

  private async planRule(tx: Tx, run: RunUnderWay, inForce: RuleInForce): Promise<number | Unsent> {
    const { count, named } = await tx.one<{ count: number; named: string | null }>(
      sql`select count(*)::int as count, max(k.facts ->> 'template') as named ${wantedBy(inForce)}`,
    );
    if (count === 0) return 0;
    const template = (inForce.rule.templateOfDue && named) || inForce.rule.template?.(inForce.settings) || '';
    try {
      const added = await this.addToBlast(tx, run, inForce, template);
      await this.makeDue(tx, run, inForce);
      return added;
    } catch (error) {
      const reason = reasonOf(error);
      if (!reason) throw error;
      return { reason, template, count };
    }
  }

  /** Refuses before it writes anything. @throws DomainError template_not_approved, gateway_none, not_found when the template is missing */
  private addToBlast(tx: Tx, { day }: RunUnderWay, inForce: RuleInForce, templateCode: string): Promise<number> {
    return this.blasts.planForCare(tx, {
      ruleCode: inForce.rule.code,
      day,
      templateCode,
      purpose: messagePurposeOf(inForce.rule),
      recipients: sql`select k.customer_id, k.line_id, k.number ${wantedBy(inForce)}`,
    });
  }

  private async makeDue(tx: Tx, run: RunUnderWay, inForce: RuleInForce): Promise<void> {
    await tx.run(sql`
      insert into care.due as o (rule_code, customer_id, cycle, channel, due_on, deadline_on, counts_from, facts, policy_version, blast_id, plan_run_id, created_at)
      select k.rule_code, k.customer_id, k.cycle, k.channel, k.from_on, k.deadline_on, k.counts_from, k.facts, ${inForce.version},
             (select b.id from messaging.v_blast b where b.code = ${`${inForce.rule.code}-${run.day}`}), ${run.id}, ${this.clock.now()}
      ${wantedBy(inForce)}
      on conflict (rule_code, customer_id, cycle) do update
      set state = 'open', withdrawn = false, closed_at = null, due_on = excluded.due_on, deadline_on = excluded.deadline_on, facts = excluded.facts,
          counts_from = excluded.counts_from, policy_version = excluded.policy_version, blast_id = excluded.blast_id,
          plan_run_id = excluded.plan_run_id, created_at = excluded.created_at
      where o.withdrawn`);
  }
}
