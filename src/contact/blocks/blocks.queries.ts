import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { BlockChannel, BlockScope } from '../contact.types.js';

export interface BlockRow {
  id: string;
  number: string;
  channel: BlockChannel;
  scope: BlockScope;
  productFamily: string | null;
  campaignId: string | null;
  /** Code and name of the campaign of scope campaign. */
  campaign: string | null;
  campaignName: string | null;
  reason: string;
  source: string;
  until: Date | null;
  createdAt: Date;
  createdBy: string | null;
}

/** A line to stop; whoever does it need not see its number (R23). */
export interface StopLine {
  customerId: string;
  lineId: string;
  number: string;
  name: string | null;
}

const ID = /^\d{1,18}$/;

const BLOCK = sql`select b.id, b.number, b.channel, b.scope, b.product_family as "productFamily", b.campaign_id as "campaignId", p.code as campaign,
  p.name as "campaignName", b.reason, b.source, b.until, b.created_at as "createdAt", u.name as "createdBy"
  from contact.block b left join staff.v_user u on u.id = b.created_by left join reporting.campaign p on p.id = b.campaign_id`;

/** What a user may see of the list: numbers of customers in their scope, what somebody of their scope blocked, and numbers that are nobody's yet (SYS-1). */
const visibleTo = (user: { orgPath: string }): Sql => sql`(
  exists (select from customers.v_line l join customers.v_customer c on c.id = l.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
          where l.number = b.number and ${inScope(user, sql`o.path`)})
  or (u.id is not null and ${inScope(user, sql`u.org_path`)})
  or (u.id is null and not exists (select from customers.v_line l where l.number = b.number)))`;

const inForce = (user: CurrentUser, now: Date, number: string | undefined): Sql => sql`${BLOCK}
  where b.lifted_at is null and (b.until is null or b.until > ${now}) and ${visibleTo(user)} and ${number ? sql`b.number = ${number}` : sql`true`}`;

@Injectable()
export class BlocksQueries {
  constructor(private readonly db: Database) {}

  /** Blocks in force, the newest first; of one number when it is given. */
  async list(user: CurrentUser, now: Date, filter: { number?: string; limit: number; cursor?: string }): Promise<Page<BlockRow>> {
    const before = decodeCursor(filter.cursor, 1)?.[0] as string | undefined;
    const rows = await this.db.rows<BlockRow>(sql`${inForce(user, now, filter.number)}
        and (${before ?? null}::bigint is null or b.id < ${before ?? null}::bigint)
      order by b.id desc limit ${filter.limit + 1}`);
    return pageOf(rows, filter.limit, (last) => [last.id]);
  }

  /** The same, all of them, for an export. */
  async all(user: CurrentUser, now: Date, number?: string): Promise<{ count: number; rows: AsyncIterable<BlockRow> }> {
    const select = inForce(user, now, number);
    return { count: await this.db.count(select), rows: this.db.stream<BlockRow>(sql`${select} order by b.id desc`) };
  }

  /**
   * A line of a manager's own customer or of one whose task is hers; within the scope for the others.
   * @throws DomainError not_found
   */
  async line(user: CurrentUser, customerId: string, lineId: string): Promise<StopLine> {
    const hers = sql`(c.manager_id = ${user.id} or exists (
      select from reporting.task_state t where t.customer_id = c.id and t.owner_id = ${user.id}))`;
    const known = ID.test(customerId) && ID.test(lineId);
    const line = known
      ? await this.db.maybe<StopLine>(sql`
          select c.id as "customerId", l.id as "lineId", l.number, c.name
          from customers.v_line l join customers.v_customer c on c.id = l.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
          where l.id = ${lineId} and c.id = ${customerId} and ${user.role === 'manager' ? hers : inScope(user, sql`o.path`)}`)
      : undefined;
    if (!line) throw notFound('line', lineId);
    return line;
  }

  /** @param user whose scope counts; nobody: every block. @throws DomainError not_found */
  async byId(user: CurrentUser | null, id: string, on: Queryable = this.db): Promise<BlockRow> {
    const known = ID.test(id);
    const seen = user ? visibleTo(user) : sql`true`;
    const row = known ? await on.maybe<BlockRow>(sql`${BLOCK} where b.id = ${id} and b.lifted_at is null and ${seen}`) : undefined;
    if (!row) throw notFound('block', id);
    return row;
  }
}
