import { Injectable } from '@nestjs/common';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { DomainError } from '../../kernel/errors.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type ContactRow, ForecastContacts } from './contacts.queries.js';
import { ContactsForm, ForecastForm, MissesForm } from './forecast.forms.js';
import { howOf, ruleName } from './contacts.views.js';
import { ForecastQueries } from './forecast.queries.js';
import type { ForecastCell } from './forecast.types.js';
import { type MissRow, MissesQueries } from './misses.queries.js';
import { helpOf, reasonName } from './misses.views.js';

/** Calls and capacity of each manager and day, as the page shows them. */
@Injectable()
@DeclaresExport()
export class ForecastExport implements ExportSource<ForecastForm> {
  readonly code = 'care-forecast';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = ForecastForm;

  constructor(private readonly forecasts: ForecastQueries) {}

  async open(user: CurrentUser, form: ForecastForm, { t }: Words): Promise<ExportContent> {
    const forecast = await this.forecasts.forecast(user, form);
    if ('pending' in forecast)
      throw new DomainError('forecast_under_way', { status: 409, params: { done: forecast.pending.done, parts: forecast.pending.parts } });
    const used = forecast.cells.filter(({ tasks, capacity }) => tasks > 0 || capacity > 0);
    const columns = ['day', 'manager', 'team_column', 'calls', 'capacity', 'too_many'].map((name) => ({
      header: t(`care.forecast.${name}`),
      width: 16,
    }));
    const cells = (cell: ForecastCell): Cell[] => [
      cell.date,
      cell.name,
      cell.team,
      cell.tasks,
      cell.capacity,
      Math.max(0, cell.tasks - cell.capacity),
    ];
    return { rows: used.length, sheet: { name: t('care.forecast.title'), columns, rows: used.map(cells) } };
  }
}

/** The contacts behind a figure of the forecast. */
@Injectable()
@DeclaresExport()
export class ForecastRowsExport implements ExportSource<ContactsForm> {
  readonly code = 'care-forecast-rows';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = ContactsForm;

  constructor(
    private readonly contacts: ForecastContacts,
    private readonly forecasts: ForecastQueries,
  ) {}

  async open(user: CurrentUser, form: ContactsForm, { t }: Words): Promise<ExportContent> {
    const ask = { ...form, forecast: (await this.forecasts.chosen(user, form.forecast)).id };
    const rows = await this.contacts.count(user, ask);
    const columns = ['day', 'manager', 'customer', 'star', 'rule_column', 'channel', 'deadline', 'how'].map((name) => ({
      header: t(`care.forecast.${name}`),
      width: 16,
    }));
    const cells = (row: ContactRow): Cell[] => [
      row.day,
      row.manager,
      row.name,
      String(row.star),
      t(ruleName(row.rule)),
      t(`care.forecast.channel_${row.channel}`),
      row.deadlineOn,
      t(`care.forecast.${howOf(row)}`),
    ];
    return { rows, sheet: { name: t('care.forecast.contacts'), columns, rows: cellsOf(this.contacts.stream(user, ask), cells) } };
  }
}

/** Who will be missed, as the page lists them. */
@Injectable()
@DeclaresExport()
export class MissesExport implements ExportSource<MissesForm> {
  readonly code = 'care-misses';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = MissesForm;

  constructor(private readonly misses: MissesQueries) {}

  async open(user: CurrentUser, form: MissesForm, { t }: Words): Promise<ExportContent> {
    const columns = ['customer', 'star', 'rule_column', 'deadline', 'reason', 'manager', 'help'].map((name) => ({
      header: t(`care.missed.${name}`),
      width: 18,
    }));
    const cells = (row: MissRow): Cell[] => [
      row.name,
      String(row.star),
      t(ruleName(row.rule)),
      row.deadlineOn,
      t(reasonName(row.reason)),
      row.manager,
      t(helpOf(row.reason)),
    ];
    return {
      rows: await this.misses.count(user, form),
      sheet: { name: t('care.missed.title'), columns, rows: cellsOf(this.misses.stream(user, form), cells) },
    };
  }
}
