import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { BlastCountsQueries, type FailureRow } from '../blasts/blast-counts.queries.js';
import { NO_CODE } from '../blasts/blast.states.js';
import type { Way } from '../gateways/gateway.types.js';
import { WAYS } from '../gateways/gateways.queries.js';
import type { Blast } from '../messaging.types.js';
import { type FailureMeaning, kindOfFailure, meaningOf } from './failure-kinds.policy.js';

export type Failure = FailureRow & FailureMeaning;

/** Of those who failed, whom it may be tried with again (R8). */
@Injectable()
export class RetryQueries {
  constructor(
    private readonly database: Database,
    private readonly counts: BlastCountsQueries,
  ) {}

  /** Each code with what it says about trying again. */
  async failures({ id, ways }: Pick<Blast, 'id' | 'ways'>): Promise<Failure[]> {
    return (await this.counts.failures(id)).map((row) => ({ ...row, ...meaningOf(row.networkCode, ways) }));
  }

  /** The blasts in which it was tried again, in order. */
  rounds(blastId: string): Promise<{ code: string; name: string }[]> {
    return this.database.rows(sql`select code, name from messaging.blast where retry_of = ${blastId} order by id`);
  }

  /** How many it may be tried with, and has not been. */
  async count(blastId: string, on: Queryable = this.database): Promise<number> {
    const codes = await this.codes(blastId, on);
    if (codes.length === 0) return 0;
    return (await on.one<{ n: number }>(sql`select count(*)::int as n from (${candidates(blastId, codes, null)}) c`)).n;
  }

  /** A select of `customer_id, line_id, number`: failed for a technical reason, and in no other round. The gate is asked about each at the hand-over. */
  async candidates(on: Queryable, blastId: string, round: string): Promise<Sql> {
    return candidates(blastId, await this.codes(blastId, on), round);
  }

  private async codes(blastId: string, on: Queryable = this.database): Promise<string[]> {
    const { ways } = await on.one<{ ways: Way[] }>(sql`select ${WAYS} as ways from messaging.blast b where b.id = ${blastId}`);
    const rows = await this.counts.states(blastId, on);
    const failed = rows.filter(({ state, n }) => n > 0 && (state === 'rejected' || state === 'undelivered'));
    return failed.map(({ reason }) => reason ?? NO_CODE).filter((code) => kindOfFailure(code, ways) === 'technical');
  }
}

const candidates = (blastId: string, codes: readonly string[], round: string | null): Sql => sql`
  select r.customer_id, r.line_id, r.number from messaging.recipient r
  where r.blast_id = ${blastId} and r.reason = any(${codes}::text[]) and r.state in ('rejected', 'undelivered') and r.number is not null
    and not exists (select from messaging.recipient o join messaging.blast b on b.id = o.blast_id
                    where b.retry_of = r.blast_id and b.id is distinct from ${round}::bigint and o.customer_id = r.customer_id and o.state <> 'cancelled')`;
