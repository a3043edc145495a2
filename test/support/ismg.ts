import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FrameSplitter } from '../../src/messaging/gateways/session/frame-splitter.js';
import * as codec from '../../src/messaging/gateways/smgp/packet.codec.js';
import {
  type Deliver,
  type Header,
  isResponse,
  type Login,
  LOGIN_MODE,
  REQUEST,
  responseTo,
  type Submit,
} from '../../src/messaging/gateways/smgp/packet.types.js';

/** What the test gateway does with a message: an answer, none at all, or the end of the connection once it was taken. */
export type Fate = { status?: number; id?: Buffer } | 'silence' | 'hang_up';

export interface IsmgOptions {
  submit?: (message: Submit, nth: number) => Fate;
  /** Status of the answer to a login. */
  login?: (login: Login) => number;
  /** false: Active_Test stays unanswered. */
  alive?: () => boolean;
}

export interface Peer {
  socket: Socket;
  mode: number | null;
  /** Packets still to be answered by the client, by sequence. */
  waiting: Map<number, (answer: { id: string; status: number }) => void>;
}

export const NOTHING: Deliver = {
  id: Buffer.alloc(10),
  isReport: false,
  format: 0,
  receivedAt: '20261124100000',
  source: '',
  destination: '',
  content: Buffer.alloc(0),
  tlvs: new Map(),
};
const NO_AUTHENTICATOR = Buffer.alloc(16);

/** Six digits of the gateway, eight of the minute, six of the number, packed two a byte. */
export const idOf = (n: number): Buffer => Buffer.from(`591003${'11241000'}${String(n).padStart(6, '0')}`, 'hex');

/** What a network says of a message, its id in ten raw bytes. */
export const reportOf = (id: Buffer, stat: string, err: string): Buffer =>
  Buffer.concat([
    Buffer.from('id:'),
    id,
    Buffer.from(` sub:001 dlvrd:001 submit date:2611241000 done date:2611241001 stat:${stat} err:${err} text:${' '.repeat(20)}`),
  ]);

/** A small gateway (ISMG) on the product's own codec. It remembers every message it was handed. */
export class Ismg {
  readonly taken: Submit[] = [];
  readonly peers = new Set<Peer>();
  readonly logins: Login[] = [];
  exits = 0;
  /** May be exchanged while it runs. */
  options: IsmgOptions;
  private readonly server: Server;
  private nextId = 1;
  private sequence = 0;

  private constructor(options: IsmgOptions) {
    this.options = options;
    this.server = createServer((socket) => this.accept(socket));
  }

  static async start(options: IsmgOptions = {}, port = 0): Promise<Ismg> {
    const ismg = new Ismg(options);
    await new Promise<void>((resolve) => ismg.server.listen(port, '127.0.0.1', resolve));
    return ismg;
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

  /** Sends Deliver to whoever listens. @returns what was answered */
  deliver(message: Partial<Deliver>): Promise<{ id: string; status: number }> {
    const listening = [...this.peers].find(({ mode }) => mode === LOGIN_MODE.both || mode === LOGIN_MODE.receive);
    if (!listening) return Promise.reject(new Error('nobody listens'));
    const sequence = ++this.sequence;
    listening.socket.write(codec.writeDeliver({ request: REQUEST.deliver, sequence }, { ...NOTHING, ...message }));
    return new Promise((resolve) => listening.waiting.set(sequence, resolve));
  }

  receipt(id: Buffer, from: string, { stat = 'DELIVRD', err = '000' } = {}): Promise<{ id: string; status: number }> {
    return this.deliver({ id: idOf(900_000 + this.sequence), isReport: true, source: from, content: reportOf(id, stat, err) });
  }

  private accept(socket: Socket): void {
    const peer: Peer = { socket, mode: null, waiting: new Map() };
    this.peers.add(peer);
    const splitter = new FrameSplitter(codec.packetLength);
    let out: Buffer[] = [];
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => this.peers.delete(peer));
    socket.on('data', (chunk) => {
      try {
        splitter.push(chunk, (frame) => this.hear(peer, frame, (answer) => void out.push(answer)));
      } catch {
        socket.destroySoon();
      }
      if (out.length > 0 && socket.writable) socket.write(Buffer.concat(out));
      out = [];
    });
  }

  private hear(peer: Peer, frame: Buffer, reply: (frame: Buffer) => void): boolean {
    const { request, sequence } = codec.readHeader(frame);
    const answer: Header = { request: responseTo(request), sequence };
    if (isResponse(request)) this.answered(peer, frame, sequence);
    else if (request === REQUEST.submit) return this.submit(peer, frame, (id, status) => reply(codec.writeResult(answer, id, status)));
    else if (request === REQUEST.login) this.login(peer, frame, (status) => reply(codec.writeLoginAnswer(answer, status, NO_AUTHENTICATOR, 0x30)));
    else if (request === REQUEST.activeTest && (this.options.alive?.() ?? true)) reply(codec.writeBare(answer));
    else if (request === REQUEST.exit) {
      this.exits += 1;
      reply(codec.writeBare(answer));
    }
    return true;
  }

  private answered(peer: Peer, frame: Buffer, sequence: number): void {
    const waiting = peer.waiting.get(sequence);
    peer.waiting.delete(sequence);
    if (!waiting) return;
    const { id, status } = codec.readResult(frame);
    waiting({ id: id.toString('hex'), status });
  }

  private login(peer: Peer, frame: Buffer, reply: (status: number) => void): void {
    const read = codec.readLogin(frame);
    const login = { ...read, authenticator: Buffer.from(read.authenticator) };
    const status = this.options.login?.(login) ?? 0;
    this.logins.push(login);
    if (status === 0) peer.mode = login.mode;
    reply(status);
  }

  private submit(peer: Peer, frame: Buffer, reply: (id: Buffer, status: number) => void): boolean {
    const read = codec.readSubmit(Buffer.from(frame));
    const fate = this.options.submit?.(read, this.taken.length) ?? {};
    if (fate !== 'silence' && fate !== 'hang_up' && fate.status) {
      reply(Buffer.alloc(10), fate.status);
      return true;
    }
    this.taken.push(read);
    if (fate === 'hang_up') peer.socket.destroy();
    else if (fate !== 'silence') reply(fate.id ?? idOf(this.nextId++), 0);
    return fate !== 'hang_up';
  }
}
