import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { notFound } from '../../kernel/errors.js';
import { maskPhone } from '../../kernel/phone.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type Winner, winnersOf } from '../gate/cap.rule.js';
import { ContactQueries } from '../contact.queries.js';
import type { Channel, Purpose } from '../contact.types.js';
import { nameOf } from '../foreign/foreign-system.policy.js';
import type { NamedCampaign } from '../named-campaigns.queries.js';
import { requireNumber } from '../number.policy.js';
import { GateContextQueries } from '../gate/gate-context.queries.js';
import { type Check, checks, decide, type Decision } from '../gate/gate.policy.js';
import type { GateContext, GateFacts, Question } from '../gate/gate.types.js';
import { questionOf } from '../gate/question.policy.js';

export interface Subject {
  customerId: string;
  name: string | null;
  starLevel: number;
}

export interface ExplainAsk {
  channel: Channel;
  purpose: Purpose;
  at: Date;
  /** Of none without it: cooling-off and the opt-outs of one product line or campaign then have no say. */
  campaign?: NamedCampaign | null;
}

export interface Explanation {
  question: Question;
  facts: GateFacts;
  context: GateContext;
  decision: Decision;
  checks: Check[];
}

/** May this number be contacted, and why (not): looks only, takes no place in the ledger. */
@Injectable()
export class DecisionsQueries {
  constructor(
    private readonly db: Database,
    private readonly contact: ContactQueries,
    private readonly gate: GateContextQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Whose number it is; null when nobody's. Managers see their own customers only.
   * @throws DomainError not_found when it is outside the scope
   */
  async subject(user: CurrentUser, number: string): Promise<Subject | null> {
    const row = await this.db.maybe<Subject & { visible: boolean }>(sql`
      select c.id as "customerId", c.name, c.star_level as "starLevel",
             ${inScope(user, sql`o.path`)} and (${user.role}::text <> 'manager' or c.manager_id = ${user.id}) as visible
      from customers.v_line l join customers.v_customer c on c.id = l.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
      where l.number = ${number}`);
    if (row ? !row.visible : user.role === 'manager') throw notFound('customer', maskPhone(number));
    return row ?? null;
  }

  /** Who stands in the way of what another system asked for; nobody when no cap is full. */
  async winners(user: CurrentUser, ask: { phone: string; channel: Channel; purpose: Purpose }): Promise<Winner[]> {
    const at = this.clock.now();
    const { touches } = await this.contact.factsOf(requireNumber(ask.phone), at);
    const { channel, purpose } = ask;
    const question = questionOf({ channel, purpose, at, system: nameOf(user.username) });
    return winnersOf(question, touches, this.gate.current().settings);
  }

  async explain(number: string, { channel, purpose, at, campaign }: ExplainAsk): Promise<Explanation> {
    const question = questionOf({ channel, purpose, at, campaignId: campaign?.id ?? null, productFamily: campaign?.family ?? null });
    const facts = await this.contact.factsOf(number, at);
    const context = this.gate.current();
    return { question, facts, context, decision: decide(question, facts, context), checks: checks(question, facts, context) };
  }
}
