import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { PromiseListForm } from './promises.forms.js';
import { type PromiseItem, PromisesQueries } from './promises.queries.js';

const COLUMNS = ['due', 'kind', 'text', 'customer', 'owner', 'made', 'made_by', 'campaign', 'state', 'closed', 'closed_by', 'done', 'next', 'note'];

/** The promises as their list shows them, in its order (REP-4). */
@Injectable()
@DeclaresExport()
export class PromisesExport implements ExportSource<PromiseListForm> {
  readonly code = 'promises';
  readonly roles = ['manager', 'supervisor'] as const;
  readonly form = PromiseListForm;

  constructor(private readonly promises: PromisesQueries) {}

  async open(user: CurrentUser, form: PromiseListForm, { t }: Words): Promise<ExportContent> {
    const moment = (at: Date | null): Cell => at && stampText(at);
    const cells = (row: PromiseItem): Cell[] => [
      ...[row.dueOn, t(`promises.kind.${row.kind}`), row.text, row.customerName, row.ownerName, stampText(row.madeAt), row.madeBy, row.campaignName],
      ...[t(`promises.state.${row.state}`), moment(row.closedAt), row.closedBy, moment(row.doneAt), row.nextOwnerName, row.note],
    ];
    const columns = COLUMNS.map((name) => ({ header: t(`promises.${name}`), width: 18 }));
    const rows = cellsOf(this.promises.stream(user, form), cells);
    return { rows: await this.promises.count(user, form), sheet: { name: t('promises.title'), columns, rows } };
  }
}
