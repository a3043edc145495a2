import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { Database } from '../database/database.js';
import { whoeverWaits } from '../database/reading.js';
import { keptMessage } from './failure.policy.js';
import { Leases } from './leases.js';
import { WAKE_CHANNEL } from './outbox.js';

const ALIVE = 7_202_002; // advisory lock, held shared by every living relay
const RECONNECT_MS = 1000;

/** The one connection that listens. It also holds the sign of life by which a new process knows whether it is alone. */
@Injectable()
export class WakeUps {
  private readonly logger = new Logger('Jobs');
  private client: pg.PoolClient | undefined;
  private retry: NodeJS.Timeout | undefined;
  private stopped = true;

  constructor(
    private readonly db: Database,
    private readonly leases: Leases,
  ) {}

  /** First frees what a killed predecessor left behind, if nobody else lives; then calls `wake` at each notification. */
  async start(wake: () => void): Promise<void> {
    this.stopped = false;
    await this.connect(wake, true);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    this.client?.release(true); // destroyed, not reused: it carries LISTEN and a session lock
    this.client = undefined;
  }

  private async connect(wake: () => void, first: boolean): Promise<void> {
    const client = await this.db.pool.connect();
    client.on('notification', () => whoeverWaits(wake)); // the connection may have been opened for a page
    client.on('error', (error) => this.lost(client, wake, error));
    this.client = client;
    if (first) await this.freeOrphans(client);
    await client.query('select pg_advisory_lock_shared($1)', [ALIVE]);
    await client.query(`listen ${WAKE_CHANNEL}`);
    wake(); // what was notified while nobody listened
  }

  /** Not after a reconnect: then this very process may be running rows. */
  private async freeOrphans(client: pg.PoolClient): Promise<void> {
    const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [ALIVE]);
    if (!rows[0]?.alone) return;
    const freed = await this.leases.freeAll();
    if (freed > 0) this.logger.log(`${freed} jobs of a stopped process go on`);
    await client.query('select pg_advisory_unlock($1)', [ALIVE]);
  }

  private lost(client: pg.PoolClient, wake: () => void, error: Error): void {
    if (this.client !== client) return;
    this.client = undefined;
    client.release(true);
    this.logger.warn(`the wake-up connection was lost, polling goes on: ${keptMessage(error)}`);
    this.reconnect(wake);
  }

  private reconnect(wake: () => void): void {
    if (this.stopped) return;
    this.retry = setTimeout(() => {
      this.connect(wake, false).catch(() => this.reconnect(wake));
    }, RECONNECT_MS).unref();
  }
}
