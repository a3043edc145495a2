import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import { DomainError } from '../../kernel/errors.js';
import { stopStatement } from './stop-statement.js';

const readings = new AsyncLocalStorage<Reading>();

/** So long one statement of a page may run: a proxy in front of us would not wait longer either. */
const LIMIT_MS = 60_000;
/** A trial of everything: a launch to a million people takes half a minute on a small machine. */
const TRIAL_LIMIT_MS = 600_000;

/** A request that only reads. Who asked may go away meanwhile: nothing is worked out for nobody. */
export class Reading {
  private readonly statements = new Set<() => void>();
  private state: 'asked' | 'answered' | 'left' = 'asked';

  constructor(private limit = LIMIT_MS) {}

  get limitMs(): number {
    return this.limit;
  }

  extend(limitMs: number): void {
    this.limit = Math.max(this.limit, limitMs);
  }

  get isOpen(): boolean {
    return this.state !== 'answered';
  }

  get isLeft(): boolean {
    return this.state === 'left';
  }

  answered(): void {
    if (this.state === 'asked') this.state = 'answered';
  }

  /** Who asked went away: what is being worked out stops, and nothing more begins. */
  left(): void {
    if (this.state !== 'asked') return;
    this.state = 'left';
    for (const stop of this.statements) stop();
  }

  /** @returns forgets it again */
  onLeft(stop: () => void): () => void {
    this.statements.add(stop);
    return () => this.statements.delete(stop);
  }
}

/** The reading that asks for what happens now; undefined in jobs, in what changes something, and once it is answered. */
export function readingNow(): Reading | undefined {
  const reading = readings.getStore();
  return reading?.isOpen ? reading : undefined;
}

/** Does the work of a request that only reads. */
export const reads = <T>(reading: Reading, work: () => T): T => readings.run(reading, work);

/** What tries a whole audience or everybody's days may take ten minutes a statement: nobody could narrow it. */
export const takesLonger = (): void => readingNow()?.extend(TRIAL_LIMIT_MS);

/** Does, within a request that only reads, what is to be kept or is done for others too: it goes on whoever still waits, however long it takes. */
export const whoeverWaits = <T>(work: () => T): T => readings.exit(work);

/** PostgreSQL's name for a statement that was told to stop. */
const CANCELLED = '57014';

const LEFT = (): DomainError => new DomainError('reader_left', { status: 499 });

/**
 * Asks, on behalf of a reading no longer than it may take and somebody waits.
 * @throws DomainError reader_left (499) · too_long (503, seconds)
 */
export async function ask(client: pg.ClientBase, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  const reading = readingNow();
  if (!reading) return client.query(statement);
  if (reading.isLeft) throw LEFT();
  let stopping: Promise<void> | undefined;
  const end = (): void => void (stopping ??= stopStatement(client));
  const timer = setTimeout(end, reading.limitMs);
  const forget = reading.onLeft(end);
  try {
    return await client.query(statement);
  } catch (error) {
    if (!stopping || (error as { code?: string }).code !== CANCELLED) throw error;
    throw reading.isLeft ? LEFT() : new DomainError('too_long', { status: 503, params: { seconds: reading.limitMs / 1000 } });
  } finally {
    clearTimeout(timer);
    forget();
    await stopping; // or the word to stop would reach the next statement of this connection
  }
}
