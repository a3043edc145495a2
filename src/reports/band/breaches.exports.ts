import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { breachFilter, BreachesForm } from './breaches.forms.js';
import { type Breach, BreachesQueries } from './breaches.queries.js';
import { causeName } from './band.views.js';

const COLUMNS = [
  'campaign',
  'rate',
  'direction',
  'rule',
  'opened',
  'closed',
  'attempts',
  'connectRate',
  'lower',
  'upper',
  'expected',
  'cause',
  'acts',
] as const;
const RATES: readonly string[] = ['connectRate', 'lower', 'upper', 'expected'];

/** The history of the watch as its page shows it (REP-4). */
@Injectable()
@DeclaresExport()
export class BreachesExport implements ExportSource<BreachesForm> {
  readonly code = 'breaches';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = BreachesForm;

  constructor(private readonly breaches: BreachesQueries) {}

  async open(user: CurrentUser, form: BreachesForm, { t, locale }: Words): Promise<ExportContent> {
    const filter = breachFilter(form);
    const cells = (row: Breach): Cell[] => [
      row.campaignName,
      t(`band.rate.${row.rate}`),
      t(`band.state.${row.direction}`),
      t(`band.rule.${row.rule}`),
      stampText(row.openedAt),
      stampText(row.closedAt),
      row.attempts,
      row.connectRate,
      row.lower,
      row.upper,
      row.expected,
      causeName(row, locale, t),
      row.acts.map(({ act, by }) => `${t(`band.did.${act}`)} ${by}`).join('; '),
    ];
    const columns = COLUMNS.map((name) => ({ header: t(`band.breach.${name}`), width: 18, ...(RATES.includes(name) ? { format: '0.0%' } : {}) }));
    return {
      rows: await this.breaches.count(user, filter),
      sheet: { name: t('exports.what.breaches'), columns, rows: cellsOf(this.breaches.stream(user, filter), cells) },
    };
  }
}
