import { Injectable } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { isDay } from '../kernel/day.js';
import { InvalidInput } from '../kernel/errors.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { type Cell, cellsOf } from '../platform/spreadsheet/workbook.js';
import { stampText } from '../platform/views/formats.js';
import { AuditQueries, type AuditRow } from '../staff/audit/audit.queries.js';
import { AuditWords } from '../staff/audit/audit-words.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from './exports.types.js';

const COLUMNS = ['at', 'actor', 'action', 'action_code', 'object', 'object_id', 'detail', 'ip', 'raw'];

export class AuditExportForm {
  @IsOptional() @IsString() @MaxLength(60) actor?: string;
  @IsOptional() @IsString() @MaxLength(60) action?: string;
  @IsOptional() @IsString() @MaxLength(80) object?: string;
  @IsOptional() @IsString() @MaxLength(10) from?: string;
  @IsOptional() @IsString() @MaxLength(10) to?: string;
}

/** The audit log as the page shows it; that somebody took it out stands in it. */
@Injectable()
@DeclaresExport()
export class AuditExport implements ExportSource<AuditExportForm> {
  readonly code = 'audit';
  readonly roles = ['supervisor'] as const;
  readonly form = AuditExportForm;

  constructor(
    private readonly audit: AuditQueries,
    private readonly catalogue: Catalogue,
  ) {}

  async open(user: CurrentUser, filter: AuditExportForm, { t, locale }: Words): Promise<ExportContent> {
    const wrong = (['from', 'to'] as const).filter((name) => filter[name] !== undefined && !isDay(filter[name]));
    if (wrong.length > 0) throw new InvalidInput(wrong.map((param) => ({ param, code: 'audit_day_invalid' })));
    const { count, rows } = await this.audit.all(user, filter);
    const columns = COLUMNS.map((name) => ({ header: t(`audit.${name}`), width: 20 }));
    const words = new AuditWords(this.catalogue, locale);
    // words for who reads, codes for who sorts by them: the same as on the page and in its filter
    const cells = (row: AuditRow): Cell[] => [
      stampText(row.at),
      row.actor,
      words.deed(row.action),
      row.action,
      words.thing(row.objectType),
      row.objectId,
      words.text(row),
      row.ip,
      row.detail,
    ];
    return { rows: count, sheet: { name: t('audit.title'), columns, rows: cellsOf(rows, cells) } };
  }
}
