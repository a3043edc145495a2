import { type Dispatcher, Pool } from 'undici';
import type { KannelAnswer, SendRequest } from './kannel.policy.js';

/** Why no answer came. `sent`: the request had begun to go out, so the other side may have acted on it. */
export interface NoAnswer {
  fault: string;
  sent: boolean;
}

const LONGEST_ANSWER = 4096;

const faultOf = (error: Error & { code?: string }): string => error.code ?? error.message;

/**
 * Connections to one gateway, kept open. It never sends a request twice: one that has begun to go out and breaks off is reported as such,
 * and one that waits for a connection in vain is taken back before a byte of it is written.
 */
export class HttpLine {
  private readonly pool: Pool;

  constructor(
    origin: string,
    { connections }: { connections: number },
    private readonly timeoutMs: number,
  ) {
    // one request a connection at a time; time-outs are our own: undici's begin anew at each step and are accurate to a second
    this.pool = new Pool(origin, { connections, pipelining: 1, connect: { timeout: timeoutMs }, headersTimeout: 0, bodyTimeout: 0 });
  }

  call({ method, path, headers, body }: SendRequest): Promise<KannelAnswer | NoAnswer> {
    return new Promise((done) => {
      const call = new Call(this.timeoutMs, done);
      this.pool.dispatch({ method, path, headers: { ...headers, accept: 'text/plain, text/html' }, body }, call);
    });
  }

  /** Waits for what is on its way. */
  close(): Promise<void> {
    return this.pool.close();
  }
}

/** One request on its way: whether it has begun to go out, and what came back. */
class Call implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private retryAfter: string | undefined;
  private over = false;
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    timeoutMs: number,
    private readonly done: (answer: KannelAnswer | NoAnswer) => void,
  ) {
    this.timer = setTimeout(() => this.fail('timed out'), timeoutMs);
  }

  /** Right before the first byte. Taken back already, or begun before: nothing is written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.over || this.controller) return controller.abort(new Error('taken back'));
    this.controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.status = status;
    this.retryAfter = [headers['retry-after']].flat()[0];
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.bytes < LONGEST_ANSWER) this.chunks.push(chunk);
    this.bytes += chunk.length;
  }

  onResponseEnd(): void {
    this.finish({ status: this.status, body: Buffer.concat(this.chunks).toString('utf8').slice(0, LONGEST_ANSWER), retryAfter: this.retryAfter });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.finish({ fault: faultOf(error), sent: this.controller !== undefined });
  }

  private fail(fault: string): void {
    this.finish({ fault, sent: this.controller !== undefined });
    this.controller?.abort(new Error(fault));
  }

  private finish(answer: KannelAnswer | NoAnswer): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    this.done(answer);
  }
}
