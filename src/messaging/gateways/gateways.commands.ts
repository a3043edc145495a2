import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, InvalidInput } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { GatewayAccount } from './gateway.types.js';
import { GatewaySecrets } from './gateway-secrets.js';
import { changedWish, type GatewaySetup, readSetup } from './gateway-settings.policy.js';
import type { GatewayChangeForm, GatewayForm } from './gateways.forms.js';
import { GatewaysQueries, WAYS_OUT } from './gateways.queries.js';
import { SendBatch } from '../messaging.jobs.js';

const DEFAULT_RATE = 100;
/** The pretended network has nothing to hide. */
const keepsSecrets = (kind: string): boolean => kind !== 'simulator';

@Injectable()
export class GatewaysCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly gateways: GatewaysQueries,
    private readonly secrets: GatewaySecrets,
    private readonly outbox: Outbox,
  ) {}

  /**
   * A way out, usable at once.
   * @param here StarCare's own address as the caller reached it: where the gateway calls back unless the form says otherwise
   * @throws DomainError code_taken, gateway_kind_unavailable, invalid_input · gateway_seal_key_missing (503)
   */
  async create(user: CurrentUser, form: GatewayForm, here: string): Promise<GatewayAccount> {
    this.gateways.protocol(form);
    const setup = checked(readSetup(form.kind, form, { here, hasPassword: false }));
    return this.database.tx(async (tx) => {
      const made = await tx.maybe(sql`
        insert into messaging.gateway (code, kind, settings, rate_per_second, send_window, created_at)
        values (${form.code}, ${form.kind}, ${JSON.stringify(setup.settings)}::jsonb, ${form.ratePerSecond ?? DEFAULT_RATE}, ${setup.window}, ${this.clock.now()})
        on conflict (code) do nothing returning code`);
      if (!made) throw new DomainError('code_taken', { status: 409, param: 'code', params: { code: form.code } });
      if (keepsSecrets(form.kind)) await this.keep(tx, form.code, setup.password);
      await this.keepFallbacks(tx, form.code, form.fallbackGateways);
      await this.audit.record(tx, user, { action: 'gateway.created', object: 'gateway', id: form.code, detail: { kind: form.kind } });
      return this.gateways.account(form.code, tx);
    });
  }

  /** Some of it; what is left out stays as it is. See {@link change}. */
  async changeSome(user: CurrentUser, code: string, form: GatewayChangeForm, here: string): Promise<GatewayAccount> {
    const { kind, settings, window } = await this.gateways.account(code);
    return this.change(user, code, { ...changedWish(kind, settings, form), window: form.window ?? window }, here);
  }

  /** Takes effect with the next hand-over. @throws DomainError not_found, invalid_input · gateway_seal_key_missing (503) */
  async change(user: CurrentUser, code: string, form: GatewayChangeForm, here: string): Promise<GatewayAccount> {
    return this.database.tx(async (tx) => {
      const { kind, ratePerSecond } = await this.locked(tx, code);
      const hasPassword = form.password === undefined && keepsSecrets(kind) && (await this.secrets.open(code, tx))?.password != null;
      const setup = checked(readSetup(kind, form, { here, hasPassword }));
      await tx.run(sql`
        update messaging.gateway set settings = ${JSON.stringify(setup.settings)}::jsonb, rate_per_second = ${form.ratePerSecond ?? ratePerSecond},
               send_window = ${setup.window} where code = ${code}`);
      if (keepsSecrets(kind)) await this.keep(tx, code, setup.password);
      await this.keepFallbacks(tx, code, form.fallbackGateways);
      const detail = { rate: form.ratePerSecond ?? ratePerSecond, window: setup.window, password: setup.password !== undefined };
      await this.audit.record(tx, user, { action: 'gateway.changed', object: 'gateway', id: code, detail });
      return this.gateways.account(code, tx);
    });
  }

  /** Switched off, nothing more is handed over to it; what it says of earlier messages still counts. Twice is as once. @throws DomainError not_found */
  async switch(user: CurrentUser, code: string, active: boolean): Promise<GatewayAccount> {
    return this.database.tx(async (tx) => {
      const account = await this.locked(tx, code);
      if (account.active === active) return account;
      await tx.run(sql`update messaging.gateway set active = ${active} where code = ${code}`);
      await this.audit.record(tx, user, { action: active ? 'gateway.activated' : 'gateway.deactivated', object: 'gateway', id: code });
      if (active) await this.wakeWaiting(tx, code);
      return { ...account, active };
    });
  }

  /** Blasts that may go this way look again at once, and not when their next look is due: whoever has switched it on watches. */
  private async wakeWaiting(tx: Tx, code: string): Promise<void> {
    const blasts = await tx.rows<{ blastId: string }>(sql`
      select b.id as "blastId" from messaging.blast b where b.state = 'running' and ${code} = any(${WAYS_OUT})`);
    await this.outbox.addMany(tx, SendBatch, blasts);
  }

  /** How the pretended network behaves: shares of failures, latency, replies. Takes effect with the next hand-over. */
  async configureSimulator(code: string, settings: Record<string, unknown>): Promise<void> {
    await this.database.run(
      sql`update messaging.gateway set settings = ${JSON.stringify(settings)}::jsonb where code = ${code} and kind = 'simulator'`,
    );
  }

  private async locked(tx: Tx, code: string): Promise<GatewayAccount> {
    await tx.run(sql`select from messaging.gateway where code = ${code} for no key update`);
    return this.gateways.account(code, tx);
  }

  /** @throws InvalidInput gateway_fallback_unknown, gateway_fallback_itself */
  private async keepFallbacks(tx: Tx, code: string, asked: readonly string[] | undefined): Promise<void> {
    if (asked === undefined) return;
    const codes = [...new Set(asked)];
    const known = new Set((await tx.rows<{ code: string }>(sql`select code from messaging.gateway`)).map((one) => one.code));
    const faults = codes.flatMap((one) => {
      const fault = one === code ? 'gateway_fallback_itself' : known.has(one) ? null : 'gateway_fallback_unknown';
      return fault ? [{ param: 'fallbackGateways', code: fault, params: { gateway: one } }] : [];
    });
    if (faults.length > 0) throw new InvalidInput(faults);
    await tx.run(sql`update messaging.gateway set fallback_codes = ${codes}::text[] where code = ${code}`);
  }

  private async keep(tx: Tx, code: string, password: string | undefined): Promise<void> {
    const { keyId, data } = await this.secrets.seal(code, password, tx);
    await tx.run(sql`update messaging.gateway set sealed = ${data}, seal_key_id = ${keyId} where code = ${code}`);
  }
}

function checked(setup: GatewaySetup): GatewaySetup {
  if (setup.faults.length > 0) throw new InvalidInput(setup.faults);
  return setup;
}
