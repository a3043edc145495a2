import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FrameSplitter } from '../../src/messaging/gateways/session/frame-splitter.js';
import * as codec from '../../src/messaging/gateways/smpp/pdu.codec.js';
import {
  type Bind,
  COMMAND,
  ESM,
  type Header,
  isResponse,
  PduFault,
  type QueryAnswer,
  responseTo,
  type ShortMessage,
  STATUS,
} from '../../src/messaging/gateways/smpp/pdu.types.js';

/** What the test SMSC does with a message: an answer, none at all, or the end of the connection before or after it was taken. */
export type Fate = { status?: number; id?: string } | 'silence' | 'hang_up';

export interface SmscOptions {
  submit?: (message: ShortMessage, nth: number) => Fate;
  query?: (messageId: string) => QueryAnswer | number;
  /** Status of the answer to a bind. */
  bind?: (bind: Bind) => number;
  /** false: enquire_link stays unanswered. */
  alive?: () => boolean;
}

export interface Peer {
  socket: Socket;
  mode: number;
  /** PDUs still to be answered by the client, by sequence. */
  waiting: Map<number, (status: number) => void>;
}

export const EMPTY: ShortMessage = {
  serviceType: '',
  source: { ton: 0, npi: 0, digits: '' },
  destination: { ton: 0, npi: 0, digits: '' },
  esmClass: 0,
  protocolId: 0,
  priority: 0,
  scheduledFor: '',
  validUntil: '',
  registeredDelivery: 0,
  replaceIfPresent: 0,
  dataCoding: 0,
  defaultMessageId: 0,
  content: Buffer.alloc(0),
  tlvs: new Map(),
};

/** A small SMSC on the product's own codec, for tests and benches. It remembers every message it was handed. */
export class Smsc {
  readonly taken: ShortMessage[] = [];
  readonly peers = new Set<Peer>();
  readonly binds: Bind[] = [];
  unbinds = 0;
  private readonly server: Server;
  private nextId = 1;
  private sequence = 0;

  private constructor(private readonly options: SmscOptions) {
    this.server = createServer((socket) => this.accept(socket));
  }

  static async start(options: SmscOptions = {}, port = 0): Promise<Smsc> {
    const smsc = new Smsc(options);
    await new Promise<void>((resolve) => smsc.server.listen(port, '127.0.0.1', resolve));
    return smsc;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts every connection, as a fallen line does. */
  drop(): void {
    for (const { socket } of this.peers) socket.destroy();
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Sends deliver_sm to whoever listens. @returns the status of the answer */
  deliver(message: Partial<ShortMessage>): Promise<number> {
    const listening = [...this.peers].find(({ mode }) => mode === COMMAND.bindTransceiver || mode === COMMAND.bindReceiver);
    if (!listening) return Promise.reject(new Error('nobody listens'));
    const sequence = ++this.sequence;
    listening.socket.write(codec.writeShortMessage({ command: COMMAND.deliverSm, status: 0, sequence }, { ...EMPTY, ...message }));
    return new Promise((resolve) => listening.waiting.set(sequence, resolve));
  }

  /** A receipt as most networks write it. */
  receipt(id: string, from: string, { stat = 'DELIVRD', err = '000', tlvs = new Map<number, Buffer>() } = {}): Promise<number> {
    const text = `id:${id} sub:001 dlvrd:001 submit date:2611241000 done date:2611241001 stat:${stat} err:${err} text:`;
    return this.deliver({ source: { ton: 1, npi: 1, digits: from }, esmClass: ESM.receipt, content: Buffer.from(text, 'latin1'), tlvs });
  }

  private accept(socket: Socket): void {
    const peer: Peer = { socket, mode: 0, waiting: new Map() };
    this.peers.add(peer);
    const splitter = new FrameSplitter(codec.pduLength);
    let out: Buffer[] = [];
    const reply = (frame: Buffer): void => void out.push(frame);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => this.peers.delete(peer));
    socket.on('data', (chunk) => {
      try {
        splitter.push(chunk, (frame) => this.hear(peer, frame, reply));
      } catch (fault) {
        if (fault instanceof PduFault) reply(codec.writeBare({ command: COMMAND.genericNack, status: fault.status, sequence: fault.sequence }));
        socket.destroySoon();
      }
      if (out.length > 0 && socket.writable) socket.write(Buffer.concat(out));
      out = [];
    });
  }

  private hear(peer: Peer, frame: Buffer, reply: (frame: Buffer) => void): boolean {
    const header = codec.readHeader(frame);
    const { command, status, sequence } = header;
    const answer: Header = { command: responseTo(command), status: STATUS.ok, sequence };
    if (isResponse(command)) {
      peer.waiting.get(sequence)?.(status);
      peer.waiting.delete(sequence);
    } else if (command === COMMAND.submitSm) return this.submit(peer, frame, { answer, reply });
    else if (command === COMMAND.bindTransceiver || command === COMMAND.bindTransmitter || command === COMMAND.bindReceiver)
      this.bind(peer, frame, { answer, reply, mode: command });
    else if (command === COMMAND.querySm) this.query(frame, { answer, reply });
    else if (command === COMMAND.enquireLink) {
      if (this.options.alive?.() ?? true) reply(codec.writeBare(answer));
    } else if (command === COMMAND.unbind) {
      this.unbinds += 1;
      reply(codec.writeBare(answer));
    } else reply(codec.writeBare({ command: COMMAND.genericNack, status: STATUS.invalidCommand, sequence }));
    return true;
  }

  private bind(peer: Peer, frame: Buffer, { answer, reply, mode }: Answering & { mode: number }): void {
    const bind = codec.readBind(frame);
    const status = this.options.bind?.(bind) ?? STATUS.ok;
    this.binds.push(bind);
    if (status === STATUS.ok) peer.mode = mode;
    reply(status === STATUS.ok ? codec.writeWithText(answer, 'SMSC') : codec.writeBare({ ...answer, status }));
  }

  private submit(peer: Peer, frame: Buffer, { answer, reply }: Answering): boolean {
    const read = codec.readShortMessage(frame);
    const message = { ...read, content: Buffer.from(read.content), tlvs: new Map([...read.tlvs].map(([tag, value]) => [tag, Buffer.from(value)])) };
    const fate = this.options.submit?.(message, this.taken.length) ?? {};
    if (fate !== 'silence' && fate !== 'hang_up' && fate.status) {
      reply(codec.writeBare({ ...answer, status: fate.status }));
      return true;
    }
    this.taken.push(message);
    if (fate === 'hang_up') peer.socket.destroy();
    else if (fate !== 'silence') reply(codec.writeWithText(answer, fate.id ?? String(this.nextId++)));
    return fate !== 'hang_up';
  }

  private query(frame: Buffer, { answer, reply }: Answering): void {
    const found = this.options.query?.(codec.readQuery(frame).messageId) ?? STATUS.queryFailed;
    reply(typeof found === 'number' ? codec.writeBare({ ...answer, status: found }) : codec.writeQueryAnswer(answer, found));
  }
}

interface Answering {
  answer: Header;
  reply: (frame: Buffer) => void;
}
