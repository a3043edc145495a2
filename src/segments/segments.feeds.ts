import { Injectable } from '@nestjs/common';
import { KNOWN_PHONE, unknownPhones } from '../customers/line-facts.commands.js';
import { DomainError } from '../kernel/errors.js';
import {
  DeclaresFeed,
  type Feed,
  type FeedColumn,
  type ImportContext,
  type MergeResult,
  type Stage,
  type UploadOptions,
} from '../feeds/feeds.types.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { SegmentChoices } from './segment-choices.queries.js';
import { SegmentsCommands } from './segments.commands.js';
import { type SegmentRow, SegmentsQueries } from './segments.queries.js';

/** From this many new members on the next statement must not be planned on what was known before. */
const STALE_AFTER = 10_000;

/** Feed `segment`: adds lines to a segment, with whatever other columns the file has (CAM-2). */
@Injectable()
@DeclaresFeed()
export class SegmentFeed implements Feed {
  readonly code = 'segment';
  readonly extraColumns = 'keep';
  readonly needsSegment = true;
  readonly columns: readonly FeedColumn[] = [KNOWN_PHONE];

  constructor(
    private readonly segments: SegmentsQueries,
    private readonly commands: SegmentsCommands,
    private readonly choices: SegmentChoices,
  ) {}

  /** @throws DomainError segment_unknown, also for one of a unit above or beside · segment_is_filter */
  async prepare(user: CurrentUser, { segment = '', segmentName }: UploadOptions): Promise<void> {
    const known = await this.segments.writable(user, segment);
    if (known?.kind === 'filtered') throw new DomainError('segment_is_filter', { param: 'segment', params: { segment } });
    if (known) return;
    if (!segmentName) throw new DomainError('segment_unknown', { param: 'segment', params: { segment } });
    await this.commands.create(user, { code: segment, name: segmentName });
  }

  async segmentName(reader: CurrentUser, code: string): Promise<string | undefined> {
    return (await this.choices.byCodes(reader, [code]))[0]?.name;
  }

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    const segment = await this.segments.writable(context.uploader, context.options.segment ?? '', tx);
    if (!segment) throw new Error(`segment ${context.options.segment} is gone`);
    await stage.reject('phone', 'customer_unknown', unknownPhones(stage, context));
    await stage.keepLast('phone');
    const counted = await this.addMembers(tx, stage, { segment, context });
    await this.noteColumns(tx, segment, stage, context);
    return counted;
  }

  private async addMembers(tx: Tx, stage: Stage, { segment, context }: { segment: SegmentRow; context: ImportContext }): Promise<MergeResult> {
    const id = sql`${segment.id}::bigint`;
    // a table with figures of its own: a plan on guesses takes minutes for what takes seconds
    await tx.run(sql`
      create temp table import_member on commit drop as
      select l.id as line_id, l.customer_id, coalesce(s.extras, '{}'::jsonb) as extras
      from ${stage.table} s join customers.v_line l on l.number = s.phone`);
    await tx.run(sql`analyze import_member`);
    const updated = await tx.run(sql`
      update segments.member m set attributes = m.attributes || t.extras, customer_id = t.customer_id, import_id = ${context.importId}::bigint
      from import_member t
      where m.segment_id = ${id} and m.line_id = t.line_id
        and (m.attributes, m.customer_id) is distinct from (m.attributes || t.extras, t.customer_id)`);
    const created = await tx.run(sql`
      insert into segments.member (segment_id, line_id, customer_id, attributes, import_id, added_at)
      select ${id}, t.line_id, t.customer_id, t.extras, ${context.importId}::bigint, ${context.now}::timestamptz
      from import_member t
      where not exists (select from segments.member m where m.segment_id = ${id} and m.line_id = t.line_id)
      order by t.line_id`);
    if (created > STALE_AFTER) await tx.run(sql`analyze segments.member`);
    const { total } = await tx.one<{ total: number }>(sql`select count(*)::int as total from import_member`);
    if (created > 0) await tx.run(sql`update segments.segment set members = members + ${created} where id = ${segment.id}`);
    return { created, updated, unchanged: total - created - updated };
  }

  /** New columns of the file come after those the segment has. */
  private async noteColumns(tx: Tx, { id, columns }: SegmentRow, stage: Stage, context: ImportContext): Promise<void> {
    const all = [...columns, ...stage.extraColumns.filter((column) => !columns.includes(column))];
    await tx.run(sql`update segments.segment set columns = ${all}::text[], updated_at = ${context.now} where id = ${id}`);
  }
}
