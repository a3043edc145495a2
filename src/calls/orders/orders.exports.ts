import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { OrderListForm } from './orders.forms.js';
import { type OrderItem, OrdersQueries } from './orders.queries.js';

const HEAD = ['no', 'product', 'customer', 'manager', 'campaign', 'opened', 'state', 'completed'];
const EVIDENCE = ['identity', 'identity_by', 'identity_at', 'tariff', 'start', 'contract', 'recording', 'confirmation', 'confirm_by'];
const COLUMNS = [...HEAD, ...EVIDENCE, 'reason', 'closer'];

/** The orders as their list shows them, in its order, with what each has to show (REP-4, CAM-9). */
@Injectable()
@DeclaresExport()
export class OrdersExport implements ExportSource<OrderListForm> {
  readonly code = 'orders';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = OrderListForm;

  constructor(private readonly orders: OrdersQueries) {}

  async open(user: CurrentUser, form: OrderListForm, { t }: Words): Promise<ExportContent> {
    const yes = (there: boolean): string => t(there ? 'orders.read' : 'orders.unread');
    const moment = (at: Date | null): Cell => at && stampText(at);
    const evidence = (row: OrderItem): Cell[] => [
      row.identityCheck && t(`orders.identity.${row.identityCheck}`),
      row.identityBy,
      moment(row.identityAt),
      ...[row.tariffRead, row.startRead, row.contractRead].map(yes),
      row.recordingRef,
      t(`orders.confirmation.${row.confirmation ?? 'none'}`),
      row.confirmation === 'waiting' ? moment(row.confirmBy) : null,
    ];
    const cells = (row: OrderItem): Cell[] => [
      ...[row.orderNo, row.product, row.customerName, row.managerName, row.campaignName, stampText(row.openedAt)],
      ...[t(`orders.state.${row.state}`), row.completedOn],
      ...evidence(row),
      ...[row.closeReason, row.closedBy],
    ];
    const columns = COLUMNS.map((name) => ({ header: t(`orders.${name}`), width: 18 }));
    const rows = cellsOf(this.orders.stream(user, form), cells);
    return { rows: await this.orders.count(user, form), sheet: { name: t('orders.title'), columns, rows } };
  }
}
