import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { sourcesOf } from '../blasts/blast.states.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import { MarksCommands } from '../sending/marks.commands.js';
import { lockMessages, unheard } from '../sending/message-locks.js';
import { SendBatch, SettleDoubts } from '../messaging.jobs.js';

/** A hand-over that was cut off may still be on its way into the gateway: the question waits this long. */
const GRACE_MS = 5000;
const CHUNK = 1000;

/**
 * Messages whose intent is committed and whose answer is lost (R1). They are never sent again on a guess: the gateway is asked where it can
 * be, and only what it denies is planned anew; else a receipt settles them, or their validity runs out.
 */
@Injectable()
export class DoubtsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly gateways: GatewaysQueries,
    private readonly marks: MarksCommands,
  ) {}

  /** What batches that died left behind, cut since `open_since`. The caller holds the lock of the blast, so no living batch has intents out. */
  holdBlast(blastId: string): Promise<void> {
    return this.hold(sql`
      select m.id, m.gateway_code as gateway from messaging.blast b
      join messaging.message m on m.blast_id = b.id and m.id >= platform.uuid_floor(b.open_since)
      where b.id = ${blastId} and m.state in ('queued', 'submitted')`);
  }

  /** The same for a single message. */
  holdMessage(messageId: string): Promise<void> {
    return this.hold(sql`select id, gateway_code as gateway from messaging.message where id = ${messageId} and state in ('queued', 'submitted')`);
  }

  private hold(unanswered: Sql): Promise<void> {
    return this.database.tx(async (tx) => {
      const found = await tx.rows<{ id: string; gateway: string }>(unanswered);
      if (found.length === 0) return;
      await this.doubt(
        tx,
        found.map(({ id }) => id),
      );
      for (const gateway of new Set(found.map((row) => row.gateway))) await this.askLater(tx, gateway);
    });
  }

  private async doubt(tx: Tx, ids: readonly string[]): Promise<void> {
    await lockMessages(tx);
    await tx.run(sql`
      with held as (
        update messaging.message set state = 'in_doubt' where id = any(${ids}::uuid[]) and state = any(${sourcesOf('in_doubt')}::text[])
        returning id, blast_id, line_id
      )
      update messaging.recipient r set state = 'in_doubt', reason = 'in_doubt', updated_at = ${this.clock.now()}
      from held h where r.blast_id = h.blast_id and r.line_id = h.line_id and r.message_id = h.id`);
  }

  async askLater(tx: Tx, gateway: string): Promise<void> {
    await this.outbox.add(tx, SettleDoubts, { gateway }, { runAt: new Date(this.clock.now().getTime() + GRACE_MS) });
  }

  /** Gateways with doubts older than a minute are asked once more. */
  async askAgain(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - 60_000);
    const gateways = await this.database.rows<{ gateway: string }>(sql`
      select distinct gateway_code as gateway from messaging.message where waits = 'in_doubt' and created_at < ${before}`);
    await this.outbox.addMany(this.database, SettleDoubts, gateways);
  }

  /** Asks the gateway what became of what is in doubt. */
  async settle(gateway: string): Promise<void> {
    const account = await this.gateways.account(gateway);
    const protocol = this.gateways.protocol(account);
    const before = new Date(this.clock.now().getTime() - GRACE_MS);
    let ids = await this.inDoubt(gateway, before, null);
    while (ids.length > 0) {
      const found = await protocol.lookUp(account, ids);
      if (found === undefined) return;
      await this.settleChunk(gateway, ids, found);
      ids = ids.length < CHUNK ? [] : await this.inDoubt(gateway, before, ids[ids.length - 1] ?? null);
    }
  }

  private async settleChunk(
    gateway: string,
    ids: readonly string[],
    found: Awaited<ReturnType<ReturnType<GatewaysQueries['protocol']>['lookUp']>> & object,
  ): Promise<void> {
    await this.database.tx(async (tx) => {
      await this.marks.answers(tx, gateway, [...found.values()]);
      const denied = ids.filter((id) => !found.has(id));
      await this.marks.neverCame(tx, denied);
      const blasts = await tx.rows<{ blastId: string }>(sql`
        select distinct blast_id as "blastId" from messaging.message where id = any(${ids}::uuid[]) and blast_id is not null`);
      await this.outbox.addMany(tx, SendBatch, blasts);
    });
  }

  private async inDoubt(gateway: string, before: Date, after: string | null): Promise<string[]> {
    const rows = await this.database.rows<{ id: string }>(sql`
      select id from messaging.message
      where gateway_code = ${gateway} and waits = 'in_doubt' and created_at <= ${before} and (${after}::uuid is null or id > ${after}::uuid)
        and ${unheard(sql`message.id`)}
      order by id limit ${CHUNK}`);
    return rows.map(({ id }) => id);
  }
}
