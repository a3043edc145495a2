import { Injectable } from '@nestjs/common';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { APPLICATION, StoppingCommands } from './stopping.commands.js';

/** Applications to port out of customers who had no case open then: the word that ends them is the customer's, and has to be noted somewhere (RET-1). */
@Injectable()
export class PortOuts {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersQueries,
    private readonly stopping: StoppingCommands,
    private readonly audit: Audit,
  ) {}

  /** Since when one stands that no stopped case keeps; null: none does. No scope is asked. */
  async since(customerId: string, on: Queryable = this.database): Promise<Date | null> {
    const found = await on.maybe<{ since: Date }>(sql`
      select p.since from contact.v_protection p
      where p.customer_id = ${customerId} and p.kind = 'porting' and p.ref = ${APPLICATION}
        and not exists (select from retention.churn_case k where k.customer_id = p.customer_id and k.state = 'stopped')`);
    return found?.since ?? null;
  }

  /** The customer took the application back: calls and messages go out as before. @throws DomainError not_found · retention_not_porting (409) */
  async takeBack(user: CurrentUser, customerId: string, note: string | undefined): Promise<void> {
    await this.database.tx(async (tx) => {
      const { id } = await this.customers.facts(user, customerId, tx);
      const since = await this.since(id, tx);
      if (!since) throw new DomainError('retention_not_porting', { status: 409 });
      await this.stopping.lift(tx, id);
      await this.audit.record(tx, user, { action: 'retention.port-out-taken-back', object: 'customer', id, detail: { since, note } });
    });
  }
}
