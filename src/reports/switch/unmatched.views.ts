import { reportUrl } from '../funnel.views.js';
import {
  CONTRADICTS,
  type CountRow,
  RECORD_REASONS,
  type RecordCut,
  type RecordFilter,
  type RecordReason,
  type SwitchRecord,
  UNMATCHED_REASONS,
} from './unmatched.types.js';

export const UNMATCHED_PATH = '/call-records/unmatched';

/** One figure with the rows behind it. */
interface Figure {
  reason: RecordReason | 'unmatched';
  count: number;
  href: string;
  current: boolean;
}

/** Address of the report with this filter. */
export const unmatchedUrl = (filter: RecordFilter, by?: RecordCut): string =>
  reportUrl({ ...filter, by: by === 'agent' ? undefined : by }, UNMATCHED_PATH);

const figures = (counts: CountRow, filter: RecordFilter, by: RecordCut, narrowed = true): Figure[] =>
  ([...UNMATCHED_REASONS, 'unmatched', CONTRADICTS] as const).map((reason) => ({
    reason,
    count: counts[reason],
    href: `${unmatchedUrl({ ...filter, reason: reason === 'unmatched' ? undefined : reason }, by)}#rows`,
    current: narrowed && reason === (filter.reason ?? 'unmatched'),
  }));

function lineOf(row: CountRow, filter: RecordFilter, by: RecordCut, alone: boolean) {
  if (by === 'day') return figures(row, { ...filter, from: row.key, to: row.key }, by, alone);
  if (row.key !== '') return figures(row, { ...filter, agentNo: row.key }, by, alone);
  // whoever is named by nobody has but this one reason
  return figures(row, filter, by, false).map((figure) => ({ ...figure, href: `${unmatchedUrl({ ...filter, reason: 'agent_missing' }, by)}#rows` }));
}

function totalOf(rows: readonly CountRow[]): CountRow {
  const total: CountRow = {
    key: '',
    label: null,
    unmatched: 0,
    ...(Object.fromEntries(RECORD_REASONS.map((reason) => [reason, 0])) as Record<RecordReason, number>),
  };
  for (const row of rows) for (const reason of [...RECORD_REASONS, 'unmatched'] as const) total[reason] += row[reason];
  return total;
}

/** The table of counts with its links, and the sums over it. */
export function unmatchedFigures(rows: readonly CountRow[], filter: RecordFilter, by: RecordCut) {
  const total = totalOf(rows);
  return {
    total: figures(total, filter, by),
    lines: rows.map((row) => ({ key: row.key, label: row.label, cells: lineOf(row, filter, by, rows.length === 1) })),
    shown: total[filter.reason ?? 'unmatched'],
  };
}

/** A record as its line shows it: outcomes by their names. */
export const recordLine = (record: SwitchRecord, labels: ReadonlyMap<string, string>) => ({
  ...record,
  said: labels.get(record.outcome ?? '') ?? '',
  recorded: labels.get(record.recordedOutcome ?? '') ?? '',
});
