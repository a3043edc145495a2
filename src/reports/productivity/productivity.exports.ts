import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { formatPhone, maskPhone } from '../../kernel/phone.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { definitionsSheet } from '../definitions-sheet.views.js';
import { ProductivityForm, ProductivityReportForm, workFilter } from './productivity.forms.js';
import { ProductivityQueries } from './productivity.queries.js';
import { type CallbackRow, kindOf, type PromiseRow, type RowKind, type WorkAnyRow, type WorkCallRow, type WorkDayRow } from './productivity.types.js';
import { productivitySheet } from './productivity-sheet.views.js';

/** The productivity table as its page shows it; times in seconds (REP-2, REP-4). */
@Injectable()
@DeclaresExport()
export class ProductivityExport implements ExportSource<ProductivityForm> {
  readonly code = 'productivity';
  readonly roles = ['manager', 'planner', 'supervisor'] as const;
  readonly form = ProductivityForm;

  constructor(
    private readonly productivity: ProductivityQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, form: ProductivityForm, { t }: Words): Promise<ExportContent> {
    const by = form.by ?? 'manager';
    const { rows, total } = await this.productivity.figures(user, by, workFilter(form, dayOf(this.clock.now())));
    const sheet = productivitySheet({ rows, total }, by, t);
    return { rows: sheet.rows.length, sheet, notes: definitionsSheet(t) };
  }
}

const COLUMNS: Record<RowKind, readonly string[]> = {
  calls: [
    'row.at',
    'row.customer',
    'row.star',
    'row.number',
    'row.campaign',
    'row.manager',
    'work.channel',
    'row.outcome',
    'row.talk',
    'work.wrap_seconds',
  ],
  days: ['work.day', 'row.manager', 'work.rostered', 'work.share', 'work.absence', 'work.seconds'],
  callbacks: ['work.due', 'work.called', 'work.off', 'row.customer', 'row.star', 'row.campaign', 'row.manager'],
  promises: [
    'work.due_on',
    'work.promise',
    'work.promise_text',
    'work.ended',
    'work.ended_at',
    'work.done_at',
    'row.customer',
    'row.star',
    'row.campaign',
    'row.manager',
  ],
};

/** The calls, days or promises behind one figure of the table. */
@Injectable()
@DeclaresExport()
export class ProductivityRowsExport implements ExportSource<ProductivityReportForm> {
  readonly code = 'productivity-rows';
  readonly roles = ['manager', 'planner', 'supervisor'] as const;
  readonly form = ProductivityReportForm;

  constructor(
    private readonly productivity: ProductivityQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, form: ProductivityReportForm, words: Words): Promise<ExportContent> {
    const { metric, key } = form;
    if (!metric) throw new DomainError('metric_missing', { status: 400, param: 'metric' });
    const filter = { ...workFilter(form, dayOf(this.clock.now())), by: form.by ?? 'manager', key };
    const kind = kindOf(metric);
    const cells = (row: WorkAnyRow): Cell[] => CELLS[kind](row as AnyRow, user, words);
    const columns = COLUMNS[kind].map((name) => ({ header: words.t(`reports.${name}`), width: 18 }));
    return {
      rows: await this.productivity.countBehind(user, metric, filter),
      sheet: { name: words.t(`metric.${metric}`), columns, rows: cellsOf(this.productivity.streamBehind(user, metric, filter), cells) },
    };
  }
}

/** The fields of every kind of row; each kind reads its own. */
type AnyRow = WorkCallRow & WorkDayRow & CallbackRow & PromiseRow;

const CELLS: Record<RowKind, (row: AnyRow, user: CurrentUser, words: Words) => Cell[]> = {
  calls: (row, user, { t, locale }) => [
    stampText(row.startedAt),
    row.customerName,
    String(row.star),
    (user.role === 'manager' ? maskPhone : formatPhone)(row.number),
    row.campaignName,
    row.managerName,
    t(`calls.channel.${row.channel}`),
    locale === 'en' ? row.outcomeEn : row.outcomeZh,
    row.talkSeconds,
    row.wrapSeconds,
  ],
  days: (row, _user, { t }) => [row.day, row.managerName, row.rostered, row.share, row.absence && t(`rota.kind.${row.absence}`), row.seconds],
  callbacks: (row) => [
    stampText(row.dueAt),
    stampText(row.calledAt),
    row.calledAt && Math.round((row.calledAt.getTime() - row.dueAt.getTime()) / 1000),
    row.customerName,
    String(row.star),
    row.campaignName,
    row.managerName,
  ],
  promises: (row, _user, { t }) => [
    ...[
      row.dueOn,
      t(`promises.kind.${row.kind}`),
      row.text,
      t(`promises.state.${row.state}`),
      stampText(row.closedAt),
      row.doneAt && stampText(row.doneAt),
    ],
    ...[row.customerName, String(row.star), row.campaignName, row.managerName],
  ],
};
