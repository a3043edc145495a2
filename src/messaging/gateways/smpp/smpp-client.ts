import type { OutgoingMessage } from '../gateway.types.js';
import { wholeRef } from '../../receipts/parts.policy.js';
import { referenceOf } from '../../receipts/receipt-hints.js';
import { type Carried, Carrier, type PartSaid } from '../session/carrier.js';
import type { ClientEvents, SendingClient } from '../session/client-gateway.js';
import { type Patience, USUAL_PATIENCE } from '../session/dialect.types.js';
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

type Talk = Session<SmppRequest, SmppAnswer, ShortMessage>;

const VERSION = 0x34;
/** Faults of the centre rather than of the message: certainly not taken, and another gateway may carry it. */
const NOT_THE_MESSAGE = new Set<number>([STATUS.wrongBindState, STATUS.systemError, STATUS.invalidCommand]);

/** One account: one connection for both directions, or one for each. */
export class SmppClient implements SendingClient {
  private readonly sending: Talk;
  private readonly hearing: Talk | null;
  private readonly carrier: Carrier<SmppRequest, SmppAnswer>;
  private readonly sender: Sender;
  /** Of the parts of a long message; one byte of it goes out. Several processes begin at different places. */
  private reference = Math.floor(Math.random() * 256);

  constructor(
    private readonly account: SmppAccount,
    private readonly events: ClientEvents<ShortMessage>,
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
    this.carrier = new Carrier(
      this.sending,
      (message) => this.submitsOf(message),
      (answer, id) => this.read(answer, id),
    );
  }

  submit(batch: readonly OutgoingMessage[]): Promise<Carried> {
    return this.carrier.submit(batch);
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

  private submitsOf(message: OutgoingMessage): SmppRequest[] {
    const submits = submitsOf(message, this.sender, { own: referenceOf(message.id), reference: this.reference });
    if (submits.length > 1) this.reference = (this.reference + 1) & 0xff;
    return submits.map((submit) => ({ kind: 'submit', message: submit }));
  }

  private read({ status, messageId }: SmppAnswer, id: string): PartSaid {
    if (status !== STATUS.ok)
      return { answer: { outcome: NOT_THE_MESSAGE.has(status) ? 'not_sent' : 'rejected', code: statusText(status) }, id: null };
    // a centre that gives no id leaves us ours
    if (!messageId) return { answer: { outcome: 'accepted', ref: wholeRef(id) }, id: null };
    const ref = this.refOf(messageId);
    return { answer: { outcome: 'accepted', ref }, id: { ref, gatewayId: messageId } };
  }

  private refOf(gatewayId: string): string {
    return normalisedId(gatewayId, 'answer', this.account.settings.idFormat);
  }
}
