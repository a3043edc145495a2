import { Injectable } from '@nestjs/common';
import { Matches } from 'class-validator';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../exports/exports.types.js';
import { type Cell, cellsOf } from '../platform/spreadsheet/workbook.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { REJECT_COLUMNS } from './header.policy.js';
import { ImportsQueries, type RejectRow } from './imports.queries.js';
import type { RowFault } from './row.policy.js';

const BATCH_ROWS = 2000;
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

  constructor(private readonly imports: ImportsQueries) {}

  async open(user: CurrentUser, { id }: RejectsForm, words: Words): Promise<ExportContent> {
    const row = await this.imports.byId(user, id);
    const own = row.columns.filter((column) => column.how !== 'own');
    const columns = [...own.map(({ header }) => header), ...REJECT_COLUMNS].map((header) => ({ header }));
    const rows = cellsOf(this.rejects(id), (reject) => cellsOfReject(reject, own.length, words));
    return { rows: row.rejected, fileName: `${row.fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '')}-rejects`, sheet: { name: this.code, columns, rows } };
  }

  /** Batch after batch: a million refused rows need no more memory than ten. */
  private async *rejects(importId: string): AsyncGenerator<RejectRow> {
    let after = 0;
    for (;;) {
      const rejects = await this.imports.rejects(importId, { after, limit: BATCH_ROWS });
      yield* rejects;
      const last = rejects[rejects.length - 1];
      if (!last || rejects.length < BATCH_ROWS) return;
      after = last.rowNumber;
    }
  }
}

function cellsOfReject({ rowNumber, cells, faults }: RejectRow, width: number, words: Words): Cell[] {
  const own = Array.from({ length: width }, (_, i) => cells[i] ?? '');
  const joined = (value: (fault: RowFault) => string): string => faults.map(value).join(FAULT_SEPARATOR);
  return [...own, rowNumber, joined((fault) => fault.column), joined((fault) => fault.value), joined((fault) => faultSentence(fault, words))];
}
