import { Injectable } from '@nestjs/common';
import { DomainError } from '../kernel/errors.js';
import { formatPhone, maskPhone } from '../kernel/phone.js';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../exports/exports.types.js';
import { type Cell, cellsOf } from '../platform/spreadsheet/workbook.js';
import { stampText } from '../platform/views/formats.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { BandQueries } from './band.queries.js';
import { definitionsSheet } from './definitions-sheet.views.js';
import { filterOf, ReportForm } from './funnel.forms.js';
import { FunnelQueries } from './funnel.queries.js';
import type { AttemptRow } from './funnel.types.js';
import { funnelSheet } from './funnel-sheet.views.js';
import { FunnelReports } from './funnel-reports.queries.js';

/** The funnel's table: the same query, columns and order as the page (REP-4, R47). */
@Injectable()
@DeclaresExport()
export class FunnelExport implements ExportSource<ReportForm> {
  readonly code = 'funnel';
  readonly roles = ['manager', 'planner', 'supervisor', 'judge', 'client'] as const;
  readonly form = ReportForm;

  constructor(
    private readonly reports: FunnelReports,
    private readonly bands: BandQueries,
  ) {}

  async open(user: CurrentUser, form: ReportForm, { t }: Words): Promise<ExportContent> {
    const by = form.by ?? 'manager';
    if (form.campaign) await this.bands.campaign(user, form.campaign);
    const filter = filterOf(form);
    const report = await this.reports.report(user, by, filter);
    const sheet = funnelSheet(report, { by, filter, t });
    return { rows: sheet.rows.length, sheet, notes: definitionsSheet(t), fileName: t(`reports.title.${by}`) };
  }
}

const ROW_COLUMNS = ['at', 'customer', 'star', 'number', 'campaign', 'manager', 'outcome', 'talk', 'order'] as const;

/** The attempts behind one figure of the funnel: those the page's drill-down shows. */
@Injectable()
@DeclaresExport()
export class FunnelRowsExport implements ExportSource<ReportForm> {
  readonly code = 'funnel-rows';
  readonly roles = ['manager', 'planner', 'supervisor'] as const;
  readonly form = ReportForm;

  constructor(private readonly funnels: FunnelQueries) {}

  async open(user: CurrentUser, form: ReportForm, { t, locale }: Words): Promise<ExportContent> {
    const { metric } = form;
    if (!metric) throw new DomainError('metric_missing', { status: 400, param: 'metric' });
    const inCut = form.key === undefined ? {} : { cut: form.by ?? 'manager', key: form.key };
    const filter = { ...filterOf(form), waves: form.waves === '1', ...inCut };
    const phone = user.role === 'manager' ? maskPhone : formatPhone;
    const cells = (row: AttemptRow): Cell[] => [
      stampText(row.startedAt),
      row.customerName,
      String(row.star),
      phone(row.number),
      row.campaignName,
      row.managerName,
      locale === 'en' ? row.outcomeEn : row.outcomeZh,
      row.talkSeconds,
      row.orderState && t(`reports.order.${row.orderState}`),
    ];
    const columns = ROW_COLUMNS.map((name) => ({ header: t(`reports.row.${name}`), width: 18 }));
    const rows = cellsOf(this.funnels.streamBehind(user, metric, filter), cells);
    return { rows: await this.funnels.countBehind(user, metric, filter), sheet: { name: t(`metric.${metric}`), columns, rows } };
  }
}
