import { Injectable } from '@nestjs/common';
import { Matches } from 'class-validator';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../exports/exports.types.js';
import { type Cell, cellsOf } from '../platform/spreadsheet/workbook.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { REJECT_COLUMNS } from './header.policy.js';
import { ImportsQueries } from './imports.queries.js';
import { type RejectRow, RejectsQueries } from './rejects.queries.js';
import type { RowFault } from './row.policy.js';

const FAULT_SEPARATOR = '; ';

export class RejectsForm {
  @Matches(/^\d{1,18}$/)
  id!: string;
}

/** What is wrong with a row, as a sentence. */
export const faultSentence = (fault: RowFault, { t }: Pick<Words, 't'>): string =>
  t(`feeds.reject.${fault.reason}`, { column: fault.column, value: fault.value, ...fault.params });

/** The refused rows as a file of the same columns that can be corrected and handed in again (FED-3). */
@Injectable()
@DeclaresExport()
export class RejectsExport implements ExportSource<RejectsForm> {
  readonly code = 'rejects';
  readonly roles = ['planner'] as const;
  readonly form = RejectsForm;
  readonly formats = ['csv'] as const;
  readonly handBack = true;

  constructor(
    private readonly imports: ImportsQueries,
    private readonly rejects: RejectsQueries,
  ) {}

  async open(user: CurrentUser, { id }: RejectsForm, words: Words): Promise<ExportContent> {
    const row = await this.imports.byId(user, id);
    const own = row.columns.filter((column) => column.how !== 'own');
    const columns = [...own.map(({ header }) => header), ...REJECT_COLUMNS].map((header) => ({ header }));
    const rows = cellsOf(this.rejects.all(row.rejectsOf), (reject) => cellsOfReject(reject, own.length, words));
    return { rows: row.rejected, fileName: `${row.fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '')}-rejects`, sheet: { name: this.code, columns, rows } };
  }
}

function cellsOfReject({ rowNumber, cells, faults }: RejectRow, width: number, words: Words): Cell[] {
  const own = Array.from({ length: width }, (_, i) => cells[i] ?? '');
  const joined = (value: (fault: RowFault) => string): string => faults.map(value).join(FAULT_SEPARATOR);
  return [...own, rowNumber, joined((fault) => fault.column), joined((fault) => fault.value), joined((fault) => faultSentence(fault, words))];
}
