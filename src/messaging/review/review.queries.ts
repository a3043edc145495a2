import { Injectable } from '@nestjs/common';
import { type AskedOrder, AskedOrders } from '../../calls/orders/asked-orders.queries.js';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { prepared, type Sql, sql } from '../../platform/database/sql.js';
import { joinFile } from '../archive/archived-blasts.queries.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';

export const DECISIONS = ['opt_out', 'kept', 'order', 'forwarded'] as const;
export type Decision = (typeof DECISIONS)[number];

export interface ReplyRow {
  id: string;
  number: string;
  body: string;
  receivedAt: Date;
  customerId: string | null;
  name: string | null;
  starLevel: number | null;
  managerId: string | null;
  managerName: string | null;
  messageId: string | null;
  blastId: string | null;
  /** What it answers. */
  asked: string | null;
  /** Where that is, when it is not here any more. */
  askedIn: string | null;
  decision: Decision | null;
  decidedBy: string | null;
  decidedAt: Date | null;
}

/** One that waits for a decision, with the orders it may be the answer to. */
export type OpenReply = ReplyRow & { orders: AskedOrder[] };

const ROW = sql`
  select y.id, y.number, y.body, y.received_at as "receivedAt", y.customer_id as "customerId", c.name, c.star_level as "starLevel", c.manager_id as "managerId",
         u.name as "managerName", y.message_id as "messageId", y.blast_id as "blastId", m.body as asked, a.file as "askedIn", y.decision, d.name as "decidedBy", y.decided_at as "decidedAt"
  from messaging.reply y
  left join customers.v_customer c on c.id = y.customer_id
  left join staff.v_org_unit o on o.id = c.org_unit_id
  left join staff.v_user u on u.id = c.manager_id
  left join staff.v_user d on d.id = y.decided_by
  left join messaging.message m on m.id = y.message_id ${joinFile(sql`y.message_id`)}`;

/** A number that is no customer's belongs to whoever sees everything. Erased ones are nobody's business any more. */
const seenBy = (user: CurrentUser): Sql =>
  sql`y.number is not null and ${inScope(user, sql`coalesce(o.path, (select path from staff.v_org_unit where parent_id is null order by id limit 1))`)}`;
const OPEN = sql`y.meaning = 'unclear' and y.decision is null`;

/** Answers that no rule understood, and those passed on to a manager. */
@Injectable()
export class ReviewQueries {
  constructor(
    private readonly database: Database,
    private readonly asked: AskedOrders,
  ) {}

  /** The oldest first: whoever waits longest. */
  async open(user: CurrentUser, limit = 50, cursor?: string): Promise<Page<OpenReply>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    const rows = await this.database.rows<ReplyRow>(sql`
      ${ROW} where ${OPEN} and ${seenBy(user)} and (${after}::bigint is null or y.id > ${after}::bigint) order by y.id limit ${limit + 1}`);
    const orders = await this.asked.of(rows.map(({ number }) => number));
    const open = rows.map((row) => ({ ...row, orders: orders.filter(({ number }) => number === row.number) }));
    return pageOf(open, limit, (last) => [last.id]);
  }

  decided(user: CurrentUser, limit = 20): Promise<ReplyRow[]> {
    return this.database.rows<ReplyRow>(
      sql`${ROW} where y.decided_at is not null and ${seenBy(user)} order by y.decided_at desc, y.id desc limit ${limit}`,
    );
  }

  /** How many wait, for the badge: no more than are worth telling apart. */
  async waiting(user: CurrentUser, most = 100): Promise<number> {
    return this.database.count(
      prepared(sql`
      select 1 from messaging.reply y left join customers.v_customer c on c.id = y.customer_id left join staff.v_org_unit o on o.id = c.org_unit_id
      where ${OPEN} and ${seenBy(user)} limit ${most}`),
    );
  }

  /** What waits for a decision, or has had one. What a rule has understood is not decided again: its block, its order and its figures have followed. */
  one(on: Queryable, user: CurrentUser, id: string): Promise<ReplyRow | undefined> {
    return /^\d{1,18}$/.test(id)
      ? on.maybe<ReplyRow>(sql`${ROW} where y.id = ${id} and (y.meaning = 'unclear' or y.decision is not null) and ${seenBy(user)}`)
      : Promise.resolve(undefined);
  }

  /** Passed on to her and not seen yet, then what her customers wrote of late. */
  async ofManager(user: CurrentUser, since: Date): Promise<{ forwarded: ReplyRow[]; recent: ReplyRow[] }> {
    const [forwarded, recent] = await Promise.all([
      this.database.rows<ReplyRow>(
        sql`${ROW} where y.forwarded_to = ${user.id} and y.seen_at is null and y.number is not null order by y.id limit 100`,
      ),
      this.database.rows<ReplyRow>(sql`
        ${ROW} where c.manager_id = ${user.id} and y.received_at >= ${since} and y.number is not null order by y.received_at desc, y.id desc limit 50`),
    ]);
    return { forwarded, recent };
  }

  forwarded(userId: string): Promise<number> {
    return this.database.count(prepared(sql`select 1 from messaging.reply where forwarded_to = ${userId} and seen_at is null`));
  }
}
