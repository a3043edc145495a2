import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope, usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { Confirmation } from './confirmation.policy.js';
import type { IdentityCheck } from './evidence.policy.js';
import type { OrderListForm, OrderState } from './orders.forms.js';

const A_PAGE = 50;

export interface OrderItem {
  id: string;
  orderNo: string | null;
  product: string | null;
  state: OrderState;
  campaign: string;
  campaignName: string;
  /** Whose conversion it is, whatever happened since. */
  manager: string;
  managerName: string;
  attemptId: string;
  customerId: string;
  customerName: string | null;
  identityCheck: IdentityCheck | null;
  identityBy: string | null;
  identityAt: Date | null;
  tariffRead: boolean;
  startRead: boolean;
  contractRead: boolean;
  /** Its product binds for some time, or nobody knows. */
  needsContract: boolean;
  /** Every piece of evidence its product demands is there. */
  complete: boolean;
  recordingRef: string | null;
  /** null: nothing is to be confirmed. */
  confirmation: Confirmation | null;
  /** Until when the customer may answer. */
  confirmBy: Date | null;
  needsReview: boolean;
  /** What a file or a person said of it last, also while it does not count. */
  toldState: OrderState | null;
  openedAt: Date;
  /** Day */
  completedOn: string | null;
  closeReason: string | null;
  closedBy: string | null;
}

const INCOMPLETE = sql`(s.product is null or s.identity_check is null or not s.tariff_read or not s.start_read or s.needs_contract and not s.contract_read)`;
/** The one entered by hand, else that of the call as the switch told it. */
const RECORDING = sql`coalesce(s.recording_ref, a.recording_ref)`;

const SELECT = sql`
  select s.id, s.order_no as "orderNo", s.product, s.state, c.code as campaign, c.name as "campaignName", u.username as manager, u.name as "managerName",
         s.attempt_id as "attemptId", s.customer_id as "customerId", k.name as "customerName", s.opened_at as "openedAt",
         s.identity_check as "identityCheck", i.name as "identityBy", s.identity_at as "identityAt", s.tariff_read as "tariffRead", s.start_read as "startRead",
         s.contract_read as "contractRead", s.needs_contract as "needsContract", not ${INCOMPLETE} as complete, ${RECORDING} as "recordingRef", s.confirmation,
         s.confirm_by as "confirmBy", s.needs_review as "needsReview", s.told_state as "toldState",
         s.completed_on::text as "completedOn", s.close_reason as "closeReason", b.name as "closedBy"
  from calls.sales_order s
  join calls.attempt a on a.id = s.attempt_id
  join staff.v_user u on u.id = a.manager_id
  join campaigns.v_campaign c on c.id = s.campaign_id
  join customers.v_customer k on k.id = s.customer_id
  left join staff.v_user b on b.id = s.closed_by
  left join staff.v_user i on i.id = s.identity_by`;

const CONFIRMED_AS: Record<NonNullable<OrderListForm['confirmation']>, Sql> = {
  waiting: sql`s.confirmation = 'waiting'`,
  confirmed: sql`s.confirmation = 'confirmed'`,
  declined: sql`s.confirmation = 'declined'`,
  expired: sql`s.confirmation = 'expired'`,
  none: sql`s.confirmation is null`,
  review: sql`s.needs_review`,
};

/** More than these nobody finds in a list. */
const MOST_CHOICES = 500;

export interface OrderChoices {
  campaigns: { code: string; name: string }[];
  managers: { code: string; name: string }[];
}

/** One deed done to an order. */
export interface OrderEvent {
  at: Date;
  kind: string;
  detail: Record<string, string | null>;
  by: string | null;
}

/** A manager sees what she sold, everybody else what their units sold (SYS-1). */
const visibleTo = (user: CurrentUser): Sql => (user.role === 'manager' ? sql`a.manager_id = ${user.id}` : inScope(user, sql`u.org_path`));

/** What became of conversions (CAM-9). */
@Injectable()
export class OrdersQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** The newest first. @throws DomainError cursor_invalid (400) */
  async page(user: CurrentUser, form: OrderListForm): Promise<Page<OrderItem>> {
    const limit = form.limit ?? A_PAGE;
    const after = decodeCursor(form.cursor, 2);
    const rows = await this.db.rows<OrderItem>(sql`
      ${SELECT} ${whereAll([...this.conditions(user, form), after && sql`(s.opened_at, s.id) < (${after[0]}::timestamptz, ${after[1]}::bigint)`])}
      order by s.opened_at desc, s.id desc limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.openedAt, last.id]);
  }

  /** All of a filter, as of one moment. */
  stream(user: CurrentUser, form: OrderListForm): AsyncIterable<OrderItem> {
    return this.db.stream<OrderItem>(sql`${SELECT} ${whereAll(this.conditions(user, form))} order by s.opened_at desc, s.id desc`);
  }

  count(user: CurrentUser, form: OrderListForm): Promise<number> {
    return this.db.count(sql`${SELECT} ${whereAll(this.conditions(user, form))}`);
  }

  /** By what a list can be narrowed: campaigns of the scope, those that end first, and its managers. Read from their own short tables: orders are many. */
  async choices(user: CurrentUser): Promise<OrderChoices> {
    const own = user.role === 'manager' ? sql`u.id = ${user.id}` : inScope(user, sql`u.org_path`);
    const [campaigns, managers] = await Promise.all([
      this.db.rows<OrderChoices['campaigns'][number]>(sql`
        select c.code, c.name from campaigns.v_campaign c join staff.v_org_unit o on o.id = c.org_unit_id
        where ${usableBy(user, sql`o.path`)} order by c.standing, c.id desc limit ${MOST_CHOICES}`),
      this.db.rows<OrderChoices['managers'][number]>(sql`
        select u.username as code, u.name from staff.v_user u where u.role = 'manager' and ${own} order by u.name, u.username limit ${MOST_CHOICES}`),
    ]);
    return { campaigns, managers };
  }

  /** @throws DomainError not_found, also outside the scope */
  async byId(user: CurrentUser, id: string, on: Queryable = this.db): Promise<OrderItem> {
    const order = await on.maybe<OrderItem>(sql`${SELECT} where s.id::text = ${id} and ${visibleTo(user)}`);
    if (!order) throw notFound('order', id);
    return order;
  }

  /** The customer's other orders a reply may have been about. */
  waitingBeside(user: CurrentUser, { id, customerId }: OrderItem): Promise<OrderItem[]> {
    return this.db.rows<OrderItem>(sql`
      ${SELECT} where s.customer_id = ${customerId} and s.id <> ${id} and (s.confirmation = 'waiting' or s.needs_review) and ${visibleTo(user)} order by s.id`);
  }

  /** What happened to an order, the oldest first. */
  history(id: string): Promise<OrderEvent[]> {
    return this.db.rows<OrderEvent>(sql`
      select e.at, e.kind, e.detail, u.name as "by" from calls.order_event e left join staff.v_user u on u.id = e.by_user where e.order_id::text = ${id} order by e.id`);
  }

  private conditions(user: CurrentUser, { state, campaign, manager, olderDays, confirmation, lacks }: OrderListForm): (Sql | undefined)[] {
    return [
      visibleTo(user),
      state && sql`s.state = ${state}`,
      campaign ? sql`c.code = ${campaign}` : undefined,
      manager ? sql`lower(u.username) = lower(${manager})` : undefined,
      confirmation && CONFIRMED_AS[confirmation],
      lacks && (lacks === 'evidence' ? INCOMPLETE : sql`${RECORDING} is null`),
      olderDays ? sql`s.opened_at <= ${this.clock.now()}::timestamptz - make_interval(days => ${olderDays})` : undefined,
    ];
  }
}
