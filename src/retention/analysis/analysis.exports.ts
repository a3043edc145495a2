import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import type { Cell } from '../../platform/spreadsheet/workbook.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { AnalysisForm } from './analysis.forms.js';
import { AnalysisQueries } from './analysis.queries.js';
import { analysisLines, askedForm, cellsFor, COLUMNS, type Column, kindOf } from './analysis.views.js';

const FORMATS = { count: '#,##0', money: '#,##0.00', rate: '0.0%' } as const;

/** The analysis as its page shows it, the total last, and what each column means (REP-4). */
@Injectable()
@DeclaresExport()
export class AnalysisExport implements ExportSource<AnalysisForm> {
  readonly code = 'retention-analysis';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = AnalysisForm;

  constructor(
    private readonly analysis: AnalysisQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, form: AnalysisForm, { locale, t }: Words): Promise<ExportContent> {
    const asked = askedForm(form, dayOf(this.clock.now()));
    const { rows, total } = await this.analysis.figures(user, asked);
    const lines = analysisLines(rows, asked, { locale, say: t });
    const twice = lines.some(({ then }) => then !== null);
    const cells = (label: string, then: string | null, figures: ReturnType<typeof cellsFor>): Cell[] => [
      label,
      ...(twice ? [then] : []),
      ...figures.map(({ kind, value }) => (value === null ? null : kind === 'money' ? value / 100 : value)),
    ];
    const data = [...lines.map((line) => cells(line.label, line.then, line.cells)), cells(t('retention.total'), null, cellsFor(total, asked, null))];
    const columns = [
      { header: t(`retention.cut.${asked.by}`), width: 24 },
      ...(twice ? [{ header: t(`retention.cut.${asked.then ?? ''}`), width: 24 }] : []),
      ...COLUMNS.map((column) => ({ header: t(`retention.figure.${column}`), width: 14, format: FORMATS[kindOf(column)] })),
    ];
    return { rows: data.length, sheet: { name: t('retention.analysis'), columns, rows: data }, notes: meanings(t) };
  }
}

const meanings = (t: Words['t']) => ({
  name: t('retention.meanings'),
  columns: [
    { header: t('retention.meaning_of'), width: 24 },
    { header: t('retention.meaning'), width: 100 },
  ],
  rows: COLUMNS.map((column: Column): Cell[] => [t(`retention.figure.${column}`), t(`retention.about_figure.${column}`)]),
});
