import { ENOUGH, share, sureness } from '../../kernel/statistics.js';
import { exportHref } from '../../exports/exports.types.js';
import { COUNTS, WORK_COUNTS, WORK_RATES, type WorkRateKey } from '../catalogue.js';
import { reportUrl } from '../funnel.views.js';
import {
  type PersonCounts,
  type Productivity,
  WORK_METRICS,
  type WorkCounts,
  type WorkCut,
  type WorkFilter,
  type WorkMetric,
  type WorkRates,
  type WorkRow,
} from './productivity.types.js';

const FIGURES_PATH = '/reports/productivity';

function rowOf(key: string, label: string, team: string, people: readonly WorkCounts[]): WorkRow {
  const counts = Object.fromEntries(WORK_METRICS.map((metric) => [metric, people.reduce((sum, one) => sum + one[metric], 0)])) as WorkCounts;
  const rates = WORK_RATES.map((rate) => [rate.key, share(counts[rate.numerator], counts[rate.denominator])]);
  const promises = WORK_RATES.filter(({ unit }) => unit === 'callbacks' || unit === 'promises');
  const sure = promises.map((rate) => [rate.key, sureness(counts[rate.numerator], counts[rate.denominator])] as const);
  return {
    key,
    label,
    team,
    ...counts,
    ...(Object.fromEntries(rates) as WorkRates),
    sureness: Object.fromEntries(sure.filter(([, found]) => found !== undefined)),
  };
}

/** The table: a row a person or a team, most calls first, and the sum of all. */
export function productivityOf(people: readonly PersonCounts[], by: WorkCut): Productivity {
  const groups = new Map<string, PersonCounts[]>();
  for (const one of people) {
    const key = by === 'team' ? one.teamCode : one.username;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups].map(([key, members]) => {
    const [first] = members;
    return rowOf(key, (by === 'team' ? first?.teamName : first?.name) ?? key, first?.teamName ?? '', members);
  });
  rows.sort((a, b) => b.attempts - a.attempts || a.key.localeCompare(b.key));
  return { rows, total: rowOf('', '', '', people) };
}

/** Columns of page and file. `kind` says how a figure is written. */
export const WORK_COLUMNS: readonly {
  metric: WorkMetric | WorkRateKey;
  kind: 'count' | 'seconds' | 'rate';
  chart: 'bar' | 'line' | 'skip';
  color?: string;
  /** Stands with its like under one head, so that its own can be short. */
  group?: 'callbacks' | 'promises';
}[] = [
  { metric: 'attempts', kind: 'count', chart: 'bar' },
  { metric: 'connected', kind: 'count', chart: 'skip' },
  { metric: 'talkSeconds', kind: 'seconds', chart: 'skip' },
  { metric: 'averageTalk', kind: 'seconds', chart: 'skip' },
  { metric: 'converted', kind: 'count', chart: 'skip' },
  { metric: 'otherContacts', kind: 'count', chart: 'skip' },
  { metric: 'handlingSeconds', kind: 'seconds', chart: 'skip' },
  { metric: 'workSeconds', kind: 'seconds', chart: 'skip' },
  { metric: 'workingTimeUse', kind: 'rate', chart: 'line', color: 'brand' },
  { metric: 'callbacksPromised', kind: 'count', chart: 'skip', group: 'callbacks' },
  { metric: 'callbacksKept', kind: 'count', chart: 'skip', group: 'callbacks' },
  { metric: 'callbackKeptRate', kind: 'rate', chart: 'line', color: 'ok', group: 'callbacks' },
  { metric: 'callbacksToTheMinute', kind: 'count', chart: 'skip', group: 'callbacks' },
  { metric: 'callbackToTheMinuteRate', kind: 'rate', chart: 'skip', group: 'callbacks' },
  { metric: 'promisesMade', kind: 'count', chart: 'skip', group: 'promises' },
  { metric: 'promisesKept', kind: 'count', chart: 'skip', group: 'promises' },
  { metric: 'promisesBroken', kind: 'count', chart: 'skip', group: 'promises' },
  { metric: 'promiseKeptRate', kind: 'rate', chart: 'skip', group: 'promises' },
];

/** The heads above the heads of a table whose first column is the name: which columns stand alone, and how many stand together. */
export const workGroups = () => ({
  alone: 1 + WORK_COLUMNS.filter(({ group }) => group === undefined).length,
  groups: (['callbacks', 'promises'] as const).map((name) => ({ name, span: WORK_COLUMNS.filter(({ group }) => group === name).length })),
});

const isMetric = (key: string): key is WorkMetric => (WORK_METRICS as readonly string[]).includes(key);
export const isFew = (row: WorkRow, metric: WorkMetric | WorkRateKey): boolean =>
  metric === 'averageTalk' ? row.connected > 0 && row.connected < ENOUGH : !isMetric(metric) && row.sureness[metric]?.few === true;

export const workUrl = (filter: WorkFilter, more: Record<string, string | number | undefined> = {}): string =>
  reportUrl({ ...filter, ...more }, FIGURES_PATH);

export interface WorkContext {
  by: WorkCut;
  filter: WorkFilter;
  open: { metric: string | undefined; key: string | undefined };
}

function cellsOf(row: WorkRow, key: string | undefined, { by, filter, open }: WorkContext) {
  return WORK_COLUMNS.map(({ metric, kind }) => {
    const value = row[metric];
    return {
      metric,
      kind,
      value,
      plain: value !== null && kind === 'rate' ? Math.round(value * 1000) / 10 : value,
      href: isMetric(metric) ? workUrl(filter, { by, metric, key }) : undefined,
      current: open.metric === metric && open.key === key,
      ...(isMetric(metric) ? {} : row.sureness[metric]),
      few: isFew(row, metric),
    };
  });
}

/** Rows and total as the template shows them. */
export function workLines({ rows, total }: Productivity, context: WorkContext) {
  return {
    lines: rows.map((row) => ({ key: row.key, label: row.label, team: row.team, cells: cellsOf(row, row.key, context) })),
    total: cellsOf(total, undefined, context),
    few: rows.some((row) => WORK_COLUMNS.some(({ metric }) => isFew(row, metric))),
  };
}

/** What a column is, for its head; a rate with its parts as they are. */
export function workDefinition(metric: WorkMetric | WorkRateKey, total: WorkRow) {
  const rate = WORK_RATES.find(({ key }) => key === metric);
  if (rate)
    return { ...rate, part: total[rate.numerator], whole: total[rate.denominator], value: total[rate.key], seconds: rate.key === 'averageTalk' };
  const count = [...COUNTS.map(({ key, unit, nature, version }) => ({ key, unit, nature, version })), ...WORK_COUNTS].find(
    ({ key }) => key === metric,
  );
  if (!count) throw new Error(`no such metric: ${metric}`);
  return count;
}

export const workExportHref = (filter: WorkFilter, by: WorkCut): string => exportHref('productivity', { ...filter, by });
