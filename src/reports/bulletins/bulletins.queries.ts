import { Injectable } from '@nestjs/common';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { rawSql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { Bulletin, Delivery } from './bulletins.types.js';

const BULLETIN =
  rawSql(`select b.id, o.code as "orgUnit", o.name as "orgName", o.path as "orgPath", b.kind, b.host, b.times, b.active, b.active_since as "activeSince",
    b.updated_at as "updatedAt", l.state as "lastState", l.created_at as "lastAt"
  from reports.bulletin b join staff.v_org_unit o on o.id = b.org_unit_id
  left join lateral (select d.state, d.created_at from reports.bulletin_delivery d where d.bulletin_id = b.id order by d.created_at desc, d.id desc limit 1) l on true`);
const DELIVERY = rawSql(`id, slot, state, late, tries, status, reason, body, created_at as "createdAt", ended_at as "endedAt"`);
const LOG_ROWS = 50;

@Injectable()
export class BulletinsQueries {
  constructor(private readonly db: Database) {}

  /** Those of the reader's unit and the ones below. */
  all(user: CurrentUser): Promise<Bulletin[]> {
    return this.db.rows<Bulletin>(sql`${BULLETIN} where b.removed_at is null and ${inScope(user, sql`o.path`)} order by o.path, b.created_at`);
  }

  /** @throws DomainError not_found, also outside the scope */
  async byId(user: CurrentUser, id: string, db: Queryable = this.db): Promise<Bulletin> {
    const found = await db.maybe<Bulletin>(sql`${BULLETIN} where b.id::text = ${id} and b.removed_at is null and ${inScope(user, sql`o.path`)}`);
    if (!found) throw notFound('bulletin', id);
    return found;
  }

  /** The newest deliveries of a bulletin, tests among them. */
  deliveries(id: string): Promise<Delivery[]> {
    return this.db.rows<Delivery>(sql`
      select ${DELIVERY} from reports.bulletin_delivery where bulletin_id::text = ${id} order by created_at desc, id desc limit ${LOG_ROWS}`);
  }

  /** Units a bulletin may be made for. */
  units(user: CurrentUser): Promise<{ code: string; name: string }[]> {
    return this.db.rows(
      sql`select o.code, o.name from staff.v_org_unit o where o.active and ${inScope(user, sql`o.path`)} order by o.path limit 500`,
    );
  }
}
