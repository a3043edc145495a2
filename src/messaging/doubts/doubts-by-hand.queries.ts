import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { GatewayKind } from '../gateways/gateway.types.js';

/** So long receipts and the gateway's own answer are waited for: what they settle nobody need look up. */
export const RIPE_MINUTES = 10;

/** What one gateway left in doubt. */
export interface GatewayDoubts {
  gateway: string;
  kind: GatewayKind;
  people: number;
  /** Of these, how many a person may settle by now. */
  ripe: number;
  /** When the first of them was handed over. */
  since: Date;
}

/** Messages of a blast whose answer is lost, as whoever looks them up at the gateway needs them. */
@Injectable()
export class DoubtsByHandQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  standing(blastId: string): Promise<GatewayDoubts[]> {
    return this.database.rows<GatewayDoubts>(sql`
      select m.gateway_code as gateway, g.kind, count(*)::int as people, count(*) filter (where m.created_at <= ${this.ripe()})::int as ripe, min(m.created_at) as since
      from messaging.recipient r join messaging.message m on m.id = r.message_id join messaging.gateway g on g.code = m.gateway_code
      where r.blast_id = ${blastId} and r.reason = 'in_doubt' and m.state = 'in_doubt' group by 1, 2 order by 1`);
  }

  async ripeIds(on: Queryable, blastId: string, gateway: string): Promise<string[]> {
    const rows = await on.rows<{ id: string }>(sql`
      select m.id from messaging.recipient r join messaging.message m on m.id = r.message_id
      where r.blast_id = ${blastId} and r.reason = 'in_doubt' and m.state = 'in_doubt' and m.gateway_code = ${gateway} and m.created_at <= ${this.ripe()}`);
    return rows.map(({ id }) => id);
  }

  private ripe(): Date {
    return new Date(this.clock.now().getTime() - RIPE_MINUTES * 60_000);
  }
}
