import type { AddressInfo } from 'node:net';
import smpp, { type Pdu, type Session } from 'smpp';

/** What the peer answers to a submit_sm: a status, nothing at all, or the end of the line; before or after it has taken the message. */
export type Manner = (nth: number, number: string) => number | 'silence' | 'hang_up';

export interface TakenMessage {
  id: string;
  number: string;
  text: string;
  udh: Buffer | null;
  reference: number;
  /** As the package reads it; undefined: as long as the centre keeps messages. */
  validUntil: Date | undefined;
}

/** A message centre on the `smpp` package, which knows nothing of our codec. */
export class SmppPeer {
  readonly taken: TakenMessage[] = [];
  readonly binds: { kind: string; systemId: string; password: string }[] = [];
  manner: Manner = () => 0;
  /** What a bind is answered with. */
  welcome = 0;
  unbinds = 0;
  answers: number[] = [];
  private readonly server;
  private nth = 0;
  private readonly listening: Session[] = [];

  private constructor() {
    this.server = smpp.createServer((session) => this.serve(session));
  }

  static async start(): Promise<SmppPeer> {
    const peer = new SmppPeer();
    await new Promise<void>((resolve) => peer.server.listen(0, '127.0.0.1', () => resolve()));
    return peer;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  drop(): void {
    for (const session of this.server.sessions) session.destroy();
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** A receipt, by text; resolves with the status of the answer. */
  receipt({ id, number }: { id: string; number: string }, stat = 'DELIVRD', more: Record<string, unknown> = {}): Promise<number> {
    const err = stat === 'DELIVRD' ? '000' : '027';
    const short_message = `id:${id} sub:001 dlvrd:001 submit date:2611241000 done date:2611241001 stat:${stat} err:${err} text:`;
    return this.deliver({ source_addr: number.replace('+', ''), esm_class: 4, short_message, ...more });
  }

  deliver(pdu: Record<string, unknown>, command: 'deliver_sm' | 'data_sm' = 'deliver_sm'): Promise<number> {
    const session = this.listening.at(-1);
    if (!session) return Promise.reject(new Error('nobody listens'));
    return new Promise((resolve) => session[command](pdu, ({ command_status }) => resolve(command_status)));
  }

  private serve(session: Session): void {
    session.on('error', () => undefined);
    for (const kind of ['bind_transceiver', 'bind_transmitter', 'bind_receiver']) {
      session.on(kind, (pdu: Pdu) => {
        this.binds.push({ kind, systemId: String(pdu.system_id), password: String(pdu.password) });
        session.send(pdu.response({ command_status: this.welcome }));
        if (kind !== 'bind_transmitter') this.listening.push(session);
      });
    }
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu: Pdu) => {
      this.unbinds += 1;
      session.send(pdu.response());
    });
    session.on('close', () => {
      const at = this.listening.indexOf(session);
      if (at >= 0) this.listening.splice(at, 1);
    });
    session.on('submit_sm', (pdu: Pdu) => this.take(session, pdu));
  }

  private take(session: Session, pdu: Pdu): void {
    const number = `+${String(pdu.destination_addr)}`;
    const how = this.manner(this.nth++, number);
    if (typeof how === 'number' && how !== 0) return void session.send(pdu.response({ command_status: how }));
    const { message, udh } = pdu.short_message as { message: string; udh?: Buffer[] };
    const payload = pdu.message_payload as { message: string } | undefined;
    const id = `00A${String(this.taken.length + 1)}F`;
    this.taken.push({
      id,
      number,
      text: message || (payload?.message ?? ''),
      udh: udh?.[0] ?? null,
      reference: Number(pdu.user_message_reference),
      validUntil: pdu.validity_period instanceof Date ? pdu.validity_period : undefined,
    });
    if (how === 'hang_up') return session.destroy();
    if (how !== 'silence') session.send(pdu.response({ message_id: id }));
  }
}
