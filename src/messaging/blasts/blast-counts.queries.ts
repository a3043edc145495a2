import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { COUNT_KEYS, COUNT_OF, type CountKey, NO_CODE, type RecipientState } from './blast.states.js';
import type { BlastFigures } from '../messaging.types.js';

interface StateRow {
  blastId: string;
  state: RecipientState;
  reason: string | null;
  n: number;
  parts: number;
  billed: number;
}

/** Parts of messages that the network took or may have taken; rejected ones are not billed. */
const BILLED: readonly RecipientState[] = ['submitted', 'accepted', 'delivered', 'undelivered', 'expired', 'in_doubt'];
const MINUTES = 30;

export interface FailureRow {
  networkCode: string | null;
  count: number;
}

export interface MinuteRow {
  minute: Date;
  submitted: number;
  delivered: number;
}

/** A state of a blast, and the reason where it has one: how many. */
export type CountRow = Pick<StateRow, 'state' | 'reason' | 'n'>;

/**
 * How many stand where. Kept by the database with each change of a recipient, so that this costs the same for a hundred and for a million of them, and is
 * what counting them would give at every instant.
 */
@Injectable()
export class BlastCountsQueries {
  constructor(private readonly database: Database) {}

  async figuresOf(blastIds: readonly string[], on: Queryable = this.database): Promise<Map<string, BlastFigures>> {
    const rows = await on.rows<StateRow>(sql`
      select blast_id as "blastId", state, reason, sum(n)::int as n, sum(parts)::int as parts, sum(billed)::int as billed
      from messaging.recipient_count where blast_id = any(${blastIds}::bigint[]) group by 1, 2, 3 having sum(n) <> 0`);
    const all = new Map(blastIds.map((id) => [id, noFigures()]));
    for (const row of rows) addTo(all.get(row.blastId) ?? noFigures(), row);
    return all;
  }

  states(blastId: string, on: Queryable = this.database): Promise<CountRow[]> {
    return on.rows<CountRow>(sql`
      select state, reason, sum(n)::int as n from messaging.recipient_count where blast_id = ${blastId} group by 1, 2 having sum(n) <> 0 order by 1, 2`);
  }

  failures(blastId: string): Promise<FailureRow[]> {
    return this.database.rows<FailureRow>(sql`
      select nullif(reason, ${NO_CODE}) as "networkCode", sum(n)::int as count from messaging.recipient_count
      where blast_id = ${blastId} and state in ('rejected', 'undelivered') group by 1 having sum(n) > 0 order by 2 desc, 1`);
  }

  /** Handed over and delivered, by the minute in which it was written down: the last thirty in which something happened. */
  minutes(blastId: string): Promise<MinuteRow[]> {
    return this.database.rows<MinuteRow>(sql`
      select * from (
        select minute,
               sum(case when state in ('submitted', 'accepted', 'rejected', 'delivered', 'undelivered', 'in_doubt') then n when state = 'expired' then billed else 0 end)::int as submitted,
               coalesce(sum(n) filter (where state = 'delivered'), 0)::int as delivered
        from messaging.recipient_count where blast_id = ${blastId} and minute is not null group by 1) m
      where submitted <> 0 or delivered <> 0 order by minute desc limit ${MINUTES}`);
  }
}

function noFigures(): BlastFigures {
  const counts = Object.fromEntries(COUNT_KEYS.map((key) => [key, 0])) as Record<CountKey, number>;
  return { audience: 0, counts, refusedBy: {}, parts: 0, billed: 0 };
}

function addTo(figures: BlastFigures, row: StateRow): void {
  const key = COUNT_OF[row.state];
  figures.audience += row.n;
  figures.counts[key] += row.n;
  if (key === 'refused') figures.refusedBy[row.reason ?? row.state] = (figures.refusedBy[row.reason ?? row.state] ?? 0) + row.n;
  if (!BILLED.includes(row.state)) return;
  figures.parts += row.parts;
  figures.billed += row.billed;
}
