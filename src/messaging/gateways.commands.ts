import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { GatewayAccount } from './gateway.types.js';
import { GatewaysQueries } from './gateways.queries.js';
import type { GatewayForm } from './messaging.forms.js';

const DEFAULT_RATE = 100;
const DEFAULT_WINDOW = 32;

@Injectable()
export class GatewaysCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly gateways: GatewaysQueries,
  ) {}

  /** A way out, usable at once. @throws DomainError code_taken, gateway_kind_unavailable */
  async create(user: CurrentUser, form: GatewayForm): Promise<GatewayAccount> {
    this.gateways.protocol(form);
    return this.database.tx(async (tx) => {
      const made = await tx.maybe(sql`
        insert into messaging.gateway (code, kind, settings, rate_per_second, send_window, created_at)
        values (${form.code}, ${form.kind}, ${JSON.stringify(form.simulator ?? {})}::jsonb, ${form.ratePerSecond ?? DEFAULT_RATE}, ${form.window ?? DEFAULT_WINDOW}, ${this.clock.now()})
        on conflict (code) do nothing returning code`);
      if (!made) throw new DomainError('code_taken', { status: 409, param: 'code', params: { code: form.code } });
      await this.audit.record(tx, user, { action: 'gateway.created', object: 'gateway', id: form.code });
      return this.gateways.account(form.code, tx);
    });
  }

  /** How the pretended network behaves: shares of failures, latency, replies. Takes effect with the next hand-over. */
  async configureSimulator(code: string, settings: Record<string, unknown>): Promise<void> {
    await this.database.run(
      sql`update messaging.gateway set settings = ${JSON.stringify(settings)}::jsonb where code = ${code} and kind = 'simulator'`,
    );
  }
}
