import { share, sureness } from '../../kernel/statistics.js';
import { exportHref } from '../../exports/exports.types.js';
import { reportUrl } from '../funnel.views.js';
import {
  FAULTS,
  type FigureAsked,
  isFault,
  NO_LIST,
  PROVIDER_FIGURES,
  type ProviderCut,
  type ProviderFigure,
  type ProviderFilter,
  type ProviderRow,
} from './providers.types.js';

/** Counts of the table and its file, in their order. */
export const PROVIDER_COLUMNS = [
  'listed',
  'duplicates',
  'numbers',
  'attempts',
  'invalid_number',
  'suspended',
  'wrong_person',
  'faultShare',
  'wasted',
  'wastedFen',
  'connectRate',
  'converted',
  'conversionRate',
] as const;
type Column = (typeof PROVIDER_COLUMNS)[number];
export const PROVIDER_RATES: readonly Column[] = ['faultShare', 'connectRate', 'conversionRate'];

/** The columns shown: that of costs only where a dial has one. */
export const columnsFor = (fenADial: number): readonly Column[] => PROVIDER_COLUMNS.filter((column) => column !== 'wastedFen' || fenADial > 0);

/** A row with its rates; null where nothing divides. */
export function withRates(row: ProviderRow): Record<Column, number | null> {
  const faults = FAULTS.reduce((sum, fault) => sum + row[fault], 0);
  return {
    ...row,
    faultShare: share(faults, row.numbers),
    connectRate: share(row.connected, row.attempts),
    conversionRate: share(row.converted, row.connected),
  };
}

/** How sure each rate of a row is. */
function surenessOf(row: ProviderRow) {
  const faults = FAULTS.reduce((sum, fault) => sum + row[fault], 0);
  return {
    faultShare: sureness(faults, row.numbers),
    connectRate: sureness(row.connected, row.attempts),
    conversionRate: sureness(row.converted, row.connected),
  };
}

export const PROVIDERS_PATH = '/reports/providers';
export const providersUrl = (filter: ProviderFilter, by: ProviderCut): string => reportUrl({ ...filter, by }, PROVIDERS_PATH);

/** Of the funnel: its figures are counted from the same calls. An import is no cut of it. */
const OPENED: readonly Column[] = ['attempts', 'converted'];
const CUT_OF = { segment: 'source', campaign: 'manager', import: undefined } as const;

/** In whose words a row of a figure has its time. */
const WHEN: Partial<Record<ProviderFigure, string>> = { listed: 'last_called', duplicates: 'last_called', numbers: 'last_called' };
export const whenOf = (metric: ProviderFigure): string => WHEN[metric] ?? (isFault(metric) ? 'last_found' : 'called');

/** Of the page: the rows behind a figure stand below the table. */
export const rowsUrl = (filter: ProviderFilter, { by, ...asked }: FigureAsked & { page?: number }): string =>
  reportUrl({ ...filter, by, ...asked }, PROVIDERS_PATH);

/** The rows behind a figure, below the table itself. */
function rowsOf(column: Column, { key, isTotal }: ProviderRow & { isTotal?: boolean }, { filter, by }: { filter: ProviderFilter; by: ProviderCut }) {
  const metric = PROVIDER_FIGURES.find((figure) => figure === (column === 'wastedFen' ? 'wasted' : column));
  return metric && `${rowsUrl(filter, { by, metric, list: isTotal ? undefined : key || NO_LIST })}#drill`;
}

/** The address of the calls behind a figure; none where the funnel cannot tell them apart. */
function callsOf(metric: Column, { key, isTotal }: ProviderRow & { isTotal?: boolean }, { filter, by }: { filter: ProviderFilter; by: ProviderCut }) {
  const { from, to, campaign, segment, import: importId } = filter;
  const cut = CUT_OF[by];
  if (!OPENED.includes(metric) || !cut || segment || importId || (key === '' && !isTotal)) return undefined;
  const narrowed = isTotal ? { campaign } : by === 'campaign' ? { campaign: key } : { campaign, key };
  return `${reportUrl({ from, to, by: cut, ...narrowed, metric })}#drill`;
}

/** A line of the table, with the file of what goes back. */
export function providerLine(row: ProviderRow, { filter, by, fenADial }: { filter: ProviderFilter; by: ProviderCut; fenADial: number }) {
  const figures = withRates(row);
  const sure: Partial<Record<Column, ReturnType<typeof sureness>>> = surenessOf(row);
  const returns = FAULTS.some((fault) => row[fault] > 0) && row.key !== '';
  return {
    key: row.key,
    label: row.label ?? row.key,
    importedAt: row.importedAt,
    cells: columnsFor(fenADial).map((column) => ({
      column,
      value: figures[column],
      href: figures[column] === 0 ? undefined : (callsOf(column, row, { filter, by }) ?? rowsOf(column, row, { filter, by })),
      isRate: PROVIDER_RATES.includes(column),
      isMoney: column === 'wastedFen',
      wide: ['listed', 'duplicates', 'wasted'].includes(column),
      ...sure[column],
    })),
    returnHref: returns ? exportHref('provider-returns', { ...filter, [by]: row.key }) : undefined,
  };
}
