import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { emptySql, sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type Handover, HandoverQueries, ownerAfter, tasksOf } from './handover.queries.js';

export const HANDOVER_SHOWS = ['customers', 'tasks', 'callbacks'] as const;
export type HandoverShow = (typeof HANDOVER_SHOWS)[number];

export interface HandoverRow {
  customerId: string;
  customerName: string | null;
  star: number;
  receiverName: string;
  /** Of a task. */
  campaignName: string | null;
  dueOn: string | null;
  callbackAt: Date | null;
}

/** Longer lists are handed over, not read. */
const MOST_ROWS = 500;

/** The rows behind the counts of a preview. */
@Injectable()
export class HandoverRows {
  constructor(
    private readonly db: Database,
    private readonly handovers: HandoverQueries,
  ) {}

  /** The best stars first. @param whom username of a receiver; without one: of all */
  of(user: CurrentUser, handover: Handover, show: HandoverShow, whom?: string): Promise<HandoverRow[]> {
    const plan = sql`with plan as materialized (${this.handovers.planSql(user, handover)})`;
    const theirs = whom ? sql`and u.username = ${whom}` : emptySql;
    if (show === 'customers')
      return this.db.rows<HandoverRow>(sql`
        ${plan}
        select c.id as "customerId", c.name as "customerName", c.star_level as star, u.name as "receiverName",
               null as "campaignName", null as "dueOn", null::timestamptz as "callbackAt"
        from plan p join customers.v_customer c on c.id = p.customer_id join staff.v_user u on u.id = p.receiver_id
        where p.own ${theirs} order by c.star_level desc, c.id limit ${MOST_ROWS}`);
    return this.db.rows<HandoverRow>(sql`
      ${plan}
      select c.id as "customerId", c.name as "customerName", t.star, u.name as "receiverName",
             a.name as "campaignName", t.due_on as "dueOn", t.callback_at as "callbackAt"
      from calls.task t
      join plan p on p.customer_id = t.customer_id
      join staff.v_user u on u.id = ${ownerAfter(handover)}
      join customers.v_customer c on c.id = t.customer_id
      join campaigns.v_campaign a on a.id = t.campaign_id
      where ${tasksOf(handover)} ${show === 'callbacks' ? sql`and t.callback_at is not null` : emptySql} ${theirs}
      order by t.callback_at nulls last, t.star desc, t.id limit ${MOST_ROWS}`);
  }
}
