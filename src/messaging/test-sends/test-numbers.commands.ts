import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { maskPhone, parsePhone } from '../../kernel/phone.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { homeUnitOf } from '../home-unit.js';
import type { TestNumberForm } from './tests.forms.js';

@Injectable()
export class TestNumbersCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError test_number_invalid, test_number_customer (a planner's list holds no customers) · test_number_known (409) */
  add(user: CurrentUser, { phone, label }: TestNumberForm): Promise<void> {
    const parsed = parsePhone(phone);
    if ('fault' in parsed) throw new DomainError('test_number_invalid', { param: 'phone' });
    return this.database.tx(async (tx) => {
      await this.refuseCustomers(tx, user, parsed.number);
      const added = await tx.run(sql`
        insert into messaging.test_number (number, label, org_unit_id, added_by, added_at)
        values (${parsed.number}, ${label?.trim() || user.name}, ${await homeUnitOf(tx, user)}, ${user.id}, ${this.clock.now()})
        on conflict (org_unit_id, number) where removed_at is null do nothing`);
      if (added === 0) throw new DomainError('test_number_known', { status: 409, param: 'phone' });
      await this.audit.record(tx, user, { action: 'sms.test-number-added', object: 'test_number', id: maskPhone(parsed.number) });
    });
  }

  /** Tests go beside the caps: whoever is a customer is no tester, unless an administrator says so. */
  private async refuseCustomers(tx: Tx, user: CurrentUser, number: string): Promise<void> {
    if (user.role === 'admin') return;
    const customer = await tx.maybe(sql`select 1 from customers.v_line where number = ${number}`);
    if (customer) throw new DomainError('test_number_customer', { param: 'phone' });
  }

  /** Of the own unit or below. @throws DomainError not_found */
  remove(user: CurrentUser, id: string): Promise<void> {
    return this.database.tx(async (tx) => {
      const gone = /^\d{1,18}$/.test(id)
        ? await tx.maybe<{ number: string | null }>(sql`
            update messaging.test_number n set removed_at = ${this.clock.now()}, removed_by = ${user.id} from staff.v_org_unit o
            where n.id = ${id} and n.removed_at is null and o.id = n.org_unit_id and ${inScope(user, sql`o.path`)} returning n.number`)
        : undefined;
      if (!gone) throw notFound('test_number', id);
      await this.audit.record(tx, user, { action: 'sms.test-number-removed', object: 'test_number', id: maskPhone(gone.number) });
    });
  }
}
