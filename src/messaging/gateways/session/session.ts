import { reconnectDelay } from './back-off.policy.js';
import type { Arrival, Dialect, Line, LineFault, Outcome, Patience, SessionState } from './dialect.types.js';
import { Link } from './link.js';
import { fullPace, type Pace, slowed, taken } from './pace.policy.js';

interface Exchange<Request, Answer> {
  request: Request;
  queuedAt: number;
  done: (outcome: Outcome<Answer>) => void;
}

export interface SessionEvents<Event> {
  /** What the other side sent of itself. To be acknowledged, in any order. */
  onArrival(arrival: Arrival<Event>): void;
  onState?(state: SessionState, fault: LineFault | null): void;
}

const LOOKS_A_SPAN = 8;
/** Failed tries in a row after which nobody waits for the next. */
const HOPELESS = 2;

/**
 * A lasting conversation over connections that come and go. Requests wait their turn, at most `window` of them stand unanswered, and each
 * ends in exactly one outcome; what was on a broken line is unknown and is never sent again here.
 */
export class Session<Request, Answer, Event> {
  private link: Link<Request, Answer, Event> | null = null;
  private queue: Exchange<Request, Answer>[] = [];
  private next = 0;
  /** Sent back for their pace: first in line again. */
  private again: Exchange<Request, Answer>[] = [];
  private pace: Pace;
  private failures = 0;
  private current: SessionState = 'waiting';
  private lastFault: LineFault | null = null;
  private readonly watch: NodeJS.Timeout;
  private reconnecting: NodeJS.Timeout | null = null;
  private resuming: NodeJS.Timeout | null = null;
  private pumping: NodeJS.Immediate | null = null;
  private readonly waiters = new Set<() => void>();

  constructor(
    private readonly dialect: Dialect<Request, Answer, Event>,
    private readonly line: Line,
    private readonly patience: Patience,
    private readonly events: SessionEvents<Event>,
  ) {
    this.pace = fullPace(line.window);
    const span = Math.min(patience.answerMs, patience.queueMs, patience.idleMs);
    this.watch = setInterval(() => this.look(), Math.max(5, span / LOOKS_A_SPAN));
    this.connect();
  }

  get state(): SessionState {
    return this.current;
  }

  /** Why there is no connection; null while there is one. */
  get fault(): LineFault | null {
    return this.current === 'bound' ? null : this.lastFault;
  }

  /** Requests that wait for their turn. */
  get queued(): number {
    return this.queue.length - this.next + this.again.length;
  }

  /** Requests on the line without an answer. */
  get waiting(): number {
    return this.link?.waiting ?? 0;
  }

  /** `done` is called once. */
  send(request: Request, done: (outcome: Outcome<Answer>) => void): void {
    if (this.current === 'ended') return done({ kind: 'unsent', throttled: false });
    this.queue.push({ request, queuedAt: performance.now(), done });
    this.pump();
  }

  ask(request: Request): Promise<Outcome<Answer>> {
    return new Promise((resolve) => this.send(request, resolve));
  }

  /** Resolves when the session is bound; false when it ended, failed to connect again and again, or `withinMs` passed first. */
  async bound(withinMs: number): Promise<boolean> {
    if (this.decided) return this.current === 'bound';
    let limit: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      limit = setTimeout(resolve, withinMs);
      this.waiters.add(resolve);
    });
    clearTimeout(limit);
    return this.state === 'bound';
  }

  /** Gives back what waits, lets answers come in, says goodbye. */
  async stop(): Promise<void> {
    if (this.current === 'ended') return;
    const { link } = this;
    this.turn('ended', null);
    clearInterval(this.watch);
    for (const timer of [this.reconnecting, this.resuming]) if (timer) clearTimeout(timer);
    this.giveBack(Infinity);
    await link?.leave();
  }

  private get decided(): boolean {
    return this.current === 'bound' || this.current === 'ended' || this.failures >= HOPELESS;
  }

  private connect(): void {
    this.reconnecting = null;
    this.turn('connecting', null);
    this.pace = fullPace(this.line.window);
    this.link = new Link(this.dialect, this.line, this.patience, {
      onBound: () => {
        this.failures = 0;
        this.turn('bound', null);
        this.pump();
      },
      onEvent: (event, acknowledge) => this.events.onArrival({ event, acknowledge }),
      onRoom: () => this.pump(),
      onEnd: (fault) => this.lost(fault),
    });
  }

  private lost(fault: LineFault | null): void {
    this.link = null;
    if (this.current === 'ended') return;
    this.failures += 1;
    const delay = reconnectDelay(this.patience.backOff, this.failures, { fault, draw: Math.random() });
    this.reconnecting = setTimeout(() => this.connect(), delay);
    this.turn('waiting', fault);
  }

  private turn(state: SessionState, fault: LineFault | null): void {
    this.current = state;
    if (fault) this.lastFault = fault;
    this.events.onState?.(state, fault);
    if (!this.decided) return;
    for (const resolve of this.waiters) resolve();
    this.waiters.clear();
  }

  private pump(): void {
    this.pumping ??= setImmediate(() => this.fill());
  }

  /** As much as the window takes, in one write. */
  private fill(): void {
    this.pumping = null;
    const { link } = this;
    if (!link?.open || this.queued === 0 || this.paused()) return;
    const now = performance.now();
    for (let room = Math.floor(this.pace.allowed) - link.waiting; room > 0; room -= 1) {
      const exchange = this.take();
      if (!exchange) break;
      this.put(link, exchange, now);
    }
    link.flush();
  }

  private paused(): boolean {
    const wait = this.pace.until - performance.now();
    if (wait <= 0) return false;
    this.resuming ??= setTimeout(() => {
      this.resuming = null;
      this.pump();
    }, wait);
    return true;
  }

  private take(): Exchange<Request, Answer> | undefined {
    const again = this.again.shift();
    if (again) return again;
    const exchange = this.queue[this.next];
    if (!exchange) return undefined;
    this.next += 1;
    if (this.next === this.queue.length) [this.queue, this.next] = [[], 0];
    return exchange;
  }

  private put(link: Link<Request, Answer, Event>, exchange: Exchange<Request, Answer>, sentAt: number): void {
    link.ask(exchange.request, (answer) => {
      if (answer === null) return exchange.done({ kind: 'unknown' });
      if (this.dialect.verdict(answer) === 'slow_down') return this.sentBack(exchange, sentAt);
      this.pace = taken(this.pace, this.line.window);
      exchange.done({ kind: 'answered', answer });
    });
  }

  private sentBack(exchange: Exchange<Request, Answer>, sentAt: number): void {
    this.pace = slowed(this.pace, sentAt, performance.now());
    if (this.current === 'ended') return exchange.done({ kind: 'unsent', throttled: true });
    this.again.push(exchange);
  }

  private look(): void {
    const now = performance.now();
    this.link?.look(now);
    this.giveBack(now - this.patience.queueMs);
    this.pump();
  }

  /** What has waited since before `since` is certainly unsent. */
  private giveBack(since: number): void {
    const sentBack = this.again.filter(({ queuedAt }) => queuedAt < since);
    this.again = this.again.filter(({ queuedAt }) => queuedAt >= since);
    const late: Exchange<Request, Answer>[] = [];
    for (let first = this.queue[this.next]; first && first.queuedAt < since; first = this.queue[this.next]) {
      late.push(first);
      this.next += 1;
    }
    if (this.next === this.queue.length) [this.queue, this.next] = [[], 0];
    for (const { done } of sentBack) done({ kind: 'unsent', throttled: true });
    for (const { done } of late) done({ kind: 'unsent', throttled: this.pace.slowedAt >= 0 });
  }
}
