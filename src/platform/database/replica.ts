import { Logger } from '@nestjs/common';
import pg from 'pg';
import { POOL_OPTIONS } from './pool-options.js';

/** How long what was found about the replica is believed. */
const LOOK_MS = 5000;
/** A replica that is further behind is not asked: its figures would surprise. */
const BEHIND_SECONDS = 120;
const PATIENCE_MS = 2000;
const POOL_SIZE = 10;

/**
 * The age of the newest minute in which a schedule fired: written on the primary each minute, it says how far the replica is by whatever way it
 * gets its rows. Without a living worker nothing is written, and the replica looks old: the primary answers then.
 */
const AGE = `select extract(epoch from now() - max(fired_at))::float8 as age from platform.schedule_run where name = 'reports.settle-rollups'`;

/** A copy of the database for reading, and whether it can be asked now. */
export class Replica {
  readonly pool: pg.Pool;
  private readonly logger = new Logger('Reports');
  private usable: boolean | undefined;
  private looked = -Infinity;
  private looking: Promise<boolean> | undefined;

  constructor(url: string) {
    this.pool = new pg.Pool({
      ...POOL_OPTIONS,
      connectionString: url,
      max: POOL_SIZE,
      connectionTimeoutMillis: PATIENCE_MS,
      application_name: 'starcare-reports',
      options: '-c default_transaction_read_only=on',
    });
    this.pool.on('error', () => this.failed());
  }

  /** Looks when the last look is old; whoever asks meanwhile waits for the same look. */
  async keepsUp(): Promise<boolean> {
    if (performance.now() - this.looked < LOOK_MS) return this.usable ?? false;
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    return this.looking;
  }

  /** The next ones are not sent here before it was looked at again. */
  failed(): void {
    this.found(false, 'it does not answer');
  }

  private async look(): Promise<boolean> {
    try {
      const age = (await this.pool.query<{ age: number | null }>(AGE)).rows[0]?.age ?? Infinity;
      return this.found(age <= BEHIND_SECONDS, `it is ${Math.round(age)} seconds behind`);
    } catch {
      return this.found(false, 'it does not answer');
    }
  }

  private found(usable: boolean, why: string): boolean {
    if (usable !== this.usable) {
      if (usable) this.logger.log('reports are read from REPORTS_DATABASE_URL');
      else this.logger.warn(`reports are read from the primary, not from REPORTS_DATABASE_URL: ${why}`);
    }
    this.usable = usable;
    this.looked = performance.now();
    return usable;
  }
}
