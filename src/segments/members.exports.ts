import { Injectable } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../exports/exports.types.js';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { formatPhone } from '../kernel/phone.js';
import { type Cell, cellsOf } from '../platform/spreadsheet/workbook.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { type MemberRow, SegmentsQueries } from './segments.queries.js';

export class MembersForm {
  /** Its code, in letters of any script. */
  @IsString()
  @Length(1, 64)
  segment!: string;
}

/** The members of a segment with its own columns; of a filter the customers it means now (REP-4). */
@Injectable()
@DeclaresExport()
export class MembersExport implements ExportSource<MembersForm> {
  readonly code = 'segment-members';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = MembersForm;

  constructor(
    private readonly segments: SegmentsQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, filter: MembersForm, { t }: Words): Promise<ExportContent> {
    const segment = await this.segments.byCode(user, filter.segment);
    const at = { today: dayOf(this.clock.now()), orgPath: user.orgPath };
    const { count, rows } = await this.segments.allMembers(user, segment, at);
    const own = segment.columns;
    const cells = (row: MemberRow): Cell[] => [
      row.name,
      formatPhone(row.number),
      String(row.starLevel),
      row.manager,
      ...own.map((column) => row.attributes[column] ?? null),
    ];
    const columns = [t('segments.customer'), t('segments.number'), t('segments.field.starLevel'), t('segments.manager'), ...own];
    const sheet = { name: segment.name, columns: columns.map((header) => ({ header, width: 18 })), rows: cellsOf(rows, cells) };
    return { rows: count, sheet, fileName: segment.name };
  }
}
