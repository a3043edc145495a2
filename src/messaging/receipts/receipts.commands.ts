import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../../kernel/clock.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { OPEN_STATES } from '../blasts/blast.states.js';
import type { Receipt } from '../gateways/gateway.types.js';
import { BlastDone } from '../messaging.events.js';
import { BY_KEY, fromKept, fromSets, merged } from './merging.js';
import { lockMessages } from '../sending/message-locks.js';
import { PartsCommands } from './parts.commands.js';
import { ReceiptLog } from './receipt-log.commands.js';
import { VALIDITY_HOURS } from './validity.js';

/** Words in one merge: an acceptance and a receipt of each message, of about a second of a fast blast. */
const MOST = 20_000;
/** So many tell of a blast under way: the next ones are given time to gather, and move most messages from intent to delivery at once. */
const LARGE = 1_000;
/** They gather for so many steps at most, and no longer than more of them come. */
const GATHER_STEPS = 5;
const GATHER_MS = 100;

/** What gateways say is appended as it comes and merged set by set, so a receipt that beats the submit mark is never lost. */
@Injectable()
export class ReceiptsCommands {
  constructor(
    private readonly database: Database,
    private readonly log: ReceiptLog,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly parts: PartsCommands,
    private readonly events: Events,
  ) {}

  /** See {@link ReceiptLog.append}. */
  append(tx: Tx, gateway: string, receipts: readonly Receipt[]): Promise<void> {
    return this.log.append(tx, gateway, receipts);
  }

  /**
   * Applies what has come. Receipts of messages not known yet stay and are tried again.
   * @param gathering false: somebody waits for what is there now
   */
  async apply({ gathering = true } = {}): Promise<void> {
    for (let words = await this.merge(fromSets(MOST)); words >= LARGE; words = await this.merge(fromSets(MOST))) {
      if (gathering && words < MOST) await this.gather();
    }
    await this.parts.fold();
    while ((await this.merge(fromKept(MOST))) === MOST);
    await this.finish();
  }

  private async gather(): Promise<void> {
    let waiting = -1;
    for (let step = 0; step < GATHER_STEPS; step += 1) {
      const { words } = await this.database.one<{ words: number }>(sql`select coalesce(sum(words), 0)::int as words from messaging.said`);
      if (words === waiting) return;
      waiting = words;
      await pause(GATHER_MS);
    }
  }

  /** @returns how many words there were */
  private merge(source: Sql): Promise<number> {
    return this.database.tx(async (tx) => {
      await lockMessages(tx);
      await tx.run(BY_KEY);
      const { words } = await tx.one<{ words: number }>(merged(source, this.clock.now(), this.contact.confirming(sql`select touch_id from told`)));
      return words;
    });
  }

  /** What has waited longer than the networks keep a message is over. A receipt that comes later still counts. */
  async expire(): Promise<void> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - VALIDITY_HOURS * 3_600_000);
    const waiting = sql`waits in ('submitted', 'accepted', 'in_doubt') and created_at < ${before}`;
    if (await this.database.tx((tx) => this.parts.close(tx, waiting))) while ((await this.merge(fromKept(MOST))) === MOST);
    await this.database.tx(async (tx) => {
      await lockMessages(tx);
      await tx.run(sql`
        with late as (
          update messaging.message set state = 'expired', finished_at = ${now} where ${waiting} returning id, blast_id, line_id
        )
        update messaging.recipient r set state = 'expired', reason = 'no_receipt', updated_at = ${now}
        from late where r.blast_id = late.blast_id and r.line_id = late.line_id and r.message_id = late.id`);
    });
    await this.finish();
  }

  /** A blast is done when nobody in it is planned, handed over without an answer, or in doubt (R8). */
  async finish(): Promise<void> {
    const ahead = sql`select from messaging.recipient r where r.blast_id = b.id and r.line_id > b.cut_after and r.state = 'planned'`;
    const open = sql`select from messaging.recipient_count c where c.blast_id = b.id and c.state = any(${OPEN_STATES}::text[]) group by c.state having sum(c.n) > 0`;
    const over = await this.database.rows<{ id: string }>(sql`
      select id from messaging.blast b where state = 'running' and case when exists (${ahead}) then false else not exists (${open}) end`);
    for (const { id } of over) {
      await this.database.tx(async (tx) => {
        // First the lock, then the look: a plan run may just have put somebody in.
        await tx.run(sql`select from messaging.blast where id = ${id} for update`);
        const done = await tx.run(
          sql`update messaging.blast b set state = 'done', finished_at = ${this.clock.now()} where id = ${id} and state = 'running' and not exists (${open})`,
        );
        if (done > 0) await this.events.publish(tx, BlastDone, { blastId: id });
      });
    }
  }
}
