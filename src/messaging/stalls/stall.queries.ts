import { Injectable } from '@nestjs/common';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { JobsQueries } from '../../platform/jobs/jobs.queries.js';
import type { BlastState } from '../blasts/blast.states.js';
import { BlastRuleQueries } from '../figures/blast-rule.queries.js';
import { WAYS_OUT } from '../gateways/gateways.queries.js';
import { SendBatch } from '../messaging.jobs.js';
import type { MessagePurpose } from '../messaging.types.js';
import { FilingsQueries } from '../registry/filings.queries.js';
import { type NextJob, type StallDetail, type StallFacts, type Standing, standingOf, type WayOut } from './stall.policy.js';

/** How far a blast has come, as far as it counts for moving on: handed over at all, and settled. */
export interface Reached {
  handedOver: number;
  settled: number;
}

interface WatchedRow extends Reached {
  blastId: string;
  state: BlastState;
  stoppedByLimit: boolean;
  purpose: MessagePurpose;
  left: number;
  awaited: number;
  inDoubt: number;
  answered: number;
  notBefore: Date | null;
  ways: string[];
  signature: string;
  templateId: string;
  version: number;
  startedAt: Date;
  /** Looked at before. */
  known: boolean;
  /** At the last look, if it has not moved since. */
  stoodSince: Date | null;
}

export interface Watched extends Reached {
  blastId: string;
  standing: Standing;
  /** The last moment at which it moved or had nothing to do. */
  since: Date;
}

const UNWATCHED_MS = 5 * 60_000;

const FIGURES = sql`
  select coalesce(sum(n) filter (where c.state in ('planned', 'queued')), 0)::int as "left",
         coalesce(sum(n) filter (where c.state in ('submitted', 'accepted')), 0)::int as awaited,
         coalesce(sum(n) filter (where c.state = 'in_doubt'), 0)::int as in_doubt,
         coalesce(sum(n) filter (where c.state in ('delivered', 'undelivered')), 0)::int as answered,
         coalesce(sum(n) filter (where c.state not in ('planned', 'queued')), 0)::int as handed_over,
         coalesce(sum(n) filter (where c.state not in ('planned', 'queued', 'submitted', 'accepted', 'in_doubt')), 0)::int as settled
  from messaging.recipient_count c where c.blast_id = b.id`;

/** Where blasts stand now, from what is written down: for the look of each minute, and for whoever opens a page. */
@Injectable()
export class StallQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gate: ContactQueries,
    private readonly jobs: JobsQueries,
    private readonly rules: BlastRuleQueries,
    private readonly filings: FilingsQueries,
  ) {}

  /** Those that are under way, as the jobs see them; or of these, as a page sees them: it also learns whether any jobs are worked off. */
  async watched(blastIds: readonly string[] | null = null): Promise<Watched[]> {
    const rows = await this.rows(blastIds);
    if (rows.length === 0) return [];
    const now = this.clock.now();
    const [ways, jobs, lookedAt, { stallMinutes }] = await Promise.all([this.ways(), this.nextJobs(rows), this.lookedAt(), this.rules.current()]);
    const gateways = rows.map((row) => row.ways.flatMap((code) => ways.get(code) ?? []));
    const unfiled = await this.unfiled(rows, gateways);
    return rows.map((row, i) => {
      const { blastId, handedOver, settled } = row;
      const facts: StallFacts = {
        ...row,
        gateways: gateways[i] ?? [],
        unfiled: unfiled[i] ?? null,
        job: jobs.get(blastId) ?? { state: 'none', error: null },
        closedUntil: this.closedUntil(row, now),
        since: this.stoodSince(row, { now, lookedAt, page: blastIds !== null }),
        lookedAt: blastIds ? lookedAt : now,
      };
      const standing = standingOf(facts, now, stallMinutes);
      const since = standing.kind === 'moving' || standing.kind === 'stalled' ? facts.since : now;
      return { blastId, handedOver, settled, standing, since };
    });
  }

  /** Time that nobody watched does not count: after a standstill of the jobs themselves the minutes begin anew. */
  private stoodSince(row: WatchedRow, { now, lookedAt, page }: { now: Date; lookedAt: Date | null; page: boolean }): Date {
    if (page) return row.stoodSince ?? (row.known ? now : row.startedAt);
    const watched = lookedAt !== null && now.getTime() - lookedAt.getTime() <= UNWATCHED_MS;
    return (watched ? row.stoodSince : null) ?? now;
  }

  private rows(blastIds: readonly string[] | null): Promise<WatchedRow[]> {
    return this.database.rows<WatchedRow>(sql`
      select b.id as "blastId", b.state, b.paused_by is not null as "stoppedByLimit", b.purpose, b.not_before as "notBefore", b.started_at as "startedAt",
             ${WAYS_OUT} as ways, b.signature, b.template_id as "templateId", b.template_version as version, f."left", f.awaited, f.in_doubt as "inDoubt", f.answered, f.handed_over as "handedOver", f.settled,
             case when w.handed_over = f.handed_over and w.settled = f.settled then w.since else null end as "stoodSince", w.blast_id is not null as known
      from messaging.blast b cross join lateral (${FIGURES}) f left join messaging.blast_watch w on w.blast_id = b.id
      where b.started_at is not null and b.state in ('running', 'paused') and (${blastIds}::bigint[] is null or b.id = any(${blastIds}::bigint[]))
      order by b.id`);
  }

  private async ways(on: Queryable = this.database): Promise<Map<string, WayOut>> {
    const all = await on.rows<WayOut>(sql`
      select code, active, down_until as "downUntil", down_since as "downSince", down_code as "downCode", throttled_at as "throttledAt" from messaging.gateway`);
    return new Map(all.map((way) => [way.code, way]));
  }

  /** As at the hand-over, which goes by the gateway that is first. */
  private async unfiled(rows: readonly WatchedRow[], gateways: readonly (readonly WayOut[])[]): Promise<(StallDetail | null)[]> {
    const first = gateways.map((each) => each.filter(({ active }) => active).slice(0, 1));
    const faults = await this.filings.faultsNow(rows.map((row, i) => ({ ...row, gateways: (first[i] ?? []).map(({ code }) => code) })));
    return faults.map((fault, i) => fault && { gateway: fault.gateway, signature: rows[i]?.signature ?? null, day: fault.day ?? '—' });
  }

  private async nextJobs(rows: readonly WatchedRow[]): Promise<Map<string, NextJob>> {
    const runs = await this.jobs.nextRuns(
      SendBatch,
      rows.map(({ blastId }) => ({ blastId })),
    );
    return new Map(runs.map(({ payload, state, error }) => [payload.blastId, { state, error }]));
  }

  private async lookedAt(): Promise<Date | null> {
    return (await this.database.maybe<{ at: Date }>(sql`select at from messaging.stall_look`))?.at ?? null;
  }

  private closedUntil({ purpose }: WatchedRow, now: Date): Date | null {
    const window = this.gate.windowState(now, 'sms', purpose);
    return window.open ? null : window.until;
  }
}
