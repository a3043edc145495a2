import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../kernel/clock.js';
import { ContactCommands } from '../contact/contact.commands.js';
import { Database, type Tx } from '../platform/database/database.js';
import { joinSql, type Sql, sql } from '../platform/database/sql.js';
import { type RecipientState, sourcesOf } from './blast.states.js';
import type { Receipt } from './gateway.types.js';
import { lockMessages } from './message-locks.js';
import { PartsCommands } from './parts.commands.js';
import { ReceiptLog } from './receipt-log.commands.js';

const CHUNK = 10_000;
/** A set so large tells of a blast under way: the next one is given time to gather, and moves most messages from intent to delivery at once. */
const LARGE = 1_000;
const GATHER_MS = 500;
/** The networks close a message after three days. */
export const VALIDITY_HOURS = 72;

/** A later word wins over an earlier one in this order; `accepted` says least. */
const WEIGHT: RecipientState[] = ['accepted', 'expired', 'undelivered', 'delivered'];
/** The states from which the word `w` may move a message. */
const SOURCES = sql`case w.state ${joinSql(
  WEIGHT.map((state) => sql`when ${state} then ${sourcesOf(state)}::text[]`),
  ' ',
)} end`;

interface Open {
  id: string;
  messageId: string;
}

interface Told {
  touchId: string;
  was: string;
}

/** Receipts are appended as they come and joined set by set, so one that beats the submit mark is never lost. */
@Injectable()
export class ReceiptsCommands {
  constructor(
    private readonly database: Database,
    private readonly log: ReceiptLog,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly parts: PartsCommands,
  ) {}

  /** See {@link ReceiptLog.append}. */
  append(tx: Tx, gateway: string, receipts: readonly Receipt[]): Promise<void> {
    return this.log.append(tx, gateway, receipts);
  }

  /** Applies what has come. Receipts of messages not known yet stay and are tried again. */
  async apply(): Promise<void> {
    await this.parts.fold();
    for (;;) {
      const taken = await this.database.tx((tx) => this.applyChunk(tx));
      if (taken < LARGE) break;
      if (taken < CHUNK) await pause(GATHER_MS);
      await this.parts.fold();
    }
    await this.finish();
  }

  private async applyChunk(tx: Tx): Promise<number> {
    await lockMessages(tx);
    const open = await tx.rows<Open>(sql`
      select r.id, coalesce(r.message_id, g.message_id) as "messageId"
      from messaging.receipt r
      left join messaging.gateway_message g on r.message_id is null and g.gateway_code = r.gateway_code and g.gateway_ref = r.gateway_ref
      where r.applied_at is null and coalesce(r.message_id, g.message_id) is not null
      order by r.id limit ${CHUNK}`);
    if (open.length === 0) return 0;
    const told = await tx.rows<Told>(this.applying(open));
    const touches = told.filter((row) => row.was !== 'accepted').map((row) => row.touchId);
    if (touches.length > 0) await this.contact.confirm(tx, touches);
    return open.length;
  }

  /** The strongest word for each message, where the table of moves lets it through. */
  private applying(open: readonly Open[]): Sql {
    const now = this.clock.now();
    return sql`
      with open as (select * from unnest(${open.map(({ id }) => id)}::bigint[], ${open.map(({ messageId }) => messageId)}::uuid[]) as o(id, message_id)),
      word as (
        select distinct on (o.message_id) o.message_id, r.state, r.network_code, r.received_at, min(r.received_at) over (partition by o.message_id) as first_at
        from open o join messaging.receipt r on r.id = o.id
        where r.state <> 'unknown' order by o.message_id, array_position(${WEIGHT}::text[], r.state) desc, r.id desc
      ), moving as (
        select w.*, o.state as was from word w join messaging.message o on o.id = w.message_id where o.state = any(${SOURCES})
      ), told as (
        update messaging.message m
        set state = w.state, network_code = coalesce(w.network_code, m.network_code), submitted_at = coalesce(m.submitted_at, w.first_at),
            finished_at = case when w.state <> 'accepted' then w.received_at end
        from moving w where m.id = w.message_id and m.state = w.was
        returning m.id, m.blast_id, m.line_id, m.touch_id, m.state, w.was
      ), shown as (
        update messaging.recipient r set state = t.state, updated_at = ${now}
        from told t where r.blast_id = t.blast_id and r.line_id = t.line_id and r.message_id = t.id
      ), merged as (
        -- what was news is in the message now
        delete from messaging.receipt r using open o where r.id = o.id and (r.state = 'accepted' or o.message_id in (select id from told))
      ), done as (
        -- what repeated or contradicted it is kept beside it
        update messaging.receipt r set applied_at = ${now} from open o
        where r.id = o.id and r.state <> 'accepted' and o.message_id not in (select id from told)
      )
      select touch_id as "touchId", was from told`;
  }

  /** What has waited longer than the networks keep a message is over. A receipt that comes later still counts. */
  async expire(): Promise<void> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - VALIDITY_HOURS * 3_600_000);
    const waiting = sql`state in ('submitted', 'accepted', 'in_doubt') and created_at < ${before}`;
    await this.database.tx(async (tx) => {
      await lockMessages(tx);
      await tx.run(sql`
        with late as (
          update messaging.message set state = 'expired', finished_at = ${now} where ${waiting} returning id, blast_id, line_id
        )
        update messaging.recipient r set state = 'expired', updated_at = ${now}
        from late where r.blast_id = late.blast_id and r.line_id = late.line_id and r.message_id = late.id`);
    });
    await this.finish();
  }

  /** A blast is done when nobody in it is planned, handed over without an answer, or in doubt (R8). The second look is at all of them: only when nobody is left ahead. */
  async finish(): Promise<void> {
    const ahead = sql`select from messaging.recipient r where r.blast_id = b.id and r.line_id > b.cut_after and r.state = 'planned'`;
    const open = sql`select from messaging.recipient r where r.blast_id = b.id and r.state in ('planned', 'queued', 'submitted', 'accepted', 'in_doubt')`;
    const over = await this.database.rows<{ id: string }>(sql`
      select id from messaging.blast b where state = 'running' and case when exists (${ahead}) then false else not exists (${open}) end`);
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
