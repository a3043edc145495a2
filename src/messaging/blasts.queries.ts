import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { notFound } from '../kernel/errors.js';
import { Database, type Queryable, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { inScope, usableBy } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { COUNT_KEYS, COUNT_OF, type CountKey, type RecipientState } from './blast.states.js';
import type { Blast, BlastFigures, BlastRow } from './messaging.types.js';

const BLAST = sql`
  select b.id, b.code, b.name, b.state, t.code as "templateCode", t.name as "templateName", b.template_version as "templateVersion",
         coalesce(b.purpose, t.purpose) as purpose, b.segment_id as "segmentId", s.code as "segmentCode", s.name as "segmentName",
         b.gateway_code as gateway, b.not_before as "notBefore", b.not_after as "notAfter",
         least(b.rate_per_second, g.rate_per_second) as "ratePerSecond", b.planned_by_care as "plannedByCare", b.holdout_percent::float8 as "holdoutPercent", b.paused_by as "pausedBy",
         u.name as "createdBy", b.created_at as "createdAt", b.started_at as "startedAt", b.finished_at as "finishedAt"
  from messaging.blast b
  join messaging.template t on t.id = b.template_id
  join messaging.gateway g on g.code = b.gateway_code
  join staff.v_org_unit o on o.id = b.org_unit_id
  left join segments.v_segment s on s.id = b.segment_id
  left join staff.v_user u on u.id = b.created_by`;

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

export interface FailureRow {
  networkCode: string | null;
  count: number;
}

export interface MinuteRow {
  minute: Date;
  submitted: number;
  delivered: number;
}

@Injectable()
export class BlastsQueries {
  constructor(private readonly database: Database) {}

  async list(user: CurrentUser, limit = 50, cursor?: string): Promise<Page<Blast>> {
    const before = decodeCursor(cursor, 1)?.[0];
    const rows = await this.database.rows<BlastRow>(sql`
      ${BLAST} where ${usableBy(user, sql`o.path`)} and (${before ?? null}::bigint is null or b.id < ${before ?? null}::bigint)
      order by b.id desc limit ${limit + 1}`);
    const figures = await this.figuresOf(rows.map(({ id }) => id));
    const page = pageOf(rows, limit, (last) => [last.id]);
    return { ...page, items: page.items.map((row) => ({ ...row, ...(figures.get(row.id) ?? noFigures()) })) };
  }

  /** @throws DomainError not_found */
  async byCode(user: CurrentUser, code: string, on: Queryable = this.database): Promise<Blast> {
    const row = await on.maybe<BlastRow>(sql`${BLAST} where b.code = ${code} and ${usableBy(user, sql`o.path`)}`);
    if (!row) throw notFound('blast', code);
    return { ...row, ...((await this.figuresOf([row.id], on)).get(row.id) ?? noFigures()) };
  }

  /**
   * The blast of a command, held until the transaction ends. A unit sees the blasts of the units above, it does not steer them.
   * @throws DomainError not_found
   */
  async lock(tx: Tx, user: CurrentUser, code: string): Promise<Blast> {
    const held = await tx.run(sql`
      select from messaging.blast b join staff.v_org_unit o on o.id = b.org_unit_id
      where b.code = ${code} and ${inScope(user, sql`o.path`)} for no key update of b`);
    if (held === 0) throw notFound('blast', code);
    return this.byCode(user, code, tx);
  }

  private async figuresOf(blastIds: readonly string[], on: Queryable = this.database): Promise<Map<string, BlastFigures>> {
    const rows = await on.rows<StateRow>(sql`
      select blast_id as "blastId", state, case when state in ('refused', 'cancelled') then coalesce(reason, state) end as reason,
             count(*)::int as n, sum(parts)::int as parts, count(*) filter (where parts > 0)::int as billed
      from messaging.recipient where blast_id = any(${blastIds}::bigint[]) group by 1, 2, 3`);
    const all = new Map<string, BlastFigures>();
    for (const row of rows) {
      const figures = all.get(row.blastId) ?? noFigures();
      all.set(row.blastId, figures);
      addTo(figures, row);
    }
    return all;
  }

  failures(blastId: string): Promise<FailureRow[]> {
    return this.database.rows<FailureRow>(sql`
      select network_code as "networkCode", count(*)::int as count from messaging.message
      where blast_id = ${blastId} and state in ('rejected', 'undelivered') group by 1 order by 2 desc`);
  }

  /** Handed over and delivered, minute by minute: the last thirty in which something happened. */
  minutes(blastId: string): Promise<MinuteRow[]> {
    return this.database.rows<MinuteRow>(sql`
      select minute, sum(submitted)::int as submitted, sum(delivered)::int as delivered from (
        select date_trunc('minute', submitted_at) as minute, count(*) as submitted, 0 as delivered
        from messaging.message where blast_id = ${blastId} and submitted_at is not null group by 1
        union all
        select date_trunc('minute', finished_at), 0, count(*) from messaging.message where blast_id = ${blastId} and state = 'delivered' group by 1
      ) x group by 1 order by 1 desc limit 30`);
  }

  /** From hand-over to delivery, in seconds; null while nothing is delivered. */
  async medianSeconds(blastId: string): Promise<number | null> {
    const { median } = await this.database.one<{ median: number | null }>(sql`
      select percentile_cont(0.5) within group (order by extract(epoch from finished_at - submitted_at))::double precision as median
      from messaging.message where blast_id = ${blastId} and state = 'delivered'`);
    return median;
  }
}

function noFigures(): BlastFigures {
  const counts = Object.fromEntries(COUNT_KEYS.map((key) => [key, 0])) as Record<CountKey, number>;
  return { audience: 0, counts, refusedBy: {}, parts: 0, billed: 0 };
}

function addTo(figures: BlastFigures, row: StateRow): void {
  figures.audience += row.n;
  figures.counts[COUNT_OF[row.state]] += row.n;
  if (row.reason !== null) figures.refusedBy[row.reason] = (figures.refusedBy[row.reason] ?? 0) + row.n;
  if (!BILLED.includes(row.state)) return;
  figures.parts += row.parts;
  figures.billed += row.billed;
}
