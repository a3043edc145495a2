import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { uuidAt } from '../kernel/ids.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { WebhookEvent } from './webhook-events.js';
import { DeliverWebhook } from './webhooks.events.js';
import { WebhooksQueries } from './webhooks.queries.js';
import { TEST_EVENT } from './webhooks.types.js';

/** How far back an event that names no single thing looks: as long as a dead worker may have kept it waiting. */
const LOOK_BACK_MS = 2 * 86_400_000;
const KEPT_DAYS = 30;

/** What each endpoint shall be told. */
@Injectable()
export class DeliveriesCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: WebhooksQueries,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  /** Leaves a delivery for everybody who listens in the unit of the thing, or above it. Run twice it tells once. */
  async spread(event: WebhookEvent, payload: object): Promise<void> {
    const listening = sql`e.active and e.removed_at is null and e.events @> array[${event.code}::text]`;
    if (!(await this.db.maybe(sql`select 1 as one from webhooks.endpoint e where ${listening} limit 1`))) return;
    const now = this.clock.now();
    await this.db.tx(async (tx) => {
      const left = await tx.rows<{ delivery: string }>(sql`
        insert into webhooks.delivery (id, endpoint_id, event, thing, body, state, created_at)
        select platform.uuid_v7(${now}::timestamptz), e.id, ${event.code}::text, t.thing,
          jsonb_build_object('type', ${event.code}::text, 'timestamp', ${now.toISOString()}::text, 'data', t.data)::text, 'waiting', ${now}::timestamptz
        from (${event.things(payload, new Date(now.getTime() - LOOK_BACK_MS))}) t
        join webhooks.endpoint e on ${listening} and (t.since is null or t.since >= e.updated_at)
        join staff.v_org_unit o on o.id = e.org_unit_id and starts_with(t.path, o.path)
        on conflict (endpoint_id, event, thing) do nothing returning id as delivery`);
      await this.outbox.addMany(tx, DeliverWebhook, left);
    });
  }

  /** Sends one that tells of nothing, whether the endpoint is on or not. @returns the delivery. @throws DomainError not_found */
  async test(user: CurrentUser, id: string): Promise<string> {
    return this.db.tx(async (tx) => {
      const endpoint = await this.queries.byId(user, id, tx);
      await this.audit.record(tx, user, { action: 'webhook.tested', object: 'webhook', id: endpoint.id, detail: { host: endpoint.host } });
      const now = this.clock.now();
      const delivery = uuidAt(now);
      const body = JSON.stringify({ type: TEST_EVENT, timestamp: now.toISOString(), data: {} });
      await tx.run(sql`
        insert into webhooks.delivery (id, endpoint_id, event, body, state, created_at)
        values (${delivery}, ${endpoint.id}, ${TEST_EVENT}, ${body}, 'waiting', ${now})`);
      await this.outbox.add(tx, DeliverWebhook, { delivery });
      return delivery;
    });
  }

  /** Sends one that has ended once more, under its own id: who has it already can tell. @throws DomainError not_found · webhook_under_way (409) */
  async again(user: CurrentUser, id: string, delivery: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const endpoint = await this.queries.byId(user, id, tx);
      const found = await tx.maybe<{ id: string; state: string }>(
        sql`select id, state from webhooks.delivery where id::text = ${delivery} and endpoint_id = ${endpoint.id} for update`,
      );
      if (!found) throw notFound('delivery', delivery);
      if (found.state === 'waiting') throw new DomainError('webhook_under_way', { status: 409 });
      await tx.run(sql`update webhooks.delivery set state = 'waiting', tries = 0, ended_at = null where id = ${found.id}`);
      await this.outbox.add(tx, DeliverWebhook, { delivery: found.id });
      await this.audit.record(tx, user, { action: 'webhook.sent-again', object: 'webhook', id: endpoint.id, detail: { delivery: found.id } });
    });
  }

  /** Deliveries are a log, not a record: the audit log keeps what people did. */
  async forgetOld(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEPT_DAYS * 86_400_000);
    return this.db.run(sql`delete from webhooks.delivery where created_at < ${before} and state <> 'waiting'`);
  }
}
