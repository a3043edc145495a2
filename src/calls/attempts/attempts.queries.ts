import { Injectable } from '@nestjs/common';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { AttemptItem } from '../calls.types.js';

interface AttemptRow extends Omit<AttemptItem, 'order' | 'task'> {
  orderState: 'open' | 'succeeded' | 'failed' | 'expired' | null;
  orderNo: string | null;
  product: string | null;
  taskState: NonNullable<AttemptItem['task']>['state'] | null;
  notBefore: Date | null;
  callbackAt: Date | null;
}

const COLUMNS = sql`
  a.id, a.task_id as "taskId", c.code as campaign, a.customer_id as "customerId", u.username as manager, a.ordinal, a.started_at as "startedAt",
  a.outcome, a.reason, a.talk_seconds as "talkSeconds", a.talk_source as "talkSource", a.topics, a.satisfaction, a.note, a.channel, a.flags,
  a.corrected_at as "correctedAt", s.state as "orderState", s.order_no as "orderNo", s.product,
  t.state as "taskState", t.not_before as "notBefore", t.callback_at as "callbackAt"`;

const FROM = sql`
  from calls.attempt a
  join campaigns.v_campaign c on c.id = a.campaign_id
  join staff.v_user u on u.id = a.manager_id
  left join calls.sales_order s on s.attempt_id = a.id
  left join calls.task t on t.id = a.task_id`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws DomainError not_found: what is no id names no attempt */
export function attemptId(text: string): string {
  if (!UUID.test(text)) throw notFound('attempt', text);
  return text;
}

function itemOf(row: AttemptRow): AttemptItem {
  const { orderState, orderNo, product, taskState, notBefore, callbackAt, ...item } = row;
  return {
    ...item,
    order: orderState && { product, orderNo, state: orderState },
    task: taskState && { state: taskState, notBefore, callbackAt },
  };
}

/** One line of "recently" on the desk. */
export interface ContactLine {
  at: Date;
  channel: string;
  labelZh: string;
  labelEn: string;
  tone: string;
  note: string | null;
}

/** What a manager recorded last, for "previous one … correct". */
export interface LastAttempt {
  id: string;
  taskId: string | null;
  customerId: string;
  customerName: string | null;
  outcome: string;
  labelZh: string;
  labelEn: string;
  /** Somebody follows it up as a ticket. */
  opensTicket: boolean;
  notBefore: Date | null;
  callbackAt: Date | null;
}

@Injectable()
export class AttemptsQueries {
  constructor(private readonly db: Database) {}

  /** @throws DomainError not_found */
  async byId(id: string, on: Queryable = this.db): Promise<AttemptItem> {
    const row = await on.maybe<AttemptRow>(sql`select ${COLUMNS} ${FROM} where a.id = ${attemptId(id)}`);
    if (!row) throw notFound('attempt', id);
    return itemOf(row);
  }

  /** Whom it was about, also where the customer has another manager by now; null: nobody knows the name. */
  async customerNameOf(id: string): Promise<string | null> {
    const row = await this.db.one<{ name: string | null }>(sql`
      select c.name from calls.attempt a join customers.v_customer c on c.id = a.customer_id where a.id = ${attemptId(id)}`);
    return row.name;
  }

  /** The last contacts of a customer over all campaigns, newest first. */
  recent(customerId: string, limit = 4): Promise<ContactLine[]> {
    return this.db.rows<ContactLine>(sql`
      select a.started_at as at, a.channel, o.label_zh as "labelZh", o.label_en as "labelEn", o.tone, a.note
      from calls.attempt a join calls.outcome o on o.code = a.outcome
      where a.customer_id = ${customerId} order by a.id desc limit ${limit}`);
  }

  /** The last attempt a manager recorded on this day. */
  lastOf(managerId: string, since: Date): Promise<LastAttempt | undefined> {
    return this.db.maybe<LastAttempt>(sql`
      select a.id, a.task_id as "taskId", a.customer_id as "customerId", c.name as "customerName", a.outcome, o.label_zh as "labelZh", o.label_en as "labelEn",
             o.opens_ticket as "opensTicket",
             t.not_before as "notBefore", t.callback_at as "callbackAt"
      from calls.attempt a
      join customers.v_customer c on c.id = a.customer_id
      join calls.outcome o on o.code = a.outcome
      left join calls.task t on t.id = a.task_id
      where a.manager_id = ${managerId} and a.id >= platform.uuid_floor(${since}) and a.source = 'agent'
      order by a.created_at desc, a.id desc limit 1`);
  }
}
