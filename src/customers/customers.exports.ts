import { Injectable } from '@nestjs/common';
import { OmitType } from '@nestjs/swagger';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../exports/exports.types.js';
import { type Cell, cellsOf } from '../platform/spreadsheet/workbook.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CustomerSearchForm } from './customers.forms.js';
import { CustomersQueries } from './customers.queries.js';
import type { CustomerRow } from './customers.types.js';
import { shownNumber } from './customers.views.js';

export class CustomersExportForm extends OmitType(CustomerSearchForm, ['limit', 'cursor'] as const) {}

const COLUMNS = ['name', 'number', 'star', 'tier', 'city', 'district', 'package', 'manager', 'status'] as const;

/** The customers a search finds, as the list shows them (REP-4). */
@Injectable()
@DeclaresExport()
export class CustomersExport implements ExportSource<CustomersExportForm> {
  readonly code = 'customers';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = CustomersExportForm;

  constructor(private readonly customers: CustomersQueries) {}

  async open(user: CurrentUser, filter: CustomersExportForm, { t }: Words): Promise<ExportContent> {
    const { count, rows } = await this.customers.all(user, filter);
    const cells = (row: CustomerRow): Cell[] => [
      row.name,
      shownNumber(user.role, row.number),
      String(row.starLevel),
      row.tier && t(`customers.tier.${row.tier}`),
      row.city,
      row.district,
      row.package,
      row.managerName,
      t(`customers.status.${row.status}`),
    ];
    const columns = COLUMNS.map((name) => ({ header: t(`customers.${name}`), width: 18 }));
    return { rows: count, sheet: { name: t('customers.title'), columns, rows: cellsOf(rows, cells) } };
  }
}
