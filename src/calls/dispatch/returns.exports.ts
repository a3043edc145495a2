import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { ReturnsForm, sinceOf } from './dispatch.forms.js';
import { reasonText } from './dispatch.views.js';
import { DispatchReturns, type ReturnRow } from './dispatch-returns.commands.js';
import { RETURN_COLUMNS, returnTable } from './return-file.policy.js';

/** The returns in their senders' columns (FED-5). What a file tells counts as told when it is written. */
@Injectable()
@DeclaresExport()
export class ReturnsExport implements ExportSource<ReturnsForm> {
  readonly code = 'returns';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = ReturnsForm;
  readonly formats = ['csv', 'xlsx'] as const;
  readonly handBack = true;

  constructor(private readonly returns: DispatchReturns) {}

  async open(user: CurrentUser, form: ReturnsForm, words: Words): Promise<ExportContent> {
    const ask = { source: form.source, since: sinceOf(form) };
    const { rows, sheets } = await this.returns.extent(user, ask);
    const table = returnTable(sheets);
    const columns = [...table.headers, ...RETURN_COLUMNS].map((header) => ({ header, width: 16 }));
    const told = cellsOf(this.returns.tell(user, ask, sheets), (row) => [...table.row(row.sheetId, row.cells), ...answer(row, words)]);
    return { rows, sheet: { name: this.code, columns, rows: told } };
  }
}

function answer(row: ReturnRow, { t, locale }: Words): Cell[] {
  const remark = t(`dispatch.remark.${row.result}`, { reason: reasonText({ t, locale }, row) });
  return [row.result, row.reason, stampText(row.finishedAt), row.manager, String(row.attempts), row.corrected ? 'Y' : '', remark];
}
