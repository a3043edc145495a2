import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { formatPhone } from '../../kernel/phone.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { providerFilter, ProviderReturnsForm, ProvidersForm } from './providers.forms.js';
import { ProvidersQueries } from './providers.queries.js';
import type { ReturnedNumber } from './providers.types.js';
import { columnsFor, PROVIDER_RATES, withRates } from './providers.views.js';

/** The scorecard as its page shows it (REP-4). */
@Injectable()
@DeclaresExport()
export class ProvidersExport implements ExportSource<ProvidersForm> {
  readonly code = 'providers';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = ProvidersForm;

  constructor(
    private readonly providers: ProvidersQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, form: ProvidersForm, { t }: Words): Promise<ExportContent> {
    const by = form.by ?? 'segment';
    const { rows, total, fenADial } = await this.providers.scorecard(user, by, providerFilter(form, dayOf(this.clock.now())));
    const shown = columnsFor(fenADial);
    const lines = [...rows, { ...total, label: t('reports.total') }].map((row): Cell[] => {
      const figures = withRates(row);
      return [
        row.key,
        row.label ?? (row.key === '' ? t('providers.none_given') : ''),
        ...shown.map((column) => (column === 'wastedFen' ? (row.wastedFen ?? 0) / 100 : figures[column])),
      ];
    });
    const columns = [
      { header: t(`providers.by.${by}`), width: 18 },
      { header: t('providers.name'), width: 24 },
      ...shown.map((column) => ({ header: t(`providers.${column}`), format: formatOf(column) })),
    ];
    return { rows: lines.length, sheet: { name: t('providers.title'), columns, rows: lines } };
  }
}

const formatOf = (column: (typeof PROVIDER_RATES)[number]): string =>
  column === 'wastedFen' ? '#,##0.00' : PROVIDER_RATES.includes(column) ? '0.0%' : '#,##0';

const RETURN_COLUMNS = ['number', 'fault', 'found', 'segment', 'import', 'campaign'] as const;

/** What goes back to whoever supplied the numbers: which, why, and when that was found. */
@Injectable()
@DeclaresExport()
export class ProviderReturnsExport implements ExportSource<ProviderReturnsForm> {
  readonly code = 'provider-returns';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = ProviderReturnsForm;
  readonly handBack = true;

  constructor(
    private readonly providers: ProvidersQueries,
    private readonly clock: Clock,
  ) {}

  async open(user: CurrentUser, form: ProviderReturnsForm, { t }: Words): Promise<ExportContent> {
    const filter = providerFilter(form, dayOf(this.clock.now()));
    const cells = (row: ReturnedNumber): Cell[] => [
      formatPhone(row.number),
      t(`providers.${row.fault}`),
      stampText(row.at),
      row.segmentName ?? row.segment,
      row.importName ?? row.importId,
      row.campaignName,
    ];
    const columns = RETURN_COLUMNS.map((name) => ({ header: t(`providers.return.${name}`), width: 20 }));
    return {
      rows: await this.providers.count(user, filter),
      sheet: { name: t('providers.returns'), columns, rows: cellsOf(this.providers.stream(user, filter), cells) },
    };
  }
}
