import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { FiltersQueries } from './filters.queries.js';
import type { SegmentFilterForm, SegmentForm } from './segments.forms.js';
import { type SegmentRow, SegmentsQueries } from './segments.queries.js';

@Injectable()
export class SegmentsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly segments: SegmentsQueries,
    private readonly filters: FiltersQueries,
    private readonly audit: Audit,
  ) {}

  /**
   * A segment of the maker's unit: a filter, or an empty list that a feed fills.
   * @throws DomainError code_taken (409), also when the other one is out of sight · filter_…
   */
  async create(user: CurrentUser, form: SegmentForm): Promise<SegmentRow> {
    if (form.filter) await this.filters.check(user, form.filter);
    return this.database.tx(async (tx) => {
      await this.insert(tx, user, form);
      return this.segments.byCode(user, form.code, tx);
    });
  }

  /**
   * Another filter, or name, for a segment that is one. Campaigns that were launched on it keep the people they have.
   * @throws DomainError not_found, also for one of a unit above · segment_is_list · segment_changed (409) · filter_…
   */
  async setFilter(user: CurrentUser, code: string, form: SegmentFilterForm): Promise<SegmentRow> {
    await this.filters.check(user, form.filter);
    return this.database.tx(async (tx) => {
      const segment = await this.segments.writable(user, code, tx);
      if (!segment) throw notFound('segment', code);
      if (segment.kind !== 'filtered') throw new DomainError('segment_is_list', { param: 'filter', params: { segment: code } });
      const changed = await tx.run(sql`
        update segments.segment set filter = ${form.filter}::jsonb, name = ${form.name ?? segment.name}, version = version + 1, updated_at = ${this.clock.now()}
        where id = ${segment.id} and version = ${form.version ?? segment.version}`);
      if (changed === 0) throw new DomainError('segment_changed', { status: 409, param: 'version' });
      await this.audit.record(tx, user, {
        action: 'segment.filter-changed',
        object: 'segment',
        id: segment.id,
        detail: { code, from: segment.filter },
      });
      return this.segments.byCode(user, code, tx);
    });
  }

  /** Counts a filter segment anew and keeps the figure for the lists. A list has its figure already. */
  async recount(user: CurrentUser, segment: SegmentRow): Promise<SegmentRow> {
    if (!segment.filter) return segment;
    const { customers, tookMs } = await this.filters.count(user, segment.filter);
    if (customers === null) return { ...segment, countMs: tookMs };
    const countedAt = this.clock.now();
    // the list shows what the unit that owns the segment sees; somebody below counts fewer and keeps it for themselves
    if (segment.orgPath === user.orgPath) {
      await this.database.run(
        sql`update segments.segment set members = ${customers}, counted_at = ${countedAt}, count_ms = ${tookMs} where id = ${segment.id} and version = ${segment.version}`,
      );
    }
    return { ...segment, members: customers, countedAt, countMs: tookMs };
  }

  private async insert(tx: Tx, user: CurrentUser, { code, name, filter }: SegmentForm): Promise<void> {
    const now = this.clock.now();
    const made = await tx.maybe<{ id: string }>(sql`
      insert into segments.segment (code, name, kind, filter, org_unit_id, created_by, created_at, updated_at)
      values (${code}, ${name}, ${filter ? 'filtered' : 'uploaded'}, ${filter ?? null}::jsonb, ${user.orgUnitId}, ${user.id}, ${now}, ${now})
      on conflict (code) do nothing returning id`);
    if (!made) throw new DomainError('code_taken', { status: 409, param: 'code', params: { code } });
    await this.audit.record(tx, user, { action: 'segment.created', object: 'segment', id: made.id, detail: { code } });
  }
}
