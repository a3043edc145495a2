import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface LineEvent {
  event: string;
  line?: string;
}

/**
 * A child process that says what happens, a line at a time: tests wait for what was said, never for time. A line of JSON is an event
 * of its own; plain lines are `out` and `error`.
 */
export class LineProcess<E extends LineEvent> {
  readonly heard: E[] = [];
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<unknown>;
  private waiting: (() => void)[] = [];
  private over = false;

  /** @param env instead of this process's own environment. */
  constructor(file: string, args: readonly string[], env?: Record<string, string>) {
    const options = { cwd: process.cwd(), ...(env ? { env: { PATH: process.env.PATH, ...env } } : {}) };
    this.child = spawn(process.execPath, ['-r', './scripts/register.cjs', file, ...args], options);
    this.ended = once(this.child, 'close').then(() => {
      this.over = true;
      this.wake();
    });
    createInterface({ input: this.child.stdout }).on('line', (line) => this.hear('out', line));
    createInterface({ input: this.child.stderr }).on('line', (line) => this.hear('error', line));
  }

  private hear(event: string, line: string): void {
    this.heard.push((line.startsWith('{"event"') ? JSON.parse(line) : { event, line }) as E);
    this.wake();
  }

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The first event of a kind whose line contains `text`. Rejects when the process ends without saying it. */
  async says(event: string, text = ''): Promise<E> {
    for (;;) {
      const found = this.heard.find((e) => e.event === event && (e.line ?? '').includes(text));
      if (found) return found;
      if (this.over) throw new Error(`ended without saying ${event} ${text}; it said ${JSON.stringify(this.heard)}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Waits for the end. @returns the exit code, or the signal that ended it. */
  async end(): Promise<number | NodeJS.Signals | null> {
    await this.ended;
    return this.child.exitCode ?? this.child.signalCode;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | NodeJS.Signals | null> {
    this.child.kill(signal);
    return this.end();
  }

  /** Closes its input, the polite way to end it. */
  async finish(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
  }
}
