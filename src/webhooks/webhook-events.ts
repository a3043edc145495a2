import { ConversionRecorded, OrdersSettled } from '../calls/calls.events.js';
import { BlastDone, OptOutReceived } from '../messaging/messaging.events.js';
import { type Sql, sql } from '../platform/database/sql.js';
import type { EventType } from '../platform/jobs/define-event.js';
import { TicketOpened } from '../tickets/tickets.events.js';

export interface WebhookEvent {
  code: string;
  on: EventType<object>;
  /**
   * What it tells of: `thing` names each of them once and for all, `path` is the unit it belongs to, `data` holds ids and codes, nothing of people. `since` is
   * when it became so, for an event that names no single thing and looks back; null for all others.
   */
  things(payload: object, since: Date): Sql;
}

const told = <P extends object>(code: string, on: EventType<P>, things: (payload: P, since: Date) => Sql): WebhookEvent => ({
  code,
  on,
  things: (payload, since) => things(payload as P, since),
});

/** Whatever is told to other systems: an event is one entry here and its word `webhooks.event.<code>`. */
export const WEBHOOK_EVENTS: readonly WebhookEvent[] = [
  told(
    'conversion.recorded',
    ConversionRecorded,
    ({ attemptId }) => sql`
    select a.id::text as thing, u.org_path as path, null::timestamptz as since, jsonb_build_object('attempt', a.id, 'campaign', c.code, 'customer', a.customer_id::text, 'outcome', a.outcome,
      'manager', u.username, 'at', a.started_at) as data
    from calls.v_attempt a join campaigns.v_campaign c on c.id = a.campaign_id join staff.v_user u on u.id = a.manager_id
    where a.id = ${attemptId}::uuid and a.converted`,
  ),
  told(
    'order.closed',
    OrdersSettled,
    (_payload, since) => sql`
    select o.id::text || ':' || o.state as thing, u.org_path as path, max(o.told_at) as since, jsonb_build_object('order', o.id::text, 'orderNo', o.order_no, 'product', o.product, 'state', o.state,
      'completedOn', o.completed_on, 'attempt', o.attempt_id, 'campaign', c.code, 'customer', o.customer_id::text) as data
    from calls.v_closed_order o join campaigns.v_campaign c on c.id = o.campaign_id join staff.v_user u on u.id = o.manager_id
    where o.told_at >= ${since}
    group by o.id, o.state, o.order_no, o.product, o.completed_on, o.attempt_id, o.customer_id, c.code, u.org_path`,
  ),
  told(
    'opt_out.received',
    OptOutReceived,
    ({ replyId }) => sql`
    select r.id::text as thing, o.path, null::timestamptz as since, jsonb_build_object('reply', r.id::text, 'customer', r.customer_id::text, 'blast', b.code, 'gateway', r.gateway_code,
      'at', r.received_at) as data
    from messaging.v_opt_out r join customers.v_customer c on c.id = r.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
    left join messaging.v_blast b on b.id = r.blast_id
    where r.id = ${replyId}::bigint`,
  ),
  told(
    'blast.done',
    BlastDone,
    ({ blastId }) => sql`
    select b.id::text as thing, o.path, null::timestamptz as since, jsonb_build_object('blast', b.code, 'startedAt', b.started_at, 'finishedAt', b.finished_at) as data
    from messaging.v_blast b join staff.v_org_unit o on o.id = b.org_unit_id
    where b.id = ${blastId}::bigint and b.state = 'done'`,
  ),
  told(
    'ticket.opened',
    TicketOpened,
    ({ ticketId }) => sql`
    select t.id::text as thing, o.path, null::timestamptz as since, jsonb_build_object('ticket', t.no, 'kind', t.kind, 'scope', t.scope, 'major', t.major, 'customer', t.customer_id::text,
      'openedAt', t.opened_at, 'answerDue', t.answer_due, 'solveDue', t.solve_due) as data
    from tickets.v_opened t join staff.v_org_unit o on o.id = t.org_unit_id
    where t.id = ${ticketId}::bigint`,
  ),
];

export const EVENT_CODES: readonly string[] = WEBHOOK_EVENTS.map(({ code }) => code);
