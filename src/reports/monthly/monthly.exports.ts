import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BandQueries } from '../band.queries.js';
import { definitionsSheet } from '../definitions-sheet.views.js';
import { funnelSheet, type KnownSheet } from '../funnel-sheet.views.js';
import { FunnelReports } from '../funnel-reports.queries.js';
import { CUTS } from '../funnel.types.js';
import { ProductivityQueries } from '../productivity/productivity.queries.js';
import { productivitySheet } from '../productivity/productivity-sheet.views.js';
import { VisitsQueries } from '../coverage/visits.queries.js';
import { monthFilter, MonthlyForm, type MonthFilter } from './monthly.forms.js';
import { coverageSheet, keyFigures } from './monthly.views.js';

/** Who may see what single managers did with their time. */
const SEE_PEOPLE: readonly string[] = ['manager', 'planner', 'supervisor', 'admin'];

/** A month in one workbook: key figures beside the month before, every cut of the funnel, productivity, care coverage, and what each figure means (REP-4). */
@Injectable()
@DeclaresExport()
export class MonthlyExport implements ExportSource<MonthlyForm> {
  readonly code = 'monthly';
  readonly roles = ['manager', 'planner', 'supervisor', 'judge', 'client'] as const;
  readonly form = MonthlyForm;
  readonly formats = ['xlsx'] as const;

  constructor(
    private readonly reports: FunnelReports,
    private readonly productivity: ProductivityQueries,
    private readonly visits: VisitsQueries,
    private readonly bands: BandQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, form: MonthlyForm, words: Words): Promise<ExportContent> {
    if (form.campaign) await this.bands.campaign(user, form.campaign);
    const filter = monthFilter(form, dayOf(this.clock.now()));
    const [first, ...more] = await this.sheets(user, filter, words);
    if (!first) throw new Error('a month without a sheet');
    const rows = [first, ...more].reduce((sum, sheet) => sum + sheet.rows.length, 0);
    return { rows, sheet: first, more, notes: definitionsSheet(words.t), fileName: words.t('monthly.file', { month: filter.from.slice(0, 7) }) };
  }

  private async sheets(user: CurrentUser, filter: MonthFilter, { t }: Words): Promise<KnownSheet[]> {
    const cuts: KnownSheet[] = [];
    const usual = { ...filter, columns: undefined, distinct: false };
    for (const by of CUTS) {
      const report = await this.reports.report(user, by, usual);
      cuts.push({ ...funnelSheet(report, { by, filter: usual, t }), name: t(`reports.title.${by}`) });
    }
    const total = await this.reports.report(user, 'team', filter);
    return [keyFigures(total, 'counts', t), keyFigures(total, 'rates', t), ...cuts, ...(await this.others(user, filter, t))];
  }

  /** What belongs to no single campaign. */
  private async others(user: CurrentUser, filter: MonthFilter, t: Words['t']): Promise<KnownSheet[]> {
    if (filter.campaign) return [];
    const coverage = coverageSheet(await this.visits.figures(user, filter), t);
    if (!SEE_PEOPLE.includes(user.role)) return [coverage];
    return [productivitySheet(await this.productivity.figures(user, 'manager', filter), 'manager', t), coverage];
  }
}
