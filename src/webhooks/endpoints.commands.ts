import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { uuidAt } from '../kernel/ids.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { EndpointTargets } from './endpoint-targets.js';
import { newSecret } from './signature.js';
import type { WebhookChangeForm, WebhookForm } from './webhooks.forms.js';
import { WebhooksQueries } from './webhooks.queries.js';
import type { Endpoint } from './webhooks.types.js';

/** Who is told what. */
@Injectable()
export class EndpointsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: WebhooksQueries,
    private readonly targets: EndpointTargets,
    private readonly audit: Audit,
  ) {}

  /** @returns the endpoint with its secret, which is not told again. @throws InvalidInput at url or events · DomainError webhook_seal_key_missing (503) */
  async create(user: CurrentUser, form: WebhookForm): Promise<Endpoint & { secret: string }> {
    const active = form.active ?? true;
    return this.db.tx(async (tx) => {
      const now = this.clock.now();
      const [id, secret] = [uuidAt(now), newSecret()];
      const { host, keyId, data } = this.targets.seal(id, { url: form.url, secret });
      await tx.run(sql`
        insert into webhooks.endpoint (id, org_unit_id, host, sealed, seal_key_id, events, active, created_by, created_at, updated_at)
        values (${id}, ${user.orgUnitId}, ${host}, ${data}, ${keyId}, ${form.events}, ${active}, ${user.id}, ${now}, ${now})`);
      const detail = { host, events: form.events, active };
      await this.audit.record(tx, user, { action: 'webhook.created', object: 'webhook', id, detail });
      return { ...(await this.queries.byId(user, id, tx)), secret };
    });
  }

  /** Switched on it begins anew: what failed before is forgotten, what happened meanwhile is not told. @throws DomainError not_found */
  async change(user: CurrentUser, id: string, { events, active: wanted }: WebhookChangeForm): Promise<Endpoint> {
    return this.db.tx(async (tx) => {
      const before = await this.locked(tx, user, id);
      const active = wanted ?? before.active;
      await tx.run(sql`
        update webhooks.endpoint set events = ${events}, active = ${active}, updated_at = ${this.clock.now()},
          failing_since = case when ${active && !before.active}::boolean then null else failing_since end,
          disabled_at = case when ${active}::boolean then null else disabled_at end
        where id = ${before.id}`);
      const detail = { from: { events: before.events, active: before.active }, to: { events, active } };
      await this.audit.record(tx, user, { action: 'webhook.changed', object: 'webhook', id: before.id, detail });
      return this.queries.byId(user, before.id, tx);
    });
  }

  /** Forgets address and secret; the log stays. @throws DomainError not_found */
  async remove(user: CurrentUser, id: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const { id: endpoint, host } = await this.locked(tx, user, id);
      await tx.run(sql`
        update webhooks.endpoint set active = false, disabled_at = null, sealed = null, seal_key_id = null, removed_at = ${this.clock.now()} where id = ${endpoint}`);
      await this.audit.record(tx, user, { action: 'webhook.removed', object: 'webhook', id: endpoint, detail: { host } });
    });
  }

  private async locked(tx: Tx, user: CurrentUser, id: string): Promise<Endpoint> {
    await tx.run(sql`select from webhooks.endpoint where id::text = ${id} for update`);
    return this.queries.byId(user, id, tx);
  }
}
