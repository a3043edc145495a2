import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { notFound } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { PartPriceForm } from './blast-rule.forms.js';
import { BlastRuleQueries } from './blast-rule.queries.js';
import type { BlastRule } from './blast-rule.types.js';

/** A yuan in thousandths. */
const LI = 1000;

@Injectable()
export class BlastRuleCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly queries: BlastRuleQueries,
    private readonly audit: Audit,
  ) {}

  /** In force at once, for figures of earlier blasts too: a window says how they are counted. @returns whether anything changed */
  set(user: CurrentUser, to: BlastRule): Promise<boolean> {
    return this.database.tx(async (tx) => {
      await tx.run(sql`lock table messaging.blast_rule in share row exclusive mode`);
      const from = await this.queries.current(tx);
      const keys = Object.keys(from) as (keyof BlastRule)[];
      if (keys.every((key) => from[key] === to[key])) return false;
      await tx.run(sql`
        insert into messaging.blast_rule
          (order_days, opt_out_days, complaint_days, opt_outs_most, complaints_most, guard_from, approve_above, client_approves, client_above, stall_minutes, set_by, set_at)
        values (${to.orderDays}, ${to.optOutDays}, ${to.complaintDays}, ${to.optOutsMost}, ${to.complaintsMost}, ${to.guardFrom}, ${to.approveAbove},
                ${to.clientApproves}, ${to.clientAbove}, ${to.stallMinutes}, ${user.id}, ${this.clock.now()})`);
      await this.audit.record(tx, user, { action: 'blast.rule', object: 'blast_rule', detail: { from, to: { ...to } } });
      return true;
    });
  }

  /** What a part costs on a gateway, for all that was ever sent over it. @throws DomainError not_found */
  price(user: CurrentUser, gateway: string, form: PartPriceForm): Promise<void> {
    return this.database.tx(async (tx) => {
      const price = form.partPrice === null ? null : Math.round(form.partPrice * LI);
      const changed = await tx.run(sql`update messaging.gateway set part_price = ${price}, billed_on = ${form.billedOn} where code = ${gateway}`);
      if (changed === 0) throw notFound('gateway', gateway);
      await this.audit.record(tx, user, { action: 'gateway.price', object: 'gateway', id: gateway, detail: { price, billedOn: form.billedOn } });
    });
  }
}
