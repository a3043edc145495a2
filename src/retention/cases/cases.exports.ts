import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { maskPhone } from '../../kernel/phone.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { CaseRow } from './case.types.js';
import { CaseFilter } from './cases.forms.js';
import { CasesQueries } from './cases.queries.js';
import { caseLine } from './cases.views.js';

const COLUMNS: readonly [name: string, format?: string][] = [
  ...(['no', 'customer', 'star', 'city', 'source', 'reason', 'direction', 'state'] as const).map((name): [string] => [name]),
  ['score', '0%'],
  ['value', '#,##0.00'],
  ['rank', '#,##0.00'],
  ...(['strategy', 'owner', 'opened', 'call_by', 'first_call', 'first_talk'] as const).map((name): [string] => [name]),
  ['calls', '0'],
  ['talks', '0'],
  ...(['next', 'closed'] as const).map((name): [string] => [name]),
  ['cost', '#,##0.00'],
  ...(['status30', 'status60', 'status90'] as const).map((name): [string] => [name]),
];

/** The cases as their list shows them, in its order; also those behind a figure of the analysis (REP-4). */
@Injectable()
@DeclaresExport()
export class CasesExport implements ExportSource<CaseFilter> {
  readonly code = 'retention-cases';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = CaseFilter;

  constructor(
    private readonly cases: CasesQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, form: CaseFilter, { locale, t }: Words): Promise<ExportContent> {
    const { count, rows } = await this.cases.whole(user, form);
    const now = this.clock.now();
    const status = (told: string | null): string | null => told && t(`customers.status.${told}`);
    const cells = (row: CaseRow): Cell[] => {
      const line = caseLine(row, now, { locale, say: t });
      return [
        ...[
          row.no,
          row.customerName ?? (row.number && maskPhone(row.number)),
          row.star,
          row.city,
          line.sourceName,
          line.reasonName,
          line.directionName,
        ],
        ...[t(`retention.state.${row.state}`), row.score, row.valueFen / 100, row.rank / 100, row.strategyName, row.ownerName],
        ...[stampText(row.openedAt), stampText(row.callBy), stampText(row.firstCallAt), stampText(row.firstTalkAt), row.calls, row.talks],
        ...[row.callbackAt ? stampText(row.callbackAt) : row.nextOn, stampText(row.closedAt), row.costFen / 100],
        ...[status(row.status30), status(row.status60), status(row.status90)],
      ];
    };
    const columns = COLUMNS.map(([name, format]) => ({ header: t(`retention.column.${name}`), width: 16, ...(format ? { format } : {}) }));
    return { rows: count, sheet: { name: t('retention.title'), columns, rows: cellsOf(rows, cells) } };
  }
}
