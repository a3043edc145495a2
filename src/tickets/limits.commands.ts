import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { LimitsQueries } from './limits.queries.js';
import type { LimitForm } from './tickets.forms.js';
import type { Limits } from './tickets.types.js';

/** Sets time limits: each change is a version, tickets keep the one they were opened under. */
@Injectable()
export class LimitsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: LimitsQueries,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError `ticket_limit_order` (422) · `ticket_limits_changed` (409): somebody else changed them meanwhile */
  async change(user: CurrentUser, form: LimitForm): Promise<Limits> {
    if (form.solveMinutes < form.answerMinutes) throw new DomainError('ticket_limit_order', { param: 'solveMinutes' });
    return this.db.tx(async (tx) => {
      await tx.run(sql`lock table tickets.limit_version in share row exclusive mode`);
      const { version } = await this.queries.current(tx);
      if (version !== form.version) throw new DomainError('ticket_limits_changed', { status: 409 });
      await tx.run(sql`
        insert into tickets.limit_version select version + 1, work_from, work_to, ${user.id}, ${this.clock.now()}
        from tickets.limit_version where version = ${version}`);
      const here = sql`kind = ${form.kind} and tier = ${form.tier} and scope = ${form.scope}`;
      await tx.run(sql`
        insert into tickets.limit_rule
        select version + 1, kind, tier, scope, case when ${here} then ${form.hours} else hours end,
               case when ${here} then ${form.answerMinutes}::int else answer_minutes end, case when ${here} then ${form.solveMinutes}::int else solve_minutes end
        from tickets.limit_rule where version = ${version}`);
      await this.audit.record(tx, user, { action: 'ticket.limits', object: 'ticket-limits', id: String(version + 1), detail: { ...form } });
      return this.queries.current(tx);
    });
  }
}
