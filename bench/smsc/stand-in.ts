import { connect, type Socket } from 'node:net';
import {
  Gateway,
  type GatewayAccount,
  NothingSent,
  type OutgoingMessage,
  type Receipt,
  type SubmitResult,
} from '../../src/messaging/gateway.types.js';
import type { ReceiptsCommands } from '../../src/messaging/receipts.commands.js';
import type { Database } from '../../src/platform/database/database.js';

const RECEIPTS_MS = 50;

/** As little SMPP as the engine needs to be measured: one connection, a sliding window, receipts kept before they are acknowledged. */
export class StandIn extends Gateway {
  readonly kind = 'smpp';
  private socket: Promise<Socket> | undefined;
  private sequence = 1;
  private rest = Buffer.alloc(0);
  private readonly waiting = new Map<number, (status: number, ref: string) => void>();
  private receipts: { receipt: Receipt; seq: number }[] = [];
  private busy = false;

  constructor(
    private readonly db: Database,
    private readonly receiving: ReceiptsCommands,
  ) {
    super();
  }

  async submit(account: GatewayAccount, batch: readonly OutgoingMessage[]): Promise<SubmitResult[]> {
    const socket = await (this.socket ??= this.open(account));
    return new Promise((resolve) => {
      const results: SubmitResult[] = [];
      let next = 0;
      let scheduled = false;
      const fill = (): void => {
        scheduled = false;
        const out: Buffer[] = [];
        for (; next < batch.length && next - results.length < account.window; next += 1) {
          const message = batch[next];
          if (message) out.push(this.put(message, answered));
        }
        if (out.length > 0) socket.write(Buffer.concat(out));
      };
      const answered = (result: SubmitResult): void => {
        results.push(result);
        if (results.length === batch.length) resolve(results);
        else if (!scheduled) {
          scheduled = true;
          setImmediate(fill);
        }
      };
      fill();
    });
  }

  lookUp(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): void {
    void this.socket?.then((socket) => socket.destroy());
  }

  private put({ id, number, body }: OutgoingMessage, answered: (result: SubmitResult) => void): Buffer {
    const seq = this.sequence++;
    this.waiting.set(seq, (status, ref) =>
      answered(
        status === 0
          ? { id, outcome: 'accepted', ref }
          : status === 0x58
            ? { id, outcome: 'throttled' }
            : { id, outcome: 'rejected', code: String(status) },
      ),
    );
    const text = Buffer.from(body, 'utf16le').swap16();
    const head = Buffer.from(`\0\0\x0010000\0\x01\x01${number}\0\0\0\0\0\0\x01\0\x08\0`, 'latin1');
    return pdu(4, seq, [head, Buffer.from([text.length]), text]);
  }

  private async open({ settings }: GatewayAccount): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port: Number(settings.port), noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error: NodeJS.ErrnoException) => reject(new NothingSent(error.code ?? 'connect')));
    }).catch((error: unknown) => {
      this.socket = undefined;
      throw error;
    });
    socket.on('data', (chunk: Buffer) => this.take(socket, chunk));
    socket.on('close', () => (this.socket = undefined));
    const bound = new Promise<void>((resolve) => this.waiting.set(0, () => resolve()));
    socket.write(pdu(9, 0, [Buffer.from('bench\0bench\0\0\x34\0\0\0', 'latin1')]));
    await bound;
    return socket;
  }

  private take(socket: Socket, chunk: Buffer): void {
    const buffer = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let at = 0;
    while (buffer.length - at >= 16) {
      const length = buffer.readUInt32BE(at);
      if (buffer.length - at < length) break;
      this.hear(buffer.subarray(at, at + length));
      at += length;
    }
    this.rest = Buffer.from(buffer.subarray(at));
    if (this.receipts.length > 0 && !this.busy) {
      this.busy = true;
      setTimeout(() => void this.keep(socket), RECEIPTS_MS);
    }
  }

  private hear(frame: Buffer): void {
    const seq = frame.readUInt32BE(12);
    if (frame.readUInt32BE(4) === 5) {
      const at = frame.indexOf('id:', 16, 'latin1') + 3;
      this.receipts.push({
        seq,
        receipt: { messageId: null, ref: frame.toString('latin1', at, frame.indexOf(' ', at, 'latin1')), state: 'delivered', networkCode: null },
      });
      return;
    }
    const answered = this.waiting.get(seq);
    this.waiting.delete(seq);
    answered?.(frame.readUInt32BE(8), frame.length > 16 ? frame.toString('latin1', 16, frame.length - 1) : '');
  }

  private async keep(socket: Socket): Promise<void> {
    const mine = this.receipts;
    this.receipts = [];
    await this.db.tx((tx) =>
      this.receiving.append(
        tx,
        'bench',
        mine.map(({ receipt }) => receipt),
      ),
    );
    if (socket.writable) socket.write(Buffer.concat(mine.map(({ seq }) => pdu(0x80000005, seq, [Buffer.from([0])]))));
    this.busy = false;
    if (this.receipts.length > 0) {
      this.busy = true;
      setTimeout(() => void this.keep(socket), RECEIPTS_MS);
    }
  }
}

function pdu(command: number, seq: number, body: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(16);
  const whole = Buffer.concat([head, ...body]);
  whole.writeUInt32BE(whole.length, 0);
  whole.writeUInt32BE(command, 4);
  whole.writeUInt32BE(seq, 12);
  return whole;
}
