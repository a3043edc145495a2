import { Injectable } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { formatPhone } from '../../kernel/phone.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { requireNumber } from '../number.policy.js';
import { type BlockRow, BlocksQueries } from './blocks.queries.js';
import { ownReason } from './blocks.views.js';

export class BlocksExportForm {
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;
}

const COLUMNS = [
  'phone',
  'channel',
  'blocks.scope',
  'blocks.family',
  'blocks.campaign',
  'blocks.reason',
  'blocks.source',
  'blocks.until',
  'at',
] as const;

/** The blocks in force, as the list shows them (REP-4). */
@Injectable()
@DeclaresExport()
export class BlocksExport implements ExportSource<BlocksExportForm> {
  readonly code = 'blocks';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = BlocksExportForm;

  constructor(
    private readonly blocks: BlocksQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, { phone }: BlocksExportForm, { t }: Words): Promise<ExportContent> {
    const { count, rows } = await this.blocks.all(user, this.clock.now(), phone === undefined ? undefined : requireNumber(phone));
    const cells = (block: BlockRow): Cell[] => [
      formatPhone(block.number),
      t(`contact.block_channel.${block.channel}`),
      t(`contact.block_scope.${block.scope}`),
      block.productFamily,
      block.campaignName ?? block.campaign,
      reasonOf(block.reason, t),
      block.source,
      stampText(block.until) ?? t('contact.blocks.for_good'),
      stampText(block.createdAt),
    ];
    const columns = COLUMNS.map((name) => ({ header: t(`contact.${name}`), width: 18 }));
    return { rows: count, sheet: { name: t('contact.blocks.title'), columns, rows: cellsOf(rows, cells) } };
  }
}

function reasonOf(reason: string, t: Words['t']): string {
  const key = ownReason(reason);
  return key ? t(key) : reason;
}
