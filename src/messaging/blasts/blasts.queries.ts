import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { dayOf } from '../../kernel/day.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable, type Tx } from '../../platform/database/database.js';
import { type CodeKind, freeCode } from '../../platform/database/free-code.js';
import { joinSql, type Sql, sql } from '../../platform/database/sql.js';
import { inScope, usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { BlastState } from './blast.states.js';
import { BlastCountsQueries } from './blast-counts.queries.js';
import type { BlastOrigin } from './blast-list.forms.js';
import { WAYS } from '../gateways/gateways.queries.js';
import type { Blast, BlastFigures, BlastRow } from '../messaging.types.js';

const BLAST = sql`
  select b.id, b.code, b.name, b.state, t.code as "templateCode", t.name as "templateName", b.template_version as "templateVersion",
         coalesce(b.purpose, t.purpose) as purpose, b.segment_id as "segmentId", s.code as "segmentCode", s.name as "segmentName", b.filter is not null as filtered,
         b.gateway_code as gateway, g.kind as "gatewayKind", ${WAYS} as ways, b.not_before as "notBefore", b.not_after as "notAfter",
         least(b.rate_per_second, g.rate_per_second) as "ratePerSecond", b.rate_per_second as "ownRate", b.planned_by_care as "plannedByCare", b.holdout_percent::float8 as "holdoutPercent", b.paused_by as "pausedBy",
         (select jsonb_build_object('code', o.code, 'name', o.name) from messaging.blast o where o.id = b.retry_of) as "retryOf",
         b.created_by as "createdById", u.name as "createdBy", o.path as "orgPath", b.fallback_codes as fallbacks, b.created_at as "createdAt", b.started_at as "startedAt", b.finished_at as "finishedAt"
  from messaging.blast b
  join messaging.template t on t.id = b.template_id
  join messaging.gateway g on g.code = b.gateway_code
  join staff.v_org_unit o on o.id = b.org_unit_id
  left join segments.v_segment s on s.id = b.segment_id
  left join staff.v_user u on u.id = b.created_by`;

/** The codes that blasts are given where nobody types one: `B2611-03`. */
export const BLAST_CODES: CodeKind = { table: sql`messaging.blast`, letter: 'B' };

export interface BlastFilter {
  state?: BlastState | undefined;
  origin?: BlastOrigin | undefined;
  /** Part of its name or code, or of its template's name. */
  q?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

const MADE_BY: Readonly<Record<BlastOrigin, Sql>> = {
  person: sql`b.created_by is not null`,
  care: sql`b.planned_by_care`,
  campaign: sql`b.variant is not null`,
};

/** Of a blast `b` and its template `t`. */
function conditionOf({ state, origin, q }: BlastFilter): Sql {
  const parts: Sql[] = [sql`true`];
  if (state) parts.push(sql`b.state = ${state}`);
  if (origin) parts.push(MADE_BY[origin]);
  if (q)
    parts.push(
      sql`(position(lower(${q}) in lower(b.name)) > 0 or position(lower(${q}) in lower(b.code)) > 0 or position(lower(${q}) in lower(t.name)) > 0)`,
    );
  return joinSql(parts, ' and ');
}

/** Of the newest so many messages: what a page says of how quick it goes at present. */
const LATELY = 2_000;

@Injectable()
export class BlastsQueries {
  constructor(
    private readonly database: Database,
    private readonly counts: BlastCountsQueries,
    private readonly clock: Clock,
  ) {}

  /** The newest first. */
  async list(user: CurrentUser, filter: BlastFilter): Promise<Page<Blast>> {
    const before = decodeCursor(filter.cursor, 1)?.[0] ?? null;
    const rows = await this.database.rows<BlastRow>(sql`
      ${BLAST} where ${usableBy(user, sql`o.path`)} and ${conditionOf(filter)} and (${before}::bigint is null or b.id < ${before}::bigint)
      order by b.id desc limit ${filter.limit + 1}`);
    const figures = await this.counts.figuresOf(rows.map(({ id }) => id));
    const page = pageOf(rows, filter.limit, (last) => [last.id]);
    return { ...page, items: page.items.map((row): Blast => ({ ...row, ...(figures.get(row.id) as BlastFigures) })) };
  }

  /** How many of those listed are in each state, whatever state is asked for. */
  async stateCounts(user: CurrentUser, filter: BlastFilter): Promise<Partial<Record<BlastState, number>>> {
    const rows = await this.database.rows<{ state: BlastState; count: number }>(sql`
      select b.state, count(*)::int as count from messaging.blast b
      join messaging.template t on t.id = b.template_id join staff.v_org_unit o on o.id = b.org_unit_id
      where ${usableBy(user, sql`o.path`)} and ${conditionOf({ ...filter, state: undefined })} group by b.state`);
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  /** @throws DomainError not_found */
  async byCode(user: CurrentUser, code: string, on: Queryable = this.database): Promise<Blast> {
    const row = await on.maybe<BlastRow>(sql`${BLAST} where b.code = ${code} and ${usableBy(user, sql`o.path`)}`);
    if (!row) throw notFound('blast', code);
    return { ...row, ...((await this.counts.figuresOf([row.id], on)).get(row.id) as BlastFigures) };
  }

  /**
   * The blast of a command, held until the transaction ends; batches that are being cut are waited for. A unit sees the blasts of the units above, it does not steer them.
   * @throws DomainError not_found
   */
  async lock(tx: Tx, user: CurrentUser, code: string): Promise<Blast> {
    const held = await tx.run(sql`
      select from messaging.blast b join staff.v_org_unit o on o.id = b.org_unit_id
      where b.code = ${code} and ${inScope(user, sql`o.path`)} for update of b`);
    if (held === 0) throw notFound('blast', code);
    return this.byCode(user, code, tx);
  }

  /** A code for the next one, as people see it proposed; see {@link freeCode}. */
  freeCode(on: Queryable = this.database): Promise<string> {
    return freeCode(on, BLAST_CODES, dayOf(this.clock.now()));
  }

  /** From hand-over to delivery, in seconds, of those handed over last; null while none of these is delivered. */
  async medianSeconds(blastId: string): Promise<number | null> {
    const { median } = await this.database.one<{ median: number | null }>(sql`
      select percentile_cont(0.5) within group (order by extract(epoch from finished_at - submitted_at))::double precision as median
      from (select state, submitted_at, finished_at from messaging.message where blast_id = ${blastId} order by id desc limit ${LATELY}) m where state = 'delivered'`);
    return median;
  }
}
