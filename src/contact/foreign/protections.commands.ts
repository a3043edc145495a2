import { Injectable } from '@nestjs/common';
import { notFound } from '../../kernel/errors.js';
import { maskPhone } from '../../kernel/phone.js';
import { Database } from '../../platform/database/database.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { ContactCommands } from '../contact.commands.js';
import type { ProtectionForm, ProtectionReleaseForm } from './foreign.forms.js';
import { DecisionsQueries } from '../ledger/decisions.queries.js';
import { foreignSource } from './foreign-system.policy.js';
import { instantOf, requireNumber } from '../number.policy.js';

/** Other systems tell of a complaint, a fault, arrears or a journey: marketing rests until they say it is over (GOV-7). */
@Injectable()
export class ProtectionsCommands {
  constructor(
    private readonly db: Database,
    private readonly contact: ContactCommands,
    private readonly decisions: DecisionsQueries,
    private readonly audit: Audit,
  ) {}

  /** Told twice it is one. @throws DomainError not_found */
  async protect(user: CurrentUser, form: ProtectionForm): Promise<void> {
    const customerId = await this.customer(user, form.phone);
    const { kind, ref } = form;
    const request = { customerId, kind, ref, source: foreignSource(user.username), until: form.until ? instantOf(form.until) : null };
    await this.db.tx(async (tx) => {
      await this.contact.protect(tx, form.since ? { ...request, since: instantOf(form.since) } : request);
      await this.audit.record(tx, user, { action: 'protection.told', object: 'customer', id: customerId, detail: { kind, ref } });
    });
  }

  /** What is not open stays as it is. @throws DomainError not_found */
  async release(user: CurrentUser, form: ProtectionReleaseForm): Promise<void> {
    const customerId = await this.customer(user, form.phone);
    const { kind, ref } = form;
    await this.db.tx(async (tx) => {
      await this.contact.unprotect(tx, { customerId, kind, ref });
      await this.audit.record(tx, user, { action: 'protection.over', object: 'customer', id: customerId, detail: { kind, ref } });
    });
  }

  private async customer(user: CurrentUser, phone: string): Promise<string> {
    const number = requireNumber(phone);
    const subject = await this.decisions.subject(user, number);
    if (!subject) throw notFound('customer', maskPhone(number));
    return subject.customerId;
  }
}
