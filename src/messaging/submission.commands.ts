import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../kernel/clock.js';
import { ContactCommands } from '../contact/contact.commands.js';
import type { LastLook } from '../contact/contact.types.js';
import { Database } from '../platform/database/database.js';
import { DoubtsCommands } from './doubts.commands.js';
import type { GatewayAccount, OutgoingMessage, SubmitResult } from './gateway.types.js';
import { GatewaysQueries } from './gateways.queries.js';
import type { Batch, Intent } from './hand-over.commands.js';
import { MarksCommands } from './marks.commands.js';
import { PacingCommands } from './pacing.commands.js';

/** Messages of one slice share a check of opt-outs, a write to the gateway and a mark. */
const SLICE_MS = 200;

/** Gives committed intents to the gateway: at its pace, each once, each looked at once more right before. */
@Injectable()
export class SubmissionCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly gateways: GatewaysQueries,
    private readonly marks: MarksCommands,
    private readonly doubts: DoubtsCommands,
    private readonly pacing: PacingCommands,
  ) {}

  async send(batch: Batch): Promise<void> {
    const { account, intents } = batch;
    const pace = { gateway: account.code, gatewayRate: account.ratePerSecond, blastId: batch.blastId, blastRate: batch.ratePerSecond };
    const { waitMs, gapMs } = await this.pacing.take(pace, intents.length);
    const begin = performance.now() + waitMs;
    const size = Math.max(1, Math.floor(SLICE_MS / gapMs));
    for (let from = 0; from < intents.length; from += size) {
      const early = begin + from * gapMs - performance.now();
      if (early > 0) await pause(early);
      await this.sendSlice(batch, intents.slice(from, from + size));
    }
  }

  private async sendSlice(batch: Batch, slice: readonly Intent[]): Promise<void> {
    if (batch.notAfter && this.clock.now() >= batch.notAfter) {
      await this.database.tx((tx) => this.marks.withdraw(tx, idsOf(slice), { state: 'expired', reason: 'expired' }));
      return;
    }
    await this.submit(batch.account, slice, batch.look);
  }

  /** The last look, the hand-over, the mark. What the gateway did not answer for is in doubt, never tried again on a guess. */
  async submit(account: GatewayAccount, messages: readonly OutgoingMessage[], look: LastLook): Promise<void> {
    const kept = await this.withoutOptOuts(messages, look);
    if (kept.length === 0) return;
    const results = await this.gateways.protocol(account).submit(account, kept);
    const answered = new Map(results.map((result) => [result.id, result]));
    const complete = kept.map(({ id }): SubmitResult => answered.get(id) ?? { id, outcome: 'unknown' });
    await this.database.tx(async (tx) => {
      await this.marks.answers(tx, account.code, complete);
      if (complete.some(({ outcome }) => outcome === 'unknown')) await this.doubts.askLater(tx, account.code);
    });
  }

  private async withoutOptOuts<M extends OutgoingMessage>(messages: readonly M[], look: LastLook): Promise<M[]> {
    return this.database.tx(async (tx) => {
      const blocked = await this.contact.recheckOptOuts(
        tx,
        messages.map(({ number }) => number),
        look,
      );
      for (const reason of new Set(blocked.values())) {
        const out = messages.filter(({ number }) => blocked.get(number) === reason);
        await this.marks.withdraw(tx, idsOf(out), { state: 'refused', reason });
      }
      return messages.filter(({ number }) => !blocked.has(number));
    });
  }
}

const idsOf = (messages: readonly { id: string }[]): string[] => messages.map(({ id }) => id);
