import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { rawSql, sql } from '../platform/database/sql.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { Delivery, Endpoint } from './webhooks.types.js';

const ENDPOINT = rawSql(`select e.id, e.host, e.events, o.code as "orgUnit", o.name as "orgName", e.active, e.failing_since as "failingSince",
    e.disabled_at as "disabledAt", e.created_at as "createdAt", l.state as "lastState", l.created_at as "lastAt"
  from webhooks.endpoint e join staff.v_org_unit o on o.id = e.org_unit_id
  left join lateral (select d.state, d.created_at from webhooks.delivery d where d.endpoint_id = e.id order by d.created_at desc, d.id desc limit 1) l on true`);
const DELIVERY = rawSql(
  `id, event, state, tries, status, answer, reason, body, created_at as "createdAt", tried_at as "triedAt", ended_at as "endedAt" from webhooks.delivery`,
);
const LOG_ROWS = 100;

@Injectable()
export class WebhooksQueries {
  constructor(private readonly db: Database) {}

  /** Those of the reader's unit and the ones below. */
  all(user: CurrentUser): Promise<Endpoint[]> {
    return this.db.rows<Endpoint>(
      sql`${ENDPOINT} where e.removed_at is null and ${inScope(user, sql`o.path`)} order by o.path, e.created_at limit 500`,
    );
  }

  /** @throws DomainError not_found, also outside the scope */
  async byId(user: CurrentUser, id: string, on: Queryable = this.db): Promise<Endpoint> {
    const found = await on.maybe<Endpoint>(sql`${ENDPOINT} where e.id::text = ${id} and e.removed_at is null and ${inScope(user, sql`o.path`)}`);
    if (!found) throw notFound('webhook', id);
    return found;
  }

  /** The newest first, tests among them. */
  deliveries(endpoint: Endpoint): Promise<Delivery[]> {
    return this.db.rows<Delivery>(sql`select ${DELIVERY} where endpoint_id = ${endpoint.id} order by created_at desc, id desc limit ${LOG_ROWS}`);
  }
}
