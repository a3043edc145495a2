import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { SealError, Sealer } from '../../platform/sealing/sealer.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CustomersQueries } from '../customers.queries.js';
import { MAY_REVEAL, type Learning } from '../customers.types.js';
import type { IdCardReason } from './id-card.forms.js';
import { readIdCard } from './id-card.policy.js';
import { refuseErased } from '../personal-data/erased.policy.js';
import { IdCardQueries, placeOf } from './id-card.queries.js';

/** ID-card numbers: taken in and looked at. Never in a log, an event, an export or an answer but that of a look (CUS-2). */
@Injectable()
export class IdCardCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly customers: CustomersQueries,
    private readonly idCards: IdCardQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * Takes a number by hand; null takes it away.
   * @throws DomainError not_found, id_card_<fault>, seal_key_missing (503), customer_erased (409)
   */
  async set(user: CurrentUser, customerId: string, text: string | null): Promise<void> {
    await this.database.tx(async (tx) => {
      refuseErased(await this.customers.facts(user, customerId, tx));
      const changed = await this.keep(tx, customerId, text, { by: user.id, at: this.clock.now() });
      if (changed)
        await this.audit.record(tx, user, { action: 'customer.changed', object: 'customer', id: customerId, detail: { fields: ['id_card'] } });
    });
  }

  /** Within a transaction of somebody else, such as that of a call. The same number again leaves no trace. @returns whether something changed */
  async keep(tx: Tx, customerId: string, text: string | null, by: Learning): Promise<boolean> {
    const number = text === null || text.trim() === '' ? null : this.checked(text, by);
    await tx.run(sql`select from customers.customer where id = ${customerId} for no key update`);
    if (number === (await this.known(tx, customerId))) return false;
    await tx.run(sql`update customers.id_card set sealed = null, key_id = null where customer_id = ${customerId} and sealed is not null`);
    const sealed = number === null ? null : this.sealed(customerId, number);
    await tx.run(sql`
      insert into customers.id_card (customer_id, sealed, key_id, learned_by, learned_at, attempt_id)
      values (${customerId}, ${sealed?.data ?? null}, ${sealed?.keyId ?? null}, ${by.by}, ${by.at}, ${by.attemptId ?? null})`);
    return true;
  }

  /**
   * The number in clear, for a reason that stands in the audit log with who looked (SYS-2).
   * @throws DomainError not_found (also when none is known), role_refused, id_card_unreadable (503)
   */
  async reveal(user: CurrentUser, customerId: string, reason: IdCardReason): Promise<string> {
    if (!MAY_REVEAL.includes(user.role)) throw new DomainError('role_refused', { status: 403 });
    return this.database.tx(async (tx) => {
      await this.customers.facts(user, customerId, tx);
      const number = await this.idCards.number(customerId, tx).catch((error: unknown) => {
        throw error instanceof SealError ? new DomainError('id_card_unreadable', { status: 503 }) : error;
      });
      if (number === null) throw new DomainError('id_card_unknown', { status: 404 });
      await this.audit.record(tx, user, { action: 'customer.id-card-revealed', object: 'customer', id: customerId, detail: { reason } });
      return number;
    });
  }

  private checked(text: string, { at, attemptId }: Learning): string {
    const read = readIdCard(text, dayOf(at));
    if ('fault' in read) throw new DomainError(`id_card_${read.fault}`, { param: attemptId ? 'profile.id_card' : 'number' });
    return read.number;
  }

  private sealed(customerId: string, number: string) {
    if (this.sealer.current === undefined) throw new DomainError('seal_key_missing', { status: 503, param: 'number' });
    return this.sealer.seal(number, placeOf(customerId));
  }

  /** What is known; one that cannot be read here is another one. */
  private async known(tx: Tx, customerId: string): Promise<string | null | undefined> {
    return this.idCards.number(customerId, tx).catch((error: unknown) => {
      if (error instanceof SealError) return undefined;
      throw error;
    });
  }
}
