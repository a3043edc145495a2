import { Logger } from '@nestjs/common';
import { keptMessage } from '../../../platform/jobs/failure.policy.js';
import type { OutgoingMessage, SubmitResult } from '../gateway.types.js';
import type { PartRef } from '../../receipts/parts.commands.js';
import { answerOfParts, type PartAnswer } from '../../receipts/parts.policy.js';
import type { Outcome } from './dialect.types.js';
import type { Session } from './session.js';

/** Of a login that has just begun: what nobody answers is given back soon, so that it can go another way. */
const BOUND_WITHIN_MS = 5_000;
/** In place of a network's code. */
const UNWRITABLE = 'unwritable';

export interface Carried {
  results: SubmitResult[];
  /** The gateway's ids of messages of several parts, those of a doubt included. */
  parts: PartRef[];
}

/** What an answer says of one part, and the gateway's id of it: as it is kept, and as the gateway spells it. */
export interface PartSaid {
  answer: PartAnswer;
  id: { ref: string; gatewayId: string } | null;
}

type Talk<Request, Answer> = Pick<Session<Request, Answer, unknown>, 'send' | 'bound' | 'state' | 'fault'>;

/** One message on its way: what is said of its parts, until all of them have their word. */
interface Crossing {
  id: string;
  said: PartSaid[];
  missing: number;
}

/** Hands messages over by a session, part by part, and makes one answer of what is said of the parts. */
export class Carrier<Request, Answer> {
  private readonly logger = new Logger('Messaging');

  constructor(
    private readonly talk: Talk<Request, Answer>,
    private readonly requestsOf: (message: OutgoingMessage) => Request[],
    private readonly read: (answer: Answer, messageId: string) => PartSaid,
  ) {}

  async submit(batch: readonly OutgoingMessage[]): Promise<Carried> {
    if (!(await this.talk.bound(BOUND_WITHIN_MS))) {
      const code = this.trouble ?? 'closed';
      return { results: batch.map(({ id }) => ({ id, outcome: 'not_sent', code })), parts: [] };
    }
    return this.carryAll(batch);
  }

  /** One promise for all of them: a thousand messages go by in a few milliseconds. */
  private carryAll(batch: readonly OutgoingMessage[]): Promise<Carried> {
    const carried: Carried = { results: [], parts: [] };
    if (batch.length === 0) return Promise.resolve(carried);
    return new Promise((resolve) => {
      const arrived = (crossing: Crossing): void => {
        add(carried, crossing);
        if (carried.results.length === batch.length) resolve(carried);
      };
      for (const message of batch) this.carry(message, arrived);
    });
  }

  /** Why nothing can be sent at present, in the line's words. */
  private get trouble(): string | null {
    const { state, fault } = this.talk;
    if (state === 'bound') return null;
    return fault ? `${fault.reason} ${fault.detail}` : state;
  }

  private carry(message: OutgoingMessage, arrived: (crossing: Crossing) => void): void {
    const requests = this.written(message);
    if (!requests) return arrived({ id: message.id, said: [{ answer: { outcome: 'rejected', code: UNWRITABLE }, id: null }], missing: 0 });
    const crossing: Crossing = { id: message.id, said: [], missing: requests.length };
    requests.forEach((request, i) =>
      this.talk.send(request, (outcome) => {
        crossing.said[i] = this.said(outcome, message.id);
        crossing.missing -= 1;
        if (crossing.missing === 0) arrived(crossing);
      }),
    );
  }

  /** null: it cannot be written down for this gateway. It fails alone, before anything of it is sent (R6). */
  private written(message: OutgoingMessage): Request[] | null {
    try {
      return this.requestsOf(message);
    } catch (error) {
      this.logger.error(`a message could not be written for its gateway: ${keptMessage(error)}`);
      return null;
    }
  }

  private said(outcome: Outcome<Answer>, messageId: string): PartSaid {
    if (outcome.kind === 'answered') return this.read(outcome.answer, messageId);
    if (outcome.kind === 'unknown') return { answer: { outcome: 'unknown' }, id: null };
    return { answer: outcome.throttled ? { outcome: 'throttled' } : { outcome: 'not_sent', code: this.trouble ?? 'no answer' }, id: null };
  }
}

function add({ results, parts }: Carried, { id, said }: Crossing): void {
  results.push(
    answerOfParts(
      id,
      said.map(({ answer }) => answer),
    ),
  );
  if (said.length === 1) return;
  for (const { id: known } of said) if (known) parts.push({ ...known, messageId: id, parts: said.length });
}
