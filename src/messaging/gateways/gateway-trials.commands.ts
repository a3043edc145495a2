import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { uuidAt } from '../../kernel/ids.js';
import { maskPhone, parsePhone } from '../../kernel/phone.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { stampText } from '../../platform/views/formats.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { GatewayAccount, SubmitResult } from './gateway.types.js';
import { GatewaysQueries } from './gateways.queries.js';

/** One message by an administrator to a number of their own, to see whether a gateway works. On its own path: it stands in no blast and no queue (R10). */
@Injectable()
export class GatewayTrials {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly gateways: GatewaysQueries,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError not_found, gateway_trial_number, gateway_trial_quiet, gateway_trial_customer, gateway_trial_blocked (the number wants none), gateway_trial_<outcome> with the gateway's own words */
  async send(user: CurrentUser, code: string, phone: string): Promise<void> {
    const account = await this.gateways.account(code);
    const parsed = parsePhone(phone);
    if ('fault' in parsed) throw new DomainError('gateway_trial_number', { param: 'phone' });
    if (!this.contact.isOpen('sms', 'service')) throw new DomainError('gateway_trial_quiet', { param: 'phone' });
    await this.refuseCustomers(parsed.number);
    await this.refuseBlocked(parsed.number);
    const said = await this.carry(account, parsed.number);
    const detail = { number: maskPhone(parsed.number), ...said };
    await this.audit.record(this.database, user, { action: 'gateway.tested', object: 'gateway', id: code, detail });
    if (said.outcome !== 'accepted') throw new DomainError(`gateway_trial_${said.outcome}`, { param: 'phone', params: { fault: said.fault } });
  }

  private async carry(account: GatewayAccount, number: string): Promise<{ outcome: SubmitResult['outcome']; fault: string }> {
    const now = this.clock.now();
    const message = { id: uuidAt(now), number, body: `Test ${account.code} ${stampText(now)}`, parts: 1, encoding: 'gsm7' } as const;
    const [result] = await this.gateways.protocol(account).submit(account, [message]);
    return { outcome: result?.outcome ?? 'unknown', fault: result && 'code' in result ? result.code : '' };
  }

  /** Nobody is contacted past the gate: a trial has no ledger of its own (R16). */
  private async refuseCustomers(number: string): Promise<void> {
    const customer = await this.database.maybe(sql`select 1 from customers.v_line where number = ${number}`);
    if (customer) throw new DomainError('gateway_trial_customer', { param: 'phone' });
  }

  /** Even a test goes to nobody who has said no to everything. */
  private async refuseBlocked(number: string): Promise<void> {
    const blocked = await this.database.tx((tx) => this.contact.recheckOptOuts(tx, [number], { purpose: 'service' }));
    if (blocked.size > 0) throw new DomainError('gateway_trial_blocked', { param: 'phone' });
  }
}
