import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Queryable, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { OrdersSettled } from '../calls.events.js';
import { Rests } from '../claims/rests.commands.js';
import { askedWords, codedWords, codeOf, CONFIRM_WORDS, type Confirmation, judgeReply, type ReplyDeed } from './confirmation.policy.js';
import { OrderSettingsCommands } from './order-settings.commands.js';

export { askedWords, CONFIRM_WORDS };

const HOUR_MS = 3_600_000;
/** In one transaction; the rest follows a minute later. */
const A_BATCH = 1_000;

/** What somebody who asks the customer has to know of an order. */
export interface OrderToAsk {
  id: string;
  taskId: string | null;
  campaignId: string;
  customerId: string;
  lineId: string;
  product: string | null;
  /** A month, in fen, as the catalogue says; null: it does not know the product. */
  priceFen: number | null;
  /** Tells it from the other orders that number has to answer. */
  code: number;
  hours: number;
}

/** An answer as it came in. */
export interface Answer {
  number: string;
  /** The newest message to that number. */
  messageId: string | null;
  /** The word of `expectedFrom` or CONFIRM_WORDS that the text is, null: none. */
  word: string | null;
  text: string;
}

/** What was done to an order, and by whom; null: nobody. */
interface Deed {
  kind: string;
  detail?: Record<string, string>;
  by?: string | null;
}

interface Meant {
  id: string;
  code: number;
  confirmation: Confirmation;
}

/** The confirming reply of the customer, from the question to its end (CAM-9). */
@Injectable()
export class OrderConfirmations {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly settings: OrderSettingsCommands,
    private readonly events: Events,
    private readonly rests: Rests,
  ) {}

  /** The order, locked; undefined when nothing is to be asked (any more): it was asked about, answered, or has failed. */
  async toAsk(tx: Tx, orderId: string): Promise<OrderToAsk | undefined> {
    const { confirmHours } = await this.settings.current(tx);
    // one question to a customer at a time, or two would get one code
    await tx.run(
      sql`select pg_advisory_xact_lock(hashtext('calls.order-codes'), hashtext(customer_id::text)) from calls.sales_order where id = ${orderId}`,
    );
    const order = await tx.maybe<Omit<OrderToAsk, 'hours'>>(sql`
      select s.id, a.task_id as "taskId", s.campaign_id as "campaignId", s.customer_id as "customerId", a.line_id as "lineId", s.product,
             (select f.price_fen from offers.v_offer f join staff.v_org_unit o on o.id = f.org_unit_id
              where lower(s.product) in (lower(f.name), lower(f.code)) and starts_with(home.path, o.path) order by length(o.path) desc, f.id limit 1) as "priceFen",
             (select min(n) from generate_series(1, 99) n where not exists (
                select from calls.sales_order w join calls.attempt b on b.id = w.attempt_id
                where w.customer_id = s.customer_id and b.line_id = a.line_id and w.confirmation = 'waiting' and w.confirm_message_id is not null
                  and w.confirm_code = n)) as code
      from calls.sales_order s
      join calls.attempt a on a.id = s.attempt_id
      join customers.v_customer c on c.id = s.customer_id
      join staff.v_org_unit home on home.id = c.org_unit_id
      where s.id = ${orderId} and s.confirmation = 'waiting' and s.state = 'open' and s.confirm_message_id is null for update of s`);
    return order && { ...order, hours: confirmHours };
  }

  /** Until when a customer asked at that moment may answer. */
  async endFrom(on: Queryable, now: Date): Promise<Date> {
    return new Date(now.getTime() + (await this.settings.current(on)).confirmHours * HOUR_MS);
  }

  /** The question is on its way: from now on the customer has so long to answer. */
  async asked(tx: Tx, { id, hours, code }: Pick<OrderToAsk, 'id' | 'hours' | 'code'>, messageId: string): Promise<void> {
    const end = new Date(this.clock.now().getTime() + hours * HOUR_MS);
    await tx.run(sql`update calls.sales_order set confirm_message_id = ${messageId}, confirm_by = ${end}, confirm_code = ${code} where id = ${id}`);
    await this.note(tx, [id], { kind: 'asked' });
  }

  /** The gate, or the text, keeps the question back: the history says why. @param key of the sentence */
  async notAsked(tx: Tx, id: string, key: string): Promise<void> {
    await this.note(tx, [id], { kind: 'not_asked', detail: { key } });
  }

  /** The answers an order of that number waits for. */
  async expectedFrom(on: Queryable, number: string): Promise<readonly string[]> {
    const waiting = await this.waiting(on, number);
    return waiting.length > 0 ? [...CONFIRM_WORDS, ...waiting.flatMap(({ code }) => codedWords(code))] : [];
  }

  /** What an answer does to the order it is about; to none when the number has no order that was asked about. @returns what was done */
  async answer(tx: Tx, answer: Answer): Promise<ReplyDeed> {
    const waiting = await this.waiting(tx, answer.number);
    const code = codeOf(answer.word);
    const meant = waiting.length > 0 ? waiting.filter((one) => code === null || one.code === code) : await this.askedBy(tx, answer.messageId);
    const [first] = meant;
    if (!first) return 'nothing';
    const deed = judgeReply(answer.word, first.confirmation, meant.length);
    const ids = meant.map(({ id }) => id);
    const detail = { text: answer.text };
    if (deed === 'confirm') await this.settle(tx, ids, { to: 'confirmed', detail, by: null });
    else if (deed === 'decline') await this.settle(tx, ids, { to: 'declined', detail, by: null });
    else if (deed === 'review') {
      await tx.run(sql`update calls.sales_order set needs_review = true where id = any(${ids}::bigint[])`);
      await this.note(tx, ids, { kind: 'reply_unclear', detail });
    }
    return deed;
  }

  /** What was told of the order counts from now on, or no more (see `calls.order_state`), and so does the rest that the sale brought. */
  async settle(
    tx: Tx,
    ids: readonly string[],
    { to, detail, by }: { to: Exclude<Confirmation, 'waiting'>; detail: Record<string, string>; by: string | null },
  ): Promise<void> {
    const today = sql`platform.day_of(${this.clock.now()}::timestamptz)`;
    await tx.run(sql`
      update calls.sales_order set confirmation = ${to}, needs_review = false, state = calls.order_state(told_state, ${to}),
        completed_on = case calls.order_state(told_state, ${to}) when 'open' then null when 'succeeded' then coalesce(told_on, ${today}) else ${today} end
      where id = any(${ids}::bigint[])`);
    await this.note(tx, ids, { kind: to, detail, by });
    await this.rests.ofOrders(tx, ids);
    await this.events.publish(tx, OrdersSettled, { importId: null });
  }

  /** Ends the orders nobody confirmed in time. @returns how many */
  async expire(now: Date): Promise<number> {
    return this.db.tx(async (tx) => {
      const late = await tx.rows<{ id: string }>(sql`
        select id from calls.sales_order where confirmation = 'waiting' and confirm_by <= ${now} order by confirm_by limit ${A_BATCH} for update skip locked`);
      if (late.length === 0) return 0;
      const ids = late.map(({ id }) => id);
      await this.settle(tx, ids, { to: 'expired', detail: {}, by: null });
      return ids.length;
    });
  }

  /** One row of history for each of the orders. */
  async note(tx: Tx, ids: readonly string[], { kind, detail = {}, by = null }: Deed): Promise<void> {
    await tx.run(sql`
      insert into calls.order_event (order_id, at, kind, detail, by_user)
      select id, ${this.clock.now()}, ${kind}, ${JSON.stringify(detail)}::jsonb, ${by}::bigint from unnest(${ids}::bigint[]) id`);
  }

  /** Orders of that number whose customer was asked and has not answered, locked when asked in a transaction of their own. */
  private waiting(on: Queryable, number: string): Promise<Meant[]> {
    return this.meant(on, sql`l.number = ${number} and s.confirmation = 'waiting' and s.confirm_message_id is not null`);
  }

  private async askedBy(on: Queryable, messageId: string | null): Promise<Meant[]> {
    return messageId === null ? [] : this.meant(on, sql`s.confirm_message_id = ${messageId} and s.confirmation is not null`);
  }

  private meant(on: Queryable, which: Sql): Promise<Meant[]> {
    return on.rows<Meant>(sql`
      select s.id, s.confirmation, s.confirm_code as code from calls.sales_order s join calls.attempt a on a.id = s.attempt_id join customers.v_line l on l.id = a.line_id
      where s.customer_id = l.customer_id and ${which} order by s.id for update of s`);
  }
}
