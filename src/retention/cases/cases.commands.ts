import { Injectable } from '@nestjs/common';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { parsePhone } from '../../kernel/phone.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { NewCaseForm } from './cases.forms.js';
import { OpeningCommands } from './opening.commands.js';

/** Opens a case for a sign that somebody noticed (RET-1). */
@Injectable()
export class CasesCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly customers: CustomersQueries,
    private readonly opening: OpeningCommands,
    private readonly audit: Audit,
  ) {}

  /**
   * A customer who has a case keeps it: the sign stands beside the others.
   * @returns the number of the case; null when the customer has applied to port out or has left, so that there is none
   * @throws DomainError not_found (also a customer outside the scope) · retention_source_unknown · retention_phone
   */
  async open(user: CurrentUser, form: NewCaseForm): Promise<string | null> {
    return this.database.tx(async (tx) => {
      const { customerId, lineId } = await this.whose(tx, user, form);
      if (!(await tx.maybe(sql`select 1 from retention.source where code = ${form.source} and enabled`)))
        throw new DomainError('retention_source_unknown', { param: 'source', params: { source: form.source } });
      await this.opening.lock(tx);
      const now = this.clock.now();
      const { id } = await tx.one<{ id: string }>(sql`
        insert into retention.sign (customer_id, line_id, source_code, noted_on, text, noted_by, created_at)
        values (${customerId}, ${lineId}, ${form.source}, ${dayOf(now)}::date, ${form.note ?? null}, ${user.id}, ${now}) returning id`);
      await this.opening.open(tx);
      const { no } = await tx.one<{ no: string | null }>(
        sql`select (select k.no from retention.churn_case k where k.id = s.case_id and k.state <> 'stopped') as no from retention.sign s where s.id = ${id}`,
      );
      await this.audit.record(tx, user, {
        action: 'retention.sign-noted',
        object: 'customer',
        id: customerId,
        detail: { source: form.source, case: no },
      });
      return no;
    });
  }

  private async whose(tx: Tx, user: CurrentUser, { phone, customer }: NewCaseForm): Promise<{ customerId: string; lineId: string }> {
    const parsed = phone === undefined ? undefined : parsePhone(phone);
    if (parsed && 'fault' in parsed) throw new DomainError('retention_phone', { param: 'phone' });
    const found = await tx.maybe<{ customerId: string; lineId: string }>(
      parsed
        ? sql`select l.customer_id as "customerId", l.id as "lineId" from customers.v_line l where l.number = ${parsed.number}`
        : sql`select l.customer_id as "customerId", l.line_id as "lineId" from customers.v_contact_line l where l.customer_id = ${customer ?? null}::bigint`,
    );
    if (!found) throw notFound('customer', phone ?? customer ?? '');
    await this.customers.facts(user, found.customerId, tx);
    return found;
  }
}
