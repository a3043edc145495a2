import type { OutgoingMessage, SubmitResult } from '../../gateway.types.js';
import type { PartRef } from '../../parts.commands.js';
import { answerOfParts, type PartAnswer } from '../../parts.policy.js';
import type { Outcome } from './dialect.types.js';
import type { Session } from './session.js';

/** Of a login that has just begun: what nobody answers is given back soon, so that it can go another way. */
const BOUND_WITHIN_MS = 5_000;

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

type Talk<Request, Answer> = Pick<Session<Request, Answer, unknown>, 'ask' | 'bound' | 'state' | 'fault'>;

/** Hands messages over by a session, part by part, and makes one answer of what is said of the parts. */
export class Carrier<Request, Answer> {
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
    const carried = await Promise.all(batch.map((message) => this.carry(message)));
    return { results: carried.map(({ result }) => result), parts: carried.flatMap(({ parts }) => parts) };
  }

  /** Why nothing can be sent at present, in the line's words. */
  private get trouble(): string | null {
    const { state, fault } = this.talk;
    if (state === 'bound') return null;
    return fault ? `${fault.reason} ${fault.detail}` : state;
  }

  private async carry(message: OutgoingMessage): Promise<{ result: SubmitResult; parts: PartRef[] }> {
    const requests = this.requestsOf(message);
    const said = await Promise.all(requests.map(async (request) => this.said(await this.talk.ask(request), message.id)));
    const result = answerOfParts(
      message.id,
      said.map(({ answer }) => answer),
    );
    if (requests.length === 1) return { result, parts: [] };
    return { result, parts: said.flatMap(({ id }) => (id ? [{ ...id, messageId: message.id, parts: requests.length }] : [])) };
  }

  private said(outcome: Outcome<Answer>, messageId: string): PartSaid {
    if (outcome.kind === 'answered') return this.read(outcome.answer, messageId);
    if (outcome.kind === 'unknown') return { answer: { outcome: 'unknown' }, id: null };
    return { answer: outcome.throttled ? { outcome: 'throttled' } : { outcome: 'not_sent', code: this.trouble ?? 'no answer' }, id: null };
  }
}
