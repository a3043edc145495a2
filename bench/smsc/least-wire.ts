import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FrameSplitter } from '../../src/messaging/gateways/session/frame-splitter.js';
import { ucs2Octets } from '../../src/messaging/gateways/smpp/alphabets.policy.js';
import { pduLength, readHeader, writeBind, writeShortMessage, writeWithText } from '../../src/messaging/gateways/smpp/pdu.codec.js';
import { type Address, COMMAND, HEADER_BYTES, responseTo } from '../../src/messaging/gateways/smpp/pdu.types.js';

const WINDOW = 100;
/** Written down together. */
const LOT = 1_000;
const NOBODY: Address = { ton: 0, npi: 0, digits: '' };

export interface LeastMessage {
  id: number;
  number: string;
  body: string;
}

/** What came back, a lot at a time; one lot is written down after the other. */
export interface LeastNotes {
  taken(ids: readonly number[], refs: readonly string[]): Promise<unknown>;
  receipts(refs: readonly string[]): Promise<unknown>;
}

const submitOf = ({ id, number, body }: LeastMessage): Buffer =>
  writeShortMessage(
    { command: COMMAND.submitSm, status: 0, sequence: id },
    {
      ...{ serviceType: '', source: NOBODY, destination: { ton: 1, npi: 1, digits: number.slice(1) }, esmClass: 0, protocolId: 0, priority: 0 },
      ...{ scheduledFor: '', validUntil: '', registeredDelivery: 1, replaceIfPresent: 0, dataCoding: 8, defaultMessageId: 0 },
      ...{ content: ucs2Octets(body), tlvs: new Map<number, Buffer>() },
    },
  );

/** The product's own codec on a bare socket, a window of 100: no session, no reconnecting, no throttling. */
export class LeastWire {
  private readonly frames = new FrameSplitter(pduLength);
  private waiting: LeastMessage[] = [];
  private open = 0;
  private ids: number[] = [];
  private refs: string[] = [];
  private receipts: string[] = [];
  private received = 0;
  private noted: Promise<unknown> = Promise.resolve();
  private stirred: () => void = () => undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly notes: LeastNotes,
  ) {}

  static async open(port: number, notes: LeastNotes): Promise<LeastWire> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    const wire = new LeastWire(socket, notes);
    socket.write(
      writeBind(
        { command: COMMAND.bindTransceiver, status: 0, sequence: 0 },
        { systemId: 'bench', password: 'bench', systemType: '', interfaceVersion: 0x34, address: NOBODY },
      ),
    );
    await once(socket, 'data'); // the answer to the bind
    socket.on('data', (chunk: Buffer) => wire.hear(chunk));
    return wire;
  }

  send(messages: readonly LeastMessage[]): void {
    this.waiting.push(...messages);
    this.fill();
  }

  async fewerThan(most: number): Promise<void> {
    while (this.waiting.length >= most) await this.stir();
  }

  /** Once so many receipts have come and are written down. */
  async end(expected: number): Promise<void> {
    while (this.received < expected) await this.stir();
    this.noteTaken();
    this.noteReceipts();
    await this.noted;
    this.socket.destroy();
  }

  private stir(): Promise<void> {
    return new Promise((resolve) => {
      this.stirred = resolve;
    });
  }

  private fill(): void {
    const next = this.waiting.splice(0, WINDOW - this.open);
    if (next.length === 0) return;
    this.open += next.length;
    this.socket.write(Buffer.concat(next.map(submitOf)));
  }

  private hear(chunk: Buffer): void {
    const answers: Buffer[] = [];
    this.frames.push(chunk, (frame) => {
      const { command, sequence } = readHeader(frame);
      if (command === responseTo(COMMAND.submitSm)) this.take(sequence, frame);
      if (command === COMMAND.deliverSm) answers.push(this.receive(sequence, frame));
      return true;
    });
    if (answers.length > 0) this.socket.write(Buffer.concat(answers));
    this.fill();
    this.stirred();
  }

  private take(id: number, frame: Buffer): void {
    this.open -= 1;
    this.ids.push(id);
    this.refs.push(frame.toString('latin1', HEADER_BYTES, frame.length - 1));
    if (this.ids.length >= LOT) this.noteTaken();
  }

  private receive(sequence: number, frame: Buffer): Buffer {
    const begin = frame.indexOf('id:', HEADER_BYTES) + 3;
    this.receipts.push(frame.toString('latin1', begin, frame.indexOf(' ', begin)));
    this.received += 1;
    if (this.receipts.length >= LOT) this.noteReceipts();
    return writeWithText({ command: responseTo(COMMAND.deliverSm), status: 0, sequence }, '');
  }

  private noteTaken(): void {
    const [ids, refs] = [this.ids, this.refs];
    [this.ids, this.refs] = [[], []];
    this.noted = this.noted.then(() => this.notes.taken(ids, refs));
  }

  private noteReceipts(): void {
    const { receipts } = this;
    this.receipts = [];
    this.noted = this.noted.then(() => this.notes.receipts(receipts));
  }
}
