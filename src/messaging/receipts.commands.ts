import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { ContactCommands } from '../contact/contact.commands.js';
import { Database, type Tx } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { RECIPIENT_MOVES } from './blast.states.js';
import type { Receipt } from './gateway.types.js';
import { lockMessages } from './message-locks.js';
import { ApplyReceipts } from './messaging.jobs.js';
import { PartsCommands } from './parts.commands.js';

const CHUNK = 5000;
/** The networks close a message after three days. */
export const VALIDITY_HOURS = 72;

/** A later word wins over an earlier one in this order; `accepted` says least. */
const WEIGHT = ['accepted', 'expired', 'undelivered', 'delivered'];
const MOVES = JSON.stringify(
  Object.entries(RECIPIENT_MOVES).flatMap(([was, targets]) => targets.filter((next) => WEIGHT.includes(next)).map((next) => ({ was, next }))),
);

interface Told {
  touchId: string;
  was: string;
}

/** Receipts are appended as they come and joined set by set, so one that beats the submit mark is never lost. */
@Injectable()
export class ReceiptsCommands {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly parts: PartsCommands,
  ) {}

  async append(tx: Tx, gateway: string, receipts: readonly Receipt[]): Promise<void> {
    if (receipts.length === 0) return;
    await tx.run(sql`
      insert into messaging.receipt (gateway_code, gateway_ref, message_id, state, network_code, hint, received_at)
      select ${gateway}, r."ref", r."messageId", r."state", r."networkCode", r."hint", ${this.clock.now()}
      from jsonb_to_recordset(${JSON.stringify(receipts)}::jsonb) as r("ref" text, "messageId" uuid, "state" text, "networkCode" text, "hint" text)`);
    await this.outbox.add(tx, ApplyReceipts, {});
  }

  /** Applies what has come. Receipts of messages not known yet stay and are tried again. */
  async apply(): Promise<void> {
    await this.parts.fold();
    let taken = CHUNK;
    while (taken === CHUNK) taken = await this.database.tx((tx) => this.applyChunk(tx));
    await this.finish();
  }

  private async applyChunk(tx: Tx): Promise<number> {
    const open = await tx.rows<{ id: string; messageId: string }>(sql`
      select r.id, coalesce(r.message_id, g.message_id) as "messageId"
      from messaging.receipt r
      left join messaging.gateway_message g on r.message_id is null and g.gateway_code = r.gateway_code and g.gateway_ref = r.gateway_ref
      where r.applied_at is null and coalesce(r.message_id, g.message_id) is not null
      order by r.id limit ${CHUNK}`);
    if (open.length === 0) return 0;
    await lockMessages(
      tx,
      open.map((row) => row.messageId),
    );
    const told = await tx.rows<Told>(this.applying(open));
    const touches = told.filter((row) => row.was !== 'accepted').map((row) => row.touchId);
    if (touches.length > 0) await this.contact.confirm(tx, touches);
    return open.length;
  }

  /** The strongest word for each message, where the table of moves lets it through. */
  private applying(open: readonly { id: string; messageId: string }[]): Sql {
    const now = this.clock.now();
    return sql`
      with open as (select * from jsonb_to_recordset(${JSON.stringify(open)}::jsonb) as o(id bigint, "messageId" uuid)),
      move as (select * from jsonb_to_recordset(${MOVES}::jsonb) as m(was text, next text)),
      word as (
        select distinct on (o."messageId") o."messageId" as message_id, r.state, r.network_code, r.received_at
        from open o join messaging.receipt r on r.id = o.id
        where r.state <> 'unknown' order by o."messageId", array_position(${WEIGHT}::text[], r.state) desc, r.id desc
      ), told as (
        update messaging.message m
        set state = w.state, network_code = coalesce(w.network_code, m.network_code), submitted_at = coalesce(m.submitted_at, w.received_at),
            finished_at = case when w.state <> 'accepted' then w.received_at end
        from word w, move v
        where m.id = w.message_id and v.was = m.state and v.next = w.state
        returning m.id, m.blast_id, m.line_id, m.touch_id, m.state, v.was
      ), shown as (
        update messaging.recipient r set state = t.state, updated_at = ${now}
        from told t where r.blast_id = t.blast_id and r.line_id = t.line_id and r.message_id = t.id
      ), done as (
        update messaging.receipt r set applied_at = ${now} from open o where r.id = o.id
      )
      select touch_id as "touchId", was from told`;
  }

  /** What has waited longer than the networks keep a message is over. A receipt that comes later still counts. */
  async expire(): Promise<void> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - VALIDITY_HOURS * 3_600_000);
    const waiting = sql`state in ('submitted', 'accepted', 'in_doubt') and created_at < ${before}`;
    await this.database.tx(async (tx) => {
      await tx.run(sql`select from messaging.message where ${waiting} order by id for update`);
      await tx.run(sql`
        with late as (
          update messaging.message set state = 'expired', finished_at = ${now} where ${waiting} returning id, blast_id, line_id
        )
        update messaging.recipient r set state = 'expired', updated_at = ${now}
        from late where r.blast_id = late.blast_id and r.line_id = late.line_id and r.message_id = late.id`);
    });
    await this.finish();
  }

  /** A blast is done when nobody in it is planned, handed over without an answer, or in doubt (R8). */
  async finish(): Promise<void> {
    const open = sql`select from messaging.recipient r where r.blast_id = b.id and r.state in ('planned', 'queued', 'submitted', 'accepted', 'in_doubt')`;
    const over = await this.database.rows<{ id: string }>(sql`select id from messaging.blast b where state = 'running' and not exists (${open})`);
    for (const { id } of over) {
      await this.database.tx(async (tx) => {
        // First the lock, then the look: a plan run may just have put somebody in.
        await tx.run(sql`select from messaging.blast where id = ${id} for update`);
        await tx.run(
          sql`update messaging.blast b set state = 'done', finished_at = ${this.clock.now()} where id = ${id} and state = 'running' and not exists (${open})`,
        );
      });
    }
  }
}
