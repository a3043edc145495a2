import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../exports/exports.types.js';
import { Clock } from '../kernel/clock.js';
import { type Cell, cellsOf } from '../platform/spreadsheet/workbook.js';
import { stampText } from '../platform/views/formats.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { TicketListForm } from './tickets.forms.js';
import { TicketsQueries } from './tickets.queries.js';
import type { TicketRow } from './tickets.types.js';
import { askedFilter, countdown, countdownText } from './tickets.views.js';

const COLUMNS = [
  ...['no', 'kind', 'scope', 'text', 'customer', 'star', 'tier', 'urges', 'clock', 'limit', 'due', 'unit', 'assignee', 'state'],
  ...['opened', 'opener', 'answered', 'solved', 'closed', 'satisfaction', 'escalated'],
];

/** The tickets as their list shows them, in its order (REP-4). */
@Injectable()
@DeclaresExport()
export class TicketsExport implements ExportSource<TicketListForm> {
  readonly code = 'tickets';
  readonly roles = ['supervisor'] as const;
  readonly form = TicketListForm;

  constructor(
    private readonly tickets: TicketsQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, form: TicketListForm, { t }: Words): Promise<ExportContent> {
    const { count, rows } = await this.tickets.whole(user, askedFilter(form, user.role));
    const now = this.clock.now();
    const cells = (row: TicketRow): Cell[] => {
      const clock = countdown(row, now);
      return [
        ...[row.no, t(`tickets.kind.${row.kind}`), t(`tickets.scope.${row.scope}`), row.text],
        ...[row.customer.name, row.customer.starLevel, t(`tickets.tier.${row.tier}`), row.urges],
        ...[countdownText(clock, t), row.dueAt && t(`tickets.limit.${clock.limit}`), stampText(row.dueAt)],
        ...[row.unit, row.assignee, t(`tickets.state.${row.state}`)],
        ...[stampText(row.openedAt), row.openedBy, stampText(row.answeredAt), stampText(row.solvedAt), stampText(row.closedAt)],
        ...[row.satisfaction, stampText(row.escalatedAt)],
      ];
    };
    const columns = COLUMNS.map((name) => ({ header: t(`tickets.column.${name}`), width: name === 'text' ? 40 : 16 }));
    return { rows: count, sheet: { name: t('tickets.title'), columns, rows: cellsOf(rows, cells) } };
  }
}
