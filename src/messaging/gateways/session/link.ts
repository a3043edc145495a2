import { connect, type Socket } from 'node:net';
import type { Dialect, Heard, Line, LineFault, Patience } from './dialect.types.js';
import { FrameSplitter } from './frame-splitter.js';

const LAST_SEQUENCE = 0x7fffffff;
const LAST_WORDS_MS = 1_000;

/** Asked on a link and not answered yet. `heard(null)`: it never will be. */
interface Pending<Answer> {
  sentAt: number;
  heard: (answer: Answer | null) => void;
}

export interface LinkEvents<Event> {
  /** Logged in: requests may go. */
  onBound(): void;
  onEvent(event: Event, acknowledge: (kept: boolean) => void): void;
  /** Answers came, or the line drained: there may be room again. */
  onRoom(): void;
  /** Told once, also of a link that was never bound. `fault` is null when we ended it. */
  onEnd(fault: LineFault | null): void;
}

/** One connection, from its first to its last byte. What is written in one turn of the loop leaves in one write. */
export class Link<Request, Answer, Event> {
  private readonly socket: Socket;
  private readonly splitter: FrameSplitter;
  private readonly pending = new Map<number, Pending<Answer>>();
  private timers: NodeJS.Timeout[] = [];
  private out: Buffer[] = [];
  private flushing: NodeJS.Immediate | null = null;
  private sequence = 0;
  private heardAt = performance.now();
  private probing = false;
  private leaving = false;
  private saidGoodbye = false;
  private ended = false;
  private bound = false;

  constructor(
    private readonly dialect: Dialect<Request, Answer, Event>,
    line: Line,
    private readonly patience: Patience,
    private readonly events: LinkEvents<Event>,
  ) {
    this.splitter = new FrameSplitter((buffer, at) => dialect.frameLength(buffer, at));
    this.timers.push(setTimeout(() => this.end({ reason: 'connect', detail: 'timeout' }), patience.connectMs));
    this.socket = connect({ host: line.host, port: line.port, noDelay: true, keepAlive: true });
    this.socket.on('connect', () => this.logIn());
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('drain', () => this.events.onRoom());
    this.socket.on('error', (error: NodeJS.ErrnoException) =>
      this.end({ reason: this.bound ? 'closed' : 'connect', detail: error.code ?? error.message }),
    );
    this.socket.on('close', () => this.end({ reason: this.bound ? 'closed' : 'connect', detail: 'closed' }));
  }

  /** Requests without an answer. */
  get waiting(): number {
    return this.pending.size;
  }

  /** Whether the system takes more bytes now: what it would only queue is better kept back, where it is certainly unsent. */
  get open(): boolean {
    return this.bound && !this.ended && !this.leaving && !this.socket.writableNeedDrain;
  }

  /** Written with the next `flush`; from then on `heard(null)` means in doubt. */
  ask(request: Request, heard: (answer: Answer | null) => void): void {
    this.write(this.dialect.request(request, this.expect(heard)));
  }

  /** Watched from outside, a few times in each span of patience. */
  look(now: number): void {
    if (this.ended || !this.bound) return;
    for (const [sequence, pending] of this.pending) {
      if (now - pending.sentAt < this.patience.answerMs) break;
      this.pending.delete(sequence);
      pending.heard(null);
    }
    if (now - this.heardAt >= this.patience.idleMs) this.probe();
    this.goodbyeWhenDone();
  }

  /** Says goodbye once what is on its way is answered, or patience is over. */
  async leave(): Promise<void> {
    if (this.ended) return;
    this.leaving = true;
    const gone = new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
    this.timers.push(setTimeout(() => this.end(null), this.patience.leaveMs));
    if (this.bound) this.goodbyeWhenDone();
    else this.end(null);
    await gone;
  }

  /** In one write, what this turn of the loop has gathered. */
  flush(): void {
    if (this.flushing) clearImmediate(this.flushing);
    this.flushing = null;
    const [first] = this.out;
    if (this.ended || !first) return;
    this.socket.write(this.out.length === 1 ? first : Buffer.concat(this.out));
    this.out = [];
  }

  private goodbyeWhenDone(): void {
    if (!this.leaving || this.saidGoodbye || this.pending.size > 0) return;
    this.saidGoodbye = true;
    this.write(this.dialect.logout(this.expect(() => this.end(null))));
  }

  private probe(): void {
    if (this.probing) return;
    this.probing = true;
    const limit = setTimeout(() => this.end({ reason: 'silent', detail: `${this.patience.answerMs} ms` }), this.patience.answerMs);
    this.timers.push(limit);
    const alive = (answer: Answer | null): void => {
      if (answer === null) return;
      clearTimeout(limit);
      this.probing = false;
    };
    this.write(this.dialect.keepAlive(this.expect(alive)));
  }

  private expect(heard: (answer: Answer | null) => void): number {
    do this.sequence = this.sequence === LAST_SEQUENCE ? 1 : this.sequence + 1;
    while (this.pending.has(this.sequence));
    this.pending.set(this.sequence, { sentAt: performance.now(), heard });
    return this.sequence;
  }

  private logIn(): void {
    this.write(
      this.dialect.login(
        this.expect((answer) => {
          if (answer === null) return;
          const detail = this.dialect.refusal(answer);
          if (detail !== null) return this.end({ reason: 'refused', detail });
          this.clearTimers();
          this.bound = true;
          this.events.onBound();
        }),
      ),
    );
  }

  private write(frame: Buffer): void {
    if (this.ended) return;
    this.out.push(frame);
    this.flushing ??= setImmediate(() => this.flush());
  }

  private take(chunk: Buffer): void {
    this.heardAt = performance.now();
    try {
      this.splitter.push(chunk, (frame) => {
        this.hear(this.meaning(frame));
        return !this.ended;
      });
    } catch (fault) {
      this.garbled(fault);
    }
    if (!this.ended) this.events.onRoom();
  }

  /** A frame that cannot be read is answered by a complaint; its end is known, so the line goes on. */
  private meaning(frame: Buffer): Heard<Answer, Event> {
    try {
      return this.dialect.hear(frame);
    } catch (fault) {
      const reply = this.dialect.complain(fault);
      if (reply === null) throw fault;
      return { kind: 'control', reply };
    }
  }

  private hear(heard: Heard<Answer, Event>): void {
    if (heard.kind === 'answer') return this.answered(heard.sequence, heard.answer);
    if (heard.kind === 'event') return this.events.onEvent(heard.event, (kept) => this.write(heard.acknowledge(kept)));
    if (heard.reply) this.write(heard.reply);
    if (!heard.last) return;
    this.flush();
    this.end({ reason: 'closed', detail: 'unbind' });
  }

  private answered(sequence: number, answer: Answer): void {
    const pending = this.pending.get(sequence);
    if (!pending) return;
    this.pending.delete(sequence);
    pending.heard(answer);
    this.goodbyeWhenDone();
  }

  /** The place in the stream is lost: nothing that follows can be trusted. */
  private garbled(fault: unknown): void {
    const reply = this.dialect.complain(fault);
    if (reply) this.write(reply);
    this.flush();
    this.end({ reason: 'garbled', detail: fault instanceof Error ? fault.message : String(fault) });
  }

  private end(fault: LineFault | null): void {
    if (this.ended) return;
    this.ended = true;
    this.clearTimers();
    if (this.flushing) clearImmediate(this.flushing);
    this.close();
    const lost = [...this.pending.values()];
    this.pending.clear();
    for (const { heard } of lost) heard(null);
    this.events.onEnd(fault);
  }

  /** What is written still leaves; a peer that does not read it is cut off. */
  private close(): void {
    if (!this.bound && this.socket.connecting) return void this.socket.destroy();
    this.socket.destroySoon();
    const limit = setTimeout(() => this.socket.destroy(), LAST_WORDS_MS);
    this.socket.once('close', () => clearTimeout(limit));
  }

  private clearTimers(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }
}
