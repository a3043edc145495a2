import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { OrderListForm } from './orders.forms.js';
import { type OrderItem, OrdersQueries } from './orders.queries.js';

const COLUMNS = ['no', 'product', 'customer', 'manager', 'campaign', 'opened', 'state', 'completed', 'reason', 'closer'];

/** The orders as their list shows them, in its order (REP-4). */
@Injectable()
@DeclaresExport()
export class OrdersExport implements ExportSource<OrderListForm> {
  readonly code = 'orders';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = OrderListForm;

  constructor(private readonly orders: OrdersQueries) {}

  async open(user: CurrentUser, form: OrderListForm, { t }: Words): Promise<ExportContent> {
    const cells = (row: OrderItem): Cell[] => [
      ...[row.orderNo, row.product, row.customerName, row.managerName, row.campaignName, stampText(row.openedAt)],
      ...[t(`orders.state.${row.state}`), row.completedOn, row.closeReason, row.closedBy],
    ];
    const columns = COLUMNS.map((name) => ({ header: t(`orders.${name}`), width: 18 }));
    const rows = cellsOf(this.orders.stream(user, form), cells);
    return { rows: await this.orders.count(user, form), sheet: { name: t('orders.title'), columns, rows } };
  }
}
