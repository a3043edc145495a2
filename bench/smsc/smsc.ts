import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export interface Heard {
  submits: number;
  /** How many different numbers. */
  numbers: number;
  /** The first of those that were texted more than once. */
  twice: { number: string; n: number }[];
  /** How often a line fell. */
  drops: number;
  throttled: number;
  /** Receipts that were acknowledged; due or sent ones that were not. */
  acknowledged: number;
  open: number;
}

/** Milliseconds, and shares from 0 to 1. */
export interface Nature {
  receiptMs?: number;
  /** So much later come so many of the receipts. */
  lateMs?: number;
  late?: number;
  throttled?: number;
  doubled?: number;
  /** Before the answer. */
  early?: number;
  /** Before it reads what has come. */
  slowMs?: number;
  /** The line falls after so many messages, the last of them taken and not answered. */
  dropEvery?: number;
}

/** The SMSC of the benches, a process of its own so that its work is on nobody's account. */
export class Smsc {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<Smsc> {
    const child = fork(join('bench', 'smsc', 'server.mjs'), { stdio: 'inherit', execArgv: [] });
    const { port } = await nextWord<{ port: number }>(child);
    return new Smsc(child, port);
  }

  count(): Promise<Heard> {
    return this.say({ ask: 'count' });
  }

  reset(): Promise<Heard> {
    return this.say({ ask: 'reset' });
  }

  set(nature: Nature): Promise<Heard> {
    return this.say({ ask: 'set', nature });
  }

  stop(): void {
    this.child.disconnect();
  }

  private say(words: object): Promise<Heard> {
    const answer = nextWord<Heard>(this.child);
    this.child.send(words);
    return answer;
  }
}

const nextWord = <T>(child: ChildProcess): Promise<T> => new Promise((resolve) => child.once('message', (word) => resolve(word as T)));
