import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../../../kernel/clock.js';
import { Database } from '../../../platform/database/database.js';
import { sql } from '../../../platform/database/sql.js';
import type { LineFault, SessionState } from './dialect.types.js';

/** A process that has not been seen for so long is gone, and its lines with it. */
const GONE_MS = 60_000;

export interface GatewayLine {
  gateway: string;
  line: string;
  state: Exclude<SessionState, 'ended'>;
  since: Date;
  /** The last one, with its reason first. */
  fault: string | null;
  faultAt: Date | null;
}

/** How the connections of this process stand, written down for the pages of all. */
@Injectable()
export class GatewayLines {
  private readonly process = randomUUID();
  private writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** In the order in which it happened; a word that cannot be written is no reason to stop. */
  tell(gateway: string, line: string, state: SessionState, fault: LineFault | null): void {
    const now = this.clock.now();
    const statement =
      state === 'ended'
        ? sql`delete from messaging.gateway_line where gateway_code = ${gateway} and process = ${this.process} and line = ${line}`
        : sql`
          insert into messaging.gateway_line as l (gateway_code, process, line, state, since, fault, fault_at, seen_at)
          values (${gateway}, ${this.process}, ${line}, ${state}, ${now}, ${fault && textOf(fault)}, ${fault && now}, ${now})
          on conflict (gateway_code, process, line) do update
          set state = excluded.state, since = case when l.state = excluded.state then l.since else excluded.since end,
              fault = coalesce(excluded.fault, l.fault), fault_at = coalesce(excluded.fault_at, l.fault_at), seen_at = excluded.seen_at`;
    this.writing = this.writing.then(() => this.database.run(statement)).catch(() => undefined);
  }

  /** Of all living processes. */
  all(): Promise<GatewayLine[]> {
    return this.database.rows<GatewayLine>(sql`
      select gateway_code as gateway, line, state, since, fault, fault_at as "faultAt" from messaging.gateway_line
      where seen_at > ${new Date(this.clock.now().getTime() - GONE_MS)} order by gateway_code, line, since`);
  }

  /** This process lives; those that no longer do are forgotten. */
  async beat(): Promise<void> {
    const now = this.clock.now();
    await this.database.run(sql`update messaging.gateway_line set seen_at = ${now} where process = ${this.process}`);
    await this.database.run(sql`delete from messaging.gateway_line where seen_at < ${new Date(now.getTime() - GONE_MS)}`);
  }

  async settled(): Promise<void> {
    await this.writing;
  }
}

export const textOf = ({ reason, detail }: LineFault): string => `${reason} ${detail}`.slice(0, 200);
