import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';

export interface Pace {
  gateway: string;
  gatewayRate: number;
  /** A blast's own, lower limit; null for messages outside a blast. */
  blastId: string | null;
  blastRate: number | null;
}

export interface Stretch {
  /** false: the gateway is taken, or has asked for rest, for longer than anybody should stand and wait. Ask again after the wait. */
  taken: boolean;
  /** Milliseconds until the first message may go; below zero: so far it is behind, and may make up for it. */
  waitMs: number;
  /** Between one message and the next. */
  gapMs: number;
}

/** Nobody stands and waits longer for a gateway's time: a wait is a worker and a transaction. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Whoever was busy for a moment between two stretches makes up for it, up to so much: without it each answer and each cut would be lost to the rate. No more, so
 * that nobody saves up while idle.
 */
export const MADE_UP_MS = 200;

/**
 * The rate of a gateway belongs to the account, not to a process: whoever wants to send takes a stretch of its time line, and the next one
 * starts where it ends. Real time by the database's clock, as no other clock is common to all processes.
 */
@Injectable()
export class PacingCommands {
  constructor(private readonly database: Database) {}

  async take(pace: Pace, messages: number): Promise<Stretch> {
    const gateway = await this.takeFrom(sql`messaging.gateway`, sql`code = ${pace.gateway}`, messages / pace.gatewayRate);
    if (gateway > LONGEST_WAIT_MS) return { taken: false, waitMs: gateway, gapMs: 0 };
    if (pace.blastId === null || pace.blastRate === null || pace.blastRate >= pace.gatewayRate) {
      return { taken: true, waitMs: gateway, gapMs: 1000 / pace.gatewayRate };
    }
    const blast = await this.takeFrom(sql`messaging.blast`, sql`id = ${pace.blastId}`, messages / pace.blastRate);
    return { taken: blast <= LONGEST_WAIT_MS, waitMs: Math.max(gateway, blast), gapMs: 1000 / pace.blastRate };
  }

  /** @returns the wait; one above {@link LONGEST_WAIT_MS}: nothing was taken */
  private async takeFrom(table: Sql, which: Sql, seconds: number): Promise<number> {
    const length = sql`make_interval(secs => ${seconds}::double precision)`;
    const waitFrom = (start: Sql): Sql => sql`(extract(epoch from ${start} - clock_timestamp()) * 1000)::double precision as wait`;
    const { wait } = await this.database.one<{ wait: number }>(sql`
      with taken as (
        update ${table} set free_at = greatest(free_at, clock_timestamp() - make_interval(secs => ${MADE_UP_MS / 1000}::double precision)) + ${length}
        where ${which} and free_at <= clock_timestamp() + make_interval(secs => ${LONGEST_WAIT_MS / 1000}::double precision)
        returning ${waitFrom(sql`free_at - ${length}`)}
      )
      select coalesce((select wait from taken), (select ${waitFrom(sql`free_at`)} from ${table} where ${which})) as wait`);
    return wait;
  }
}
