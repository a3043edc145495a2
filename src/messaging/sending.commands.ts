import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { DoubtsCommands } from './doubts.commands.js';
import { HandOverCommands, type NextStep } from './hand-over.commands.js';
import { SendBatch } from './messaging.jobs.js';
import { ReceiptsCommands } from './receipts.commands.js';
import { SubmissionCommands } from './submission.commands.js';

/** One run sends so long, batch after batch; then others get their turn, and the lock its new transaction. */
const RUN_MS = 5_000;
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
    private readonly handOver: HandOverCommands,
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
      // what has been answered is in no doubt
      await this.receipts.apply();
      await this.doubts.holdBlast(blastId);
      await this.goOn(lock, blastId, await this.sendOn(blastId));
    });
  }

  /** While one batch is under way the next one is cut, never more: a pause finds at most the one under way. */
  private async sendOn(blastId: string): Promise<NextStep> {
    const until = performance.now() + RUN_MS;
    let next = await this.handOver.cut(blastId);
    while (next.kind === 'batch') {
      const ahead = next.fast && performance.now() < until ? this.handOver.cut(blastId) : Promise.resolve(AGAIN);
      const [sent, cut] = await Promise.allSettled([this.submission.send(next), ahead]);
      next = cut.status === 'fulfilled' ? cut.value : AGAIN;
      const failed = [sent, cut].find((one) => one.status === 'rejected');
      if (next.kind === 'batch' && (failed || !(await this.handOver.goesOn(blastId)))) {
        await this.submission.giveBack(next.intents);
        next = AGAIN;
      }
      if (failed) throw failed.reason as Error;
      // whoever came back meanwhile was not there yet for the cut ahead
      if (next.kind === 'idle' && sent.status === 'fulfilled' && sent.value) next = AGAIN;
    }
    return next;
  }

  /** In the transaction of the lock: a wake-up that could be seen before the lock is free would find it taken, and be lost. */
  private async goOn(lock: Tx, blastId: string, next: NextStep): Promise<void> {
    if (next.kind === 'idle') return this.receipts.finish();
    const runAt = next.kind === 'later' ? next.at : this.clock.now();
    await lock.run(sql`update messaging.blast set next_at = ${runAt} where id = ${blastId}`);
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
      where state = 'running' and next_at < ${late} and exists (select from messaging.recipient r where r.blast_id = b.id and r.state in ('planned', 'queued'))`);
    await this.outbox.addMany(this.database, SendBatch, stalled);
  }
}
