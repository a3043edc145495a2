import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import { formatPhone, maskPhone } from '../kernel/phone.js';
import { timeText } from '../platform/views/formats.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { type Cell, type Sheet, streamWorkbook } from '../platform/spreadsheet/workbook.js';
import { CurrentUser } from '../staff/staff.types.js';
import { BandQueries } from './band.queries.js';
import { ExportsCommands } from './exports.commands.js';
import { isCountKey } from './catalogue.js';
import { filterOf, ReportForm } from './funnel.forms.js';
import { FunnelQueries } from './funnel.queries.js';
import type { AttemptRow } from './funnel.types.js';
import { cutLabel, FUNNEL_COLUMNS } from './funnel.views.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const ROWS_A_READ = 2_000;
const MOST_ROWS = 200_000;

/** Files with the figures of the page: the same queries, columns and order (REP-4). Each is in the audit log. */
@ApiExcludeController()
@Controller('reports')
export class ExportsController {
  constructor(
    private readonly funnels: FunnelQueries,
    private readonly bands: BandQueries,
    private readonly exports: ExportsCommands,
    private readonly texts: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get('funnel.xlsx')
  async funnel(
    @CurrentUser() user: CurrentUser,
    @Query() form: ReportForm,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const by = form.by ?? 'manager';
    if (form.campaign) await this.bands.campaign(user, form.campaign);
    const funnel = await this.funnels.funnel(user, by, filterOf(form));
    const t = (key: string): string => this.texts.t(request.locale, key);
    const total = { key: '', label: t('reports.total'), ...funnel.total };
    const rows = [...funnel.rows, total].map((row): Cell[] => [
      row.key ? cutLabel(by, row.key, row.label) : row.label,
      ...FUNNEL_COLUMNS.map(({ metric }) => row[metric]),
    ]);
    const columns = [
      { header: t(`reports.cut.${by}`), width: 18 },
      ...FUNNEL_COLUMNS.map(({ metric }) => ({ header: t(`metric.${metric}`), format: isCountKey(metric) ? '#,##0' : '0.0%' })),
    ];
    await this.exports.record(user, 'funnel', { by, ...filterOf(form), rows: rows.length });
    await this.send(reply, `funnel-${by}`, { name: t('reports.funnel'), columns, rows });
  }

  @Get('rows.xlsx')
  async rows(@CurrentUser() user: CurrentUser, @Query() form: ReportForm, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const metric = form.metric;
    if (!metric) throw new DomainError('metric_missing', { status: 400, param: 'metric' });
    const filter = { ...filterOf(form), ...(form.key === undefined ? {} : { cut: form.by ?? 'manager', key: form.key }) };
    const t = (key: string): string => this.texts.t(request.locale, key);
    const show = user.role === 'manager' || user.role === 'client' ? maskPhone : formatPhone;
    const page = (offset: number): Promise<AttemptRow[]> => this.funnels.rowsBehind(user, metric, filter, { limit: ROWS_A_READ, offset });
    const columns = ['at', 'customer', 'star', 'number', 'campaign', 'manager', 'outcome', 'talk', 'order'].map((name) => ({
      header: t(`reports.row.${name}`),
      width: 18,
    }));
    await this.exports.record(user, 'rows', { metric, ...filter });
    await this.send(reply, `rows-${metric}`, {
      name: t(`metric.${metric}`),
      columns,
      rows: cellsOf(page, (row) => rowCells(row, show, request.locale)),
    });
  }

  private async send(reply: FastifyReply, name: string, sheet: Sheet): Promise<void> {
    const file = `starcare-${name}-${dayOf(this.clock.now())}.xlsx`;
    await reply
      .header('content-type', XLSX)
      .header('content-disposition', `attachment; filename="${file}"`)
      .send(streamWorkbook([sheet]));
  }
}

const rowCells = (row: AttemptRow, phone: (number: string) => string, locale: string): Cell[] => [
  `${dayOf(row.startedAt)} ${timeText(row.startedAt)}`,
  row.customerName,
  String(row.star),
  phone(row.number),
  row.campaignName,
  row.managerName,
  locale === 'en' ? row.outcomeEn : row.outcomeZh,
  row.talkSeconds,
  row.orderState,
];

/** Reads page after page, so that a large export never stands in memory. */
async function* cellsOf(page: (offset: number) => Promise<AttemptRow[]>, cells: (row: AttemptRow) => Cell[]): AsyncGenerator<Cell[]> {
  for (let offset = 0; offset < MOST_ROWS; offset += ROWS_A_READ) {
    const rows = await page(offset);
    for (const row of rows) yield cells(row);
    if (rows.length < ROWS_A_READ) return;
  }
}
