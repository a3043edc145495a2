import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../../kernel/clock.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import type { LastLook } from '../../contact/contact.types.js';
import { Database } from '../../platform/database/database.js';
import { AnswersCommands } from './answers.commands.js';
import type { GatewayAccount, OutgoingMessage, SubmitResult } from '../gateways/gateway.types.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import type { Batch, Intent } from './cutting.types.js';
import { MarksCommands } from './marks.commands.js';
import { outageIn } from './outage.policy.js';
import { type Pace, PacingCommands } from './pacing.commands.js';

/** Between one try and the next to give back what was not sent; then it is left to the doubts. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, null];

/** Messages of one slice share a check of opt-outs, a write to the gateway and a mark. */
const SLICE_MS = 200;

export type Stands = () => Promise<GatewayAccount | undefined>;

interface Slice {
  stands: Stands;
  slice: readonly Intent[];
  rest: readonly Intent[];
}

/** Gives committed intents to the gateway: at its pace, each once, each looked at once more right before. */
@Injectable()
export class SubmissionCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly gateways: GatewaysQueries,
    private readonly marks: MarksCommands,
    private readonly answers: AnswersCommands,
    private readonly pacing: PacingCommands,
  ) {}

  /**
   * What a gateway that is down has not taken is planned anew, and what its pace would carry beyond the window (GOV-4).
   * @param stands the gateway as it is set up now, asked right before each hand-over; undefined: this batch is not to go out
   * @returns when to go on, where the gateway has no time before long
   */
  async send(batch: Batch, stands: Stands): Promise<Date | null> {
    const { intents } = batch;
    const { taken, waitMs, gapMs } = await this.orGiveBack(intents, () => this.pacing.take(paceOf(batch), intents.length));
    if (!taken) {
      await this.giveBack(intents);
      return new Date(this.clock.now().getTime() + waitMs);
    }
    const begin = performance.now() + waitMs;
    const size = Math.max(1, Math.floor(SLICE_MS / gapMs));
    for (let from = 0; from < intents.length; from += size) {
      const early = begin + from * gapMs - performance.now();
      if (early > 0) await pause(early);
      const goesOn = await this.sendSlice(batch, { stands, slice: intents.slice(from, from + size), rest: intents.slice(from + size) });
      if (!goesOn) break;
    }
    return null;
  }

  /** @returns whether the rest goes the same way; if not, it is given back */
  private async sendSlice(batch: Batch, { stands, slice, rest }: Slice): Promise<boolean> {
    const unsent = [...slice, ...rest];
    const ready = await this.orGiveBack(unsent, () => this.ready(batch, slice, stands));
    if (!ready) return this.giveBack(unsent);
    const results = await this.orGiveBack(rest, () => this.handOver(ready.account, ready.messages));
    return outageIn(results, ready.account.failures) === null || this.giveBack(rest);
  }

  /** Whom the gateway shall hear of now; undefined: nobody of this batch any more. */
  private async ready(
    batch: Batch,
    slice: readonly Intent[],
    stands: Stands,
  ): Promise<{ account: GatewayAccount; messages: readonly Intent[] } | undefined> {
    // all of a batch are of one blast: one speaks for all
    const [{ notAfter } = {}] = slice;
    if (notAfter && this.clock.now() >= notAfter) {
      await this.database.tx((tx) => this.marks.withdraw(tx, idsOf(slice), { state: 'expired', reason: 'expired' }));
      return { account: batch.account, messages: [] };
    }
    const messages = await this.lastLook(slice, batch.look);
    if (!this.contact.isOpen('sms', batch.look.purpose)) return undefined;
    const account = await stands();
    return account && { account, messages };
  }

  /** Of what has not reached any gateway nothing is in doubt, whatever fails. */
  private async orGiveBack<T>(unsent: readonly Intent[], step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      await this.giveBack(unsent);
      throw error;
    }
  }

  /** What no gateway has heard of yet is planned anew: the gateway is down, the window has closed, or the blast was paused. A database that is away for a moment is waited for. */
  async giveBack(unsent: readonly Intent[]): Promise<false> {
    if (unsent.length === 0) return false;
    for (const waitMs of WAITS_MS) {
      try {
        await this.database.tx((tx) => this.marks.neverCame(tx, idsOf(unsent)));
        return false;
      } catch (error) {
        if (waitMs === null) throw error;
        await pause(waitMs);
      }
    }
    return false;
  }

  /** The hand-over and the mark. What the gateway did not answer for is in doubt, never tried again on a guess. */
  async handOver(account: GatewayAccount, messages: readonly OutgoingMessage[]): Promise<readonly SubmitResult[]> {
    if (messages.length === 0) return [];
    const complete = completed(messages, await this.gateways.carry(account, messages));
    await this.answers.take(account, complete);
    return complete;
  }

  /** Right before the hand-over: whoever has opted out meanwhile is withdrawn. @returns the others */
  async lastLook<M extends OutgoingMessage>(messages: readonly M[], look: LastLook): Promise<readonly M[]> {
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

const paceOf = ({ account, blastId, ratePerSecond }: Batch): Pace => ({
  gateway: account.code,
  gatewayRate: account.ratePerSecond,
  blastId,
  blastRate: ratePerSecond,
});

const idsOf = (messages: readonly { id: string }[]): string[] => messages.map(({ id }) => id);
