import type { OutgoingMessage, SubmitResult } from '../../gateway.types.js';
import { answerOfParts, type PartAnswer, wholeRef } from '../../parts.policy.js';
import { referenceOf } from '../../receipt-hints.js';
import type { PartRef } from '../../parts.commands.js';
import type { StandingClient } from '../session/client-pool.js';
import { type Arrival, type LineFault, type Outcome, type Patience, type SessionState, USUAL_PATIENCE } from '../session/dialect.types.js';
import { Session } from '../session/session.js';
import { normalisedId } from './message-ids.policy.js';
import { type QueryAnswer, type ShortMessage, STATUS } from './pdu.types.js';
import type { SmppSettings } from './smpp-settings.policy.js';
import { type SmppAnswer, SmppDialect, type SmppLogin, type SmppRequest, statusText } from './smpp.dialect.js';
import { type Sender, submitsOf } from './texts.policy.js';

export interface SmppAccount {
  settings: SmppSettings;
  password: string;
  window: number;
}

export interface SmppEvents {
  onArrival(arrival: Arrival<ShortMessage>): void;
  onLine(line: string, state: SessionState, fault: LineFault | null): void;
}

type Talk = Session<SmppRequest, SmppAnswer, ShortMessage>;

const VERSION = 0x34;
/** Of a login that has just begun: what nobody answers is given back soon, so that it can go another way. */
const BIND_WITHIN_MS = 5_000;
/** Faults of the centre rather than of the message: certainly not taken, and another gateway may carry it. */
const NOT_THE_MESSAGE = new Set<number>([STATUS.wrongBindState, STATUS.systemError, STATUS.invalidCommand]);

export interface Carried {
  results: SubmitResult[];
  /** The gateway's ids of messages of several parts, those of a doubt included. */
  parts: PartRef[];
}

/** One account: one connection for both directions, or one for each. */
export class SmppClient implements StandingClient {
  private readonly sending: Talk;
  private readonly hearing: Talk | null;
  private readonly sender: Sender;
  /** Of the parts of a long message; one byte of it goes out. Several processes begin at different places. */
  private reference = Math.floor(Math.random() * 256);

  constructor(
    private readonly account: SmppAccount,
    private readonly events: SmppEvents,
    patience: Partial<Patience> = {},
  ) {
    const { settings } = account;
    const waits = { ...USUAL_PATIENCE, answerMs: settings.answerSeconds * 1000, idleMs: settings.enquireSeconds * 1000, ...patience };
    const both = settings.bindMode === 'transceiver';
    this.sending = this.open(both ? 'transceiver' : 'transmitter', waits);
    this.hearing = both ? null : this.open('receiver', waits);
    this.sender = {
      ...settings,
      source: { ton: settings.sourceTon, npi: settings.sourceNpi, digits: settings.from },
    };
  }

  /** Why nothing can be sent at present, in the line's words. */
  get trouble(): string | null {
    const { fault } = this.sending;
    if (this.sending.state === 'bound') return null;
    return fault ? `${fault.reason} ${fault.detail}` : this.sending.state;
  }

  async submit(batch: readonly OutgoingMessage[]): Promise<Carried> {
    if (!(await this.sending.bound(BIND_WITHIN_MS))) {
      const code = this.trouble ?? 'closed';
      return { results: batch.map(({ id }) => ({ id, outcome: 'not_sent', code })), parts: [] };
    }
    const carried = await Promise.all(batch.map((message) => this.carry(message)));
    return { results: carried.map(({ result }) => result), parts: carried.flatMap(({ parts }) => parts) };
  }

  /** What the centre knows of a message under its own id; null when it cannot say. */
  async query(ref: string): Promise<QueryAnswer | null> {
    const outcome = await this.sending.ask({ kind: 'query', messageId: ref, source: this.sender.source });
    return outcome.kind === 'answered' && outcome.answer.status === STATUS.ok ? outcome.answer.query : null;
  }

  bound(withinMs: number): Promise<boolean> {
    return this.sending.bound(withinMs);
  }

  async stop(): Promise<void> {
    await Promise.all([this.sending.stop(), this.hearing?.stop()]);
  }

  private open(mode: SmppLogin['mode'], patience: Patience): Talk {
    const { settings, password, window } = this.account;
    const { host, port, systemId, systemType } = settings;
    const login = { mode, systemId, password, systemType, interfaceVersion: VERSION, address: { ton: 0, npi: 0, digits: '' } };
    return new Session(new SmppDialect(login), { host, port, window }, patience, {
      onArrival: (arrival) => this.events.onArrival(arrival),
      onState: (state, fault) => this.events.onLine(mode, state, fault),
    });
  }

  private async carry(message: OutgoingMessage): Promise<{ result: SubmitResult; parts: PartRef[] }> {
    const submits = submitsOf(message, this.sender, { own: referenceOf(message.id), reference: this.reference });
    if (submits.length > 1) this.reference = (this.reference + 1) & 0xff;
    const outcomes = await Promise.all(submits.map((submit) => this.sending.ask({ kind: 'submit', message: submit })));
    const answers = outcomes.map((outcome) => this.partAnswer(outcome, message.id));
    const parts = submits.length === 1 ? [] : outcomes.flatMap((outcome) => this.partRef(outcome, message.id, submits.length));
    return { result: answerOfParts(message.id, answers), parts };
  }

  private partAnswer(outcome: Outcome<SmppAnswer>, id: string): PartAnswer {
    if (outcome.kind === 'unknown') return { outcome: 'unknown' };
    if (outcome.kind === 'unsent') return outcome.throttled ? { outcome: 'throttled' } : { outcome: 'not_sent', code: this.trouble ?? 'no answer' };
    const { status, messageId } = outcome.answer;
    // a centre that gives no id leaves us ours
    if (status === STATUS.ok) return { outcome: 'accepted', ref: messageId ? this.refOf(messageId) : wholeRef(id) };
    return { outcome: NOT_THE_MESSAGE.has(status) ? 'not_sent' : 'rejected', code: statusText(status) };
  }

  private partRef(outcome: Outcome<SmppAnswer>, messageId: string, parts: number): PartRef[] {
    if (outcome.kind !== 'answered' || outcome.answer.status !== STATUS.ok || !outcome.answer.messageId) return [];
    return [{ ref: this.refOf(outcome.answer.messageId), gatewayId: outcome.answer.messageId, messageId, parts }];
  }

  private refOf(gatewayId: string): string {
    return normalisedId(gatewayId, 'answer', this.account.settings.idFormat);
  }
}
