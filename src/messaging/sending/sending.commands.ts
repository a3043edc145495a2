import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { DoubtsCommands } from '../doubts/doubts.commands.js';
import type { GatewayAccount } from '../gateways/gateway.types.js';
import type { Batch, NextStep } from './cutting.types.js';
import { CuttingCommands } from './cutting.commands.js';
import { SendBatch } from '../messaging.jobs.js';
import { ReadingLine } from '../wording/reading-line.js';
import { ReceiptsCommands } from '../receipts/receipts.commands.js';
import { SubmissionCommands } from './submission.commands.js';

/** One run sends so long, batch after batch; then others get their turn, and the lock its new transaction. */
const RUN_MS = 5_000;
/** Cuts side by side: one waits for the gate and the disk while the other writes. */
const AHEAD = 2;
/** Go on at once: the next run looks anew. */
const AGAIN: NextStep = { kind: 'now' };
/** Without a batch for so long while work is left, a blast is woken (R7). */
const STALLED_MS = 30_000;

/** Keeps blasts going: one batch after the other, one chain a blast, whatever process dies. */
@Injectable()
export class SendingCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly doubts: DoubtsCommands,
    private readonly cutting: CuttingCommands,
    private readonly submission: SubmissionCommands,
    private readonly receipts: ReceiptsCommands,
  ) {}

  /**
   * Some batches. The advisory lock goes with its connection, so a killed process leaves none behind; whoever finds it taken has nothing to
   * do, the holder's run leaves the next wake-up.
   */
  async sendBatch(blastId: string): Promise<void> {
    await this.database.tx(async (lock) => {
      const { free } = await lock.one<{ free: boolean }>(
        sql`select pg_try_advisory_xact_lock(hashtextextended(${`messaging.blast:${blastId}`}, 0)) as free`,
      );
      if (!free) return;
      await this.clearUp(lock, blastId);
      // ends the statement before, whose snapshot would keep every dead row of these seconds on its page
      await lock.run(sql`select`);
      await this.goOn(lock, blastId, await this.sendOn(lock, blastId));
    });
  }

  /** A run that ended well leaves nothing open, see {@link goOn}; of another's batches what has been answered is in no doubt, the rest is. */
  private async clearUp(lock: Tx, blastId: string): Promise<void> {
    const open = await lock.maybe(sql`select from messaging.blast where id = ${blastId} and open_since is not null`);
    if (!open) return;
    await this.receipts.apply({ gathering: false });
    await this.doubts.holdBlast(blastId);
  }

  /** While one batch is under way the next ones are cut, {@link AHEAD} at most: whatever is cut when a pause comes is given back. */
  private async sendOn(lock: Tx, blastId: string): Promise<NextStep> {
    const until = performance.now() + RUN_MS;
    const line = new ReadingLine();
    const ahead: Promise<NextStep>[] = [];
    const cutAhead = ({ fast }: Batch): void => {
      while (fast && ahead.length < AHEAD && performance.now() < until) ahead.push(unwatched(this.cutting.cut(blastId, { line })));
    };
    let next = await this.cutting.cut(blastId, { line });
    const sent = next.kind === 'batch';
    try {
      while (next.kind === 'batch') {
        const batch = next;
        cutAhead(batch);
        const later = await this.submission.send(batch, () => this.stands(lock, batch));
        next = later ? { kind: 'later', at: later } : await (ahead.shift() ?? AGAIN);
      }
    } finally {
      await this.giveBack(ahead);
    }
    // cuts ahead read to the last line only: whoever came back meanwhile is found by a run that begins anew
    return next.kind === 'idle' && sent ? AGAIN : next;
  }

  /**
   * Asked right before each hand-over: a pause, a cancel or a gateway switched off that has been answered is obeyed. The lock comes last, over its own
   * connection: had that broken, another run would have taken these messages for lost, and whoever denies them had them planned anew (R1).
   */
  private async stands(lock: Tx, batch: Batch): Promise<GatewayAccount | undefined> {
    const account = await this.cutting.wayStill(batch);
    await lock.run(sql`select`);
    return account;
  }

  /** Batches that were cut ahead and will not be sent are planned anew. */
  private async giveBack(ahead: readonly Promise<NextStep>[]): Promise<void> {
    for (const cut of await Promise.allSettled(ahead)) {
      if (cut.status === 'fulfilled' && cut.value.kind === 'batch') await this.submission.giveBack(cut.value.intents);
    }
  }

  /**
   * Whatever was cut has been answered or given back by now. In the transaction of the lock: a wake-up that could be seen before the lock is free would
   * find it taken, and be lost.
   */
  private async goOn(lock: Tx, blastId: string, next: NextStep): Promise<void> {
    if (next.kind === 'idle') return this.receipts.finish();
    const runAt = next.kind === 'later' ? next.at : this.clock.now();
    await lock.run(sql`update messaging.blast set next_at = ${runAt}, open_since = null where id = ${blastId}`);
    await this.outbox.add(lock, SendBatch, { blastId }, { runAt });
  }

  /** After a restart: whatever was running goes on by itself. */
  async wakeRunning(): Promise<void> {
    const running = await this.database.rows<{ blastId: string }>(sql`
      select id as "blastId" from messaging.blast where state = 'running' and next_at <= ${this.clock.now()}`);
    await this.outbox.addMany(this.database, SendBatch, running);
  }

  /** A lost wake-up is made good within a minute. */
  async wakeStalled(): Promise<void> {
    const late = new Date(this.clock.now().getTime() - STALLED_MS);
    const stalled = await this.database.rows<{ blastId: string }>(sql`
      select id as "blastId" from messaging.blast b
      where state = 'running' and next_at < ${late} and exists (
        select from messaging.recipient_count c where c.blast_id = b.id and c.state in ('planned', 'queued') group by c.state having sum(c.n) > 0)`);
    await this.outbox.addMany(this.database, SendBatch, stalled);
  }
}

/** It is looked at later: until then a failure of it is nobody's surprise. */
function unwatched<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
