import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../../kernel/clock.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import type { LastLook } from '../../contact/contact.types.js';
import { Database } from '../../platform/database/database.js';
import { keptMessage } from '../../platform/jobs/failure.policy.js';
import { AnswersCommands } from './answers.commands.js';
import { type GatewayAccount, NothingSent, type OutgoingMessage, type SubmitResult } from '../gateways/gateway.types.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import type { Batch, Intent } from './cutting.types.js';
import { MarksCommands } from './marks.commands.js';
import { outageIn } from './outage.policy.js';
import { PacingCommands } from './pacing.commands.js';

/** Messages of one slice share a check of opt-outs, a write to the gateway and a mark. */
const SLICE_MS = 200;

/** Gives committed intents to the gateway: at its pace, each once, each looked at once more right before. */
@Injectable()
export class SubmissionCommands {
  private readonly logger = new Logger('Messaging');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly gateways: GatewaysQueries,
    private readonly marks: MarksCommands,
    private readonly answers: AnswersCommands,
    private readonly pacing: PacingCommands,
  ) {}

  /** What a gateway that is down has not taken is planned anew, and what its pace would carry beyond the window (GOV-4). */
  async send(batch: Batch): Promise<void> {
    const { account, intents } = batch;
    const pace = { gateway: account.code, gatewayRate: account.ratePerSecond, blastId: batch.blastId, blastRate: batch.ratePerSecond };
    const { waitMs, gapMs } = await this.pacing.take(pace, intents.length);
    const begin = performance.now() + waitMs;
    const size = Math.max(1, Math.floor(SLICE_MS / gapMs));
    for (let from = 0; from < intents.length; from += size) {
      const early = begin + from * gapMs - performance.now();
      if (early > 0) await pause(early);
      if (!this.contact.isOpen('sms', batch.look.purpose)) return this.giveBack(intents.slice(from));
      const results = await this.sendSlice(batch, intents.slice(from, from + size));
      if (outageIn(results, account.failures) === null) continue;
      await this.giveBack(intents.slice(from + size));
      return;
    }
  }

  /** What no gateway has heard of yet is planned anew: the gateway is down, the window has closed, or the blast was paused. */
  async giveBack(rest: readonly Intent[]): Promise<void> {
    if (rest.length > 0) await this.database.tx((tx) => this.marks.neverCame(tx, idsOf(rest)));
  }

  private async sendSlice(batch: Batch, slice: readonly Intent[]): Promise<readonly SubmitResult[]> {
    if (batch.notAfter && this.clock.now() >= batch.notAfter) {
      await this.database.tx((tx) => this.marks.withdraw(tx, idsOf(slice), { state: 'expired', reason: 'expired' }));
      return [];
    }
    return this.submit(batch.account, slice, batch.look);
  }

  /** The last look, the hand-over, the mark. What the gateway did not answer for is in doubt, never tried again on a guess. */
  async submit(account: GatewayAccount, messages: readonly OutgoingMessage[], look: LastLook): Promise<readonly SubmitResult[]> {
    const kept = await this.withoutOptOuts(messages, look);
    if (kept.length === 0) return [];
    const complete = completed(kept, await this.carry(account, kept));
    await this.answers.take(account, complete);
    return complete;
  }

  private async carry(account: GatewayAccount, messages: readonly OutgoingMessage[]): Promise<SubmitResult[]> {
    try {
      return await this.gateways.protocol(account).submit(account, messages);
    } catch (error) {
      if (error instanceof NothingSent) return messages.map(({ id }) => ({ id, outcome: 'not_sent', code: error.code }));
      this.logger.error(`gateway ${account.code} broke off: ${keptMessage(error)}`);
      return [];
    }
  }

  private async withoutOptOuts<M extends OutgoingMessage>(messages: readonly M[], look: LastLook): Promise<readonly M[]> {
    const numbers = messages.map(({ number }) => number);
    const blocked = await this.contact.recheckOptOuts(this.database, numbers, look);
    if (blocked.size === 0) return messages;
    await this.database.tx(async (tx) => {
      for (const reason of new Set(blocked.values())) {
        const out = messages.filter(({ number }) => blocked.get(number) === reason);
        await this.marks.withdraw(tx, idsOf(out), { state: 'refused', reason });
      }
    });
    return messages.filter(({ number }) => !blocked.has(number));
  }
}

/** One answer each, whatever the gateway left out. */
function completed(messages: readonly OutgoingMessage[], answers: readonly SubmitResult[]): readonly SubmitResult[] {
  if (answers.length === messages.length) return answers;
  const answered = new Map(answers.map((answer) => [answer.id, answer]));
  return messages.map(({ id }): SubmitResult => answered.get(id) ?? { id, outcome: 'unknown' });
}

const idsOf = (messages: readonly { id: string }[]): string[] => messages.map(({ id }) => id);
