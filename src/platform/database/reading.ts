import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { DomainError } from '../../kernel/errors.js';

const readings = new AsyncLocalStorage<Reading>();

/** So long one statement of a page may run: a proxy in front of us would not wait longer either. */
const LIMIT_MS = 60_000;

/** A request that only reads. Who asked may go away meanwhile: nothing is worked out for nobody. */
export class Reading {
  private readonly statements = new Set<() => void>();
  private state: 'asked' | 'answered' | 'left' = 'asked';

  constructor(readonly limitMs = LIMIT_MS) {}

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

/** Does what is to be kept whoever still waits, within a request that only reads. */
export const whoeverWaits = <T>(work: () => T): T => readings.exit(work);

const LEFT = (): DomainError => new DomainError('reader_left', { status: 499 });

/** PostgreSQL is told on a connection of its own: the one that works does not listen. A server that cannot be reached has stopped anyway. */
async function stop(client: pg.ClientBase, server: pg.PoolConfig): Promise<void> {
  const other = new pg.Client(server);
  other.on('error', () => undefined);
  try {
    await other.connect();
    await other.query('select pg_cancel_backend($1)', [(client as pg.ClientBase & { processID: number }).processID]);
  } catch {
    // it runs on to its end
  } finally {
    await other.end().catch(() => undefined);
  }
}

/**
 * Asks, on behalf of a reading no longer than it may take and somebody waits.
 * @throws DomainError reader_left (499) · too_long (503, seconds)
 */
export async function ask(client: pg.ClientBase, server: pg.PoolConfig, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  const reading = readingNow();
  if (!reading) return client.query(statement);
  if (reading.isLeft) throw LEFT();
  let stopping: Promise<void> | undefined;
  const end = (): void => void (stopping ??= stop(client, server));
  const timer = setTimeout(end, reading.limitMs);
  const forget = reading.onLeft(end);
  try {
    return await client.query(statement);
  } catch (error) {
    if (!stopping) throw error;
    throw reading.isLeft ? LEFT() : new DomainError('too_long', { status: 503, params: { seconds: reading.limitMs / 1000 } });
  } finally {
    clearTimeout(timer);
    forget();
    await stopping; // or the word to stop would reach the next statement of this connection
  }
}
