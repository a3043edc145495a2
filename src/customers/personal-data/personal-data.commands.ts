import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable, type Tx } from '../../platform/database/database.js';
import { emptySql, sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CustomersQueries } from '../customers.queries.js';
import { PersonalDataRegistry } from './personal-data-registry.js';
import type { Erasure, Person } from './personal-data.types.js';

/** What is known of one person, section by section. */
export interface PersonalDataExport {
  customerId: string;
  exportedAt: Date;
  sections: Sections;
  /** What still stands under the ids of those who turned out to be this customer. */
  formerly: { customerId: string; sections: Sections }[];
}

type Sections = Record<string, unknown>;

/** What an erasure did: rows touched, by section and kind. */
export interface ErasureResult {
  customerId: string;
  erasedAt: Date;
  rows: Record<string, Record<string, number>>;
}

/** A person's right to see what is known of them, and to be forgotten (PIPL articles 45 and 47; SYS-6). */
@Injectable()
export class PersonalDataCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly customers: CustomersQueries,
    private readonly registry: PersonalDataRegistry,
    private readonly audit: Audit,
  ) {}

  /** Everything every module knows of the person, at one instant; that it was taken out stands in the audit log. @throws DomainError not_found */
  async export(user: CurrentUser, customerId: string): Promise<PersonalDataExport> {
    return this.database.tx(async (tx) => {
      await tx.run(sql`set transaction isolation level repeatable read`);
      await this.customers.facts(user, customerId, tx);
      const sections = await this.sections(tx, customerId);
      const formerly: PersonalDataExport['formerly'] = [];
      for (const shell of await this.shellsOf(tx, customerId)) formerly.push({ customerId: shell, sections: await this.sections(tx, shell) });
      await this.audit.record(tx, user, { action: 'customer.exported', object: 'customer', id: customerId });
      return { customerId, exportedAt: this.clock.now(), sections, formerly };
    });
  }

  /**
   * Forgets a person: all of it or nothing. Asked again it answers what was done, and does nothing.
   * @throws DomainError not_found, erasure_busy (409)
   */
  async erase(user: CurrentUser, customerId: string, reason: string): Promise<ErasureResult> {
    return this.database.tx(async (tx) => {
      await this.customers.facts(user, customerId, tx);
      const { erasedAt } = await tx.one<{ erasedAt: Date | null }>(
        sql`select erased_at as "erasedAt" from customers.customer where id = ${customerId} for update`,
      );
      if (erasedAt) return { customerId, erasedAt, rows: {} };
      const at = this.clock.now();
      // those who turned out to be this customer first: what the answer says is of the customer themselves
      for (const id of await this.shellsOf(tx, customerId, sql`for update`)) await this.forget(tx, id, { at, by: user.id });
      const rows = await this.forget(tx, customerId, { at, by: user.id });
      await this.audit.record(tx, user, { action: 'customer.erased', object: 'customer', id: customerId, detail: { reason, rows } });
      return { customerId, erasedAt: at, rows };
    });
  }

  private async sections(tx: Tx, customerId: string): Promise<Sections> {
    const person = await this.person(tx, customerId);
    const sections: Sections = {};
    for (const holder of this.registry.all()) sections[holder.section] = await holder.export(person, tx);
    return sections;
  }

  /** Those who turned out to be this customer and are not forgotten yet. */
  private async shellsOf(tx: Tx, customerId: string, lock = emptySql): Promise<string[]> {
    const shells = await tx.rows<{ id: string }>(
      sql`select id from customers.customer where merged_into = ${customerId} and erased_at is null order by id ${lock}`,
    );
    return shells.map(({ id }) => id);
  }

  private async forget(tx: Tx, customerId: string, erasure: Erasure): Promise<ErasureResult['rows']> {
    const person = await this.person(tx, customerId);
    const rows: ErasureResult['rows'] = {};
    for (const holder of this.registry.all()) rows[holder.section] = await holder.erase(tx, person, erasure);
    await tx.run(sql`update customers.customer set erased_at = ${erasure.at}, updated_at = ${erasure.at} where id = ${customerId}`);
    return rows;
  }

  private async person(on: Queryable | Tx, customerId: string): Promise<Person> {
    const row = await on.maybe<{ name: string | null; numbers: string[] }>(sql`
      select c.name, array(select l.number from customers.line l where l.customer_id = c.id and l.number is not null order by l.id) as numbers
      from customers.customer c where c.id = ${customerId}`);
    if (!row) throw notFound('customer', customerId);
    return { customerId, ...row };
  }
}
