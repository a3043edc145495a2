import type { OutgoingMessage } from '../gateway.types.js';
import { wholeRef } from '../../receipts/parts.policy.js';
import { Carrier, type Carried, type PartSaid } from '../session/carrier.js';
import type { ClientEvents, SendingClient } from '../session/client-gateway.js';
import { type Patience, USUAL_PATIENCE } from '../session/dialect.types.js';
import { Session } from '../session/session.js';
import { refOf } from './message-ids.policy.js';
import { type Deliver, LOGIN_MODE, type Submit } from './packet.types.js';
import type { SmgpSettings } from './smgp-settings.policy.js';
import { type SmgpAnswer, SmgpDialect } from './smgp.dialect.js';
import { statusText, verdictOf } from './statuses.policy.js';
import { submitsOf } from './texts.policy.js';

export interface SmgpAccount {
  settings: SmgpSettings;
  secret: string;
  window: number;
}

type Talk = Session<Submit, SmgpAnswer, Deliver>;

const LINES = { transceiver: LOGIN_MODE.both, transmitter: LOGIN_MODE.send, receiver: LOGIN_MODE.receive } as const;

/** One account: one connection for both directions, or one for each. */
export class SmgpClient implements SendingClient {
  private readonly sending: Talk;
  private readonly hearing: Talk | null;
  private readonly carrier: Carrier<Submit, SmgpAnswer>;
  /** Of the parts of a long message; one byte of it goes out. Several processes begin at different places. */
  private reference = Math.floor(Math.random() * 256);

  constructor(
    private readonly account: SmgpAccount,
    private readonly events: ClientEvents<Deliver>,
    private readonly around: { now: () => Date; patience: Partial<Patience> },
  ) {
    const both = account.settings.bindMode === 'transceiver';
    this.sending = this.open(both ? 'transceiver' : 'transmitter');
    this.hearing = both ? null : this.open('receiver');
    this.carrier = new Carrier(
      this.sending,
      (message) => this.submitsOf(message),
      (answer, id) => this.read(answer, id),
    );
  }

  submit(batch: readonly OutgoingMessage[]): Promise<Carried> {
    return this.carrier.submit(batch);
  }

  async stop(): Promise<void> {
    await Promise.all([this.sending.stop(), this.hearing?.stop()]);
  }

  private open(line: keyof typeof LINES): Talk {
    const { settings, secret, window } = this.account;
    const { host, port, systemId, answerSeconds, enquireSeconds } = settings;
    const patience = { ...USUAL_PATIENCE, answerMs: answerSeconds * 1000, idleMs: enquireSeconds * 1000, ...this.around.patience };
    const dialect = new SmgpDialect({ clientId: systemId, secret, mode: LINES[line] }, this.around.now);
    return new Session(dialect, { host, port, window }, patience, {
      onArrival: (arrival) => this.events.onArrival(arrival),
      onState: (state, fault) => this.events.onLine(line, state, fault),
    });
  }

  private submitsOf(message: OutgoingMessage): Submit[] {
    const submits = submitsOf(message, this.account.settings, this.reference);
    if (submits.length > 1) this.reference = (this.reference + 1) & 0xff;
    return submits;
  }

  private read({ status, id }: SmgpAnswer, messageId: string): PartSaid {
    if (status === null) return { answer: { outcome: 'unknown' }, id: null };
    const verdict = verdictOf(status);
    if (verdict === 'slow_down') return { answer: { outcome: 'throttled' }, id: null };
    if (verdict !== 'accepted') return { answer: { outcome: verdict, code: statusText(status) }, id: null };
    // a gateway that gives no id leaves us ours
    if (!id?.some((byte) => byte !== 0)) return { answer: { outcome: 'accepted', ref: wholeRef(messageId) }, id: null };
    const ref = refOf(id, this.around.now());
    return { answer: { outcome: 'accepted', ref }, id: { ref, gatewayId: id.toString('hex') } };
  }
}
