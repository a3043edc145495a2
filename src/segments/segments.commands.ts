import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { SegmentForm } from './segments.forms.js';
import { type SegmentRow, SegmentsQueries } from './segments.queries.js';

@Injectable()
export class SegmentsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly segments: SegmentsQueries,
    private readonly audit: Audit,
  ) {}

  /** An empty segment of the maker's unit; a feed fills it. @throws DomainError code_taken (409), also when the other one is out of sight */
  async create(user: CurrentUser, { code, name }: SegmentForm): Promise<SegmentRow> {
    return this.database.tx(async (tx) => {
      await this.insert(tx, user, { code, name });
      return this.segments.byCode(user, code, tx);
    });
  }

  private async insert(tx: Tx, user: CurrentUser, { code, name }: SegmentForm): Promise<void> {
    const now = this.clock.now();
    const made = await tx.maybe<{ id: string }>(sql`
      insert into segments.segment (code, name, org_unit_id, created_by, created_at, updated_at)
      values (${code}, ${name}, ${user.orgUnitId}, ${user.id}, ${now}, ${now})
      on conflict (code) do nothing returning id`);
    if (!made) throw new DomainError('code_taken', { status: 409, param: 'code', params: { code } });
    await this.audit.record(tx, user, { action: 'segment.created', object: 'segment', id: made.id, detail: { code } });
  }
}
