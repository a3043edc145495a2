import { TAG, type ShortMessage } from '../../src/messaging/gateways/smpp/pdu.types.js';
import { Smsc } from './smsc.js';

/** How a network behaves: milliseconds, and shares from 0 to 1. */
export interface Nature {
  receiptMs: number;
  /** Receipts that come before the answer to the message, and receipts that come twice. */
  early: number;
  doubled: number;
  /** It reads nothing for so long before each message it takes. */
  slowMs: number;
}

interface Due {
  id: string;
  number: string;
  reference: Buffer | undefined;
  at: number;
}

const TICK_MS = 10;
/** A receipt that nobody acknowledged is sent again. */
const PATIENCE_MS = 500;

/** A message centre with one client and a memory, on the side of the tests: whatever becomes of the sender, it knows what it was given, and tells until it is heard. */
export class Network {
  /** How often each number was texted. */
  readonly texted = new Map<string, number>();
  submits = 0;
  acknowledged = 0;
  nature: Nature = { receiptMs: 30, early: 0, doubled: 0, slowMs: 0 };
  /** Called with each message, before its answer leaves. */
  onSubmit: () => void = () => undefined;
  private due: Due[] = [];
  private underWay = 0;
  private drawn = 1;
  private readonly timer: NodeJS.Timeout;

  private constructor(private readonly smsc: Smsc) {
    this.timer = setInterval(() => this.tell(), TICK_MS);
  }

  static async start(): Promise<Network> {
    const network: Network = new Network(await Smsc.start({ submit: (message) => network.take(message) }));
    return network;
  }

  /** How often each number was texted over any of these. */
  static texted(all: readonly Network[]): Map<string, number> {
    const sum = new Map<string, number>();
    for (const { texted } of all) for (const [number, times] of texted) sum.set(number, (sum.get(number) ?? 0) + times);
    return sum;
  }

  get port(): number {
    return this.smsc.port;
  }

  /** Receipts nobody has acknowledged yet. */
  get open(): number {
    return this.due.length + this.underWay;
  }

  /** Cuts every connection. */
  drop(): void {
    this.smsc.drop();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.smsc.stop();
  }

  private take({ destination, tlvs }: ShortMessage): { id: string } {
    const number = destination.digits;
    this.submits += 1;
    this.texted.set(number, (this.texted.get(number) ?? 0) + 1);
    const id = this.submits.toString(16).toUpperCase().padStart(8, '0');
    const receipt = { id, number, reference: tlvs.get(TAG.userMessageReference), at: performance.now() + this.nature.receiptMs };
    if (this.draw() < this.nature.early) this.send(receipt);
    else this.due.push(receipt);
    if (this.draw() < this.nature.doubled) this.due.push({ ...receipt, at: receipt.at + 20 });
    if (this.nature.slowMs > 0) this.rest();
    this.onSubmit();
    return { id };
  }

  private draw(): number {
    this.drawn = (Math.imul(this.drawn, 1_664_525) + 1_013_904_223) >>> 0;
    return this.drawn / 2 ** 32;
  }

  private rest(): void {
    for (const { socket } of this.smsc.peers) {
      socket.pause();
      setTimeout(() => socket.resume(), this.nature.slowMs);
    }
  }

  private tell(): void {
    if (this.smsc.peers.size === 0) return;
    const now = performance.now();
    const ready = this.due.filter(({ at }) => at <= now);
    this.due = this.due.filter(({ at }) => at > now);
    for (const receipt of ready) this.send(receipt);
  }

  /** Until somebody has kept it. */
  private send(receipt: Due): void {
    this.underWay += 1;
    const tlvs = new Map(receipt.reference ? [[TAG.userMessageReference, receipt.reference]] : []);
    const late = new Promise<number>((resolve) => setTimeout(() => resolve(-1), PATIENCE_MS));
    void Promise.race([this.smsc.receipt(receipt.id, receipt.number, { tlvs }), late])
      .catch(() => -1)
      .then((status) => {
        this.underWay -= 1;
        if (status === 0) this.acknowledged += 1;
        else this.due.push({ ...receipt, at: performance.now() + 50 });
      });
  }
}
