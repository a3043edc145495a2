import type { Catalogue, Locale } from '../platform/i18n/catalogue.js';
import type { ImportRow } from './imports.queries.js';

/** An import for the API. */
export interface ImportView extends Omit<
  ImportRow,
  'options' | 'columns' | 'reasonParams' | 'reason' | 'encoding' | 'storedPath' | 'rejectReasons' | 'rejectsOf'
> {
  segment?: string;
  /** Headers of the file that the feed has no column for; what stood below them was left out. */
  ignoredColumns?: string[];
  reason?: string;
  /** The reason as a sentence. */
  message?: string;
}

/** Why an import failed or did nothing, in words; null when there is nothing to say. */
export function reasonText(row: ImportRow, catalogue: Catalogue, locale: Locale): string | null {
  return row.reason === null ? null : catalogue.t(locale, `feeds.failure.${row.reason}`, row.reasonParams);
}

export function importView(row: ImportRow, catalogue: Catalogue, locale: Locale): ImportView {
  const { options, columns, reason, reasonParams: _2, encoding: _3, storedPath: _4, rejectReasons: _5, rejectsOf: _6, ...view } = row;
  const message = reasonText(row, catalogue, locale);
  const ignored = columns.filter(({ how }) => how === 'unused').map(({ header }) => header);
  return {
    ...view,
    ...(options.segment ? { segment: options.segment } : {}),
    ...(ignored.length > 0 ? { ignoredColumns: ignored } : {}),
    ...(reason === null ? {} : { reason, message: message ?? reason }),
  };
}

interface Mark {
  kind: string;
  icon: string;
  key: string;
}

/** Chip of an import (ui.md 6). */
function markOf(row: ImportRow): Mark {
  if (row.state === 'done' && row.reason === 'already_imported') return { kind: '', icon: 'copy-check', key: 'already' };
  if (row.state === 'done' && row.rejected > 0 && row.rejected === row.read) return { kind: 'bad', icon: 'x', key: 'all_rejected' };
  if (row.state === 'done' && row.rejected > 0) return { kind: 'warn', icon: 'alert-triangle', key: 'with_rejects' };
  const marks: Record<ImportRow['state'], Mark> = {
    mapping: { kind: 'warn', icon: 'columns', key: 'mapping' },
    queued: { kind: 'info', icon: 'clock', key: 'queued' },
    running: { kind: 'info', icon: 'loader-2', key: 'running' },
    done: { kind: 'ok', icon: 'check', key: 'done' },
    failed: { kind: 'bad', icon: 'x', key: 'failed' },
    cancelled: { kind: '', icon: 'player-stop', key: 'cancelled' },
  };
  return marks[row.state];
}

const SHARES = [
  ['created', 'brand'],
  ['updated', 'brand2'],
  ['unchanged', 'none'],
  ['duplicate', 'gold'],
  ['rejected', 'bad'],
] as const;

export interface Part {
  key: string;
  kind: string;
  count: number;
  bad: boolean;
  /** What a row became is told at the end; until then only refusals are certain. */
  known: boolean;
  /** Place on a bar of 1000. */
  x: number;
  width: number;
}

/** The parts of what was read, as a bar: they add up to the whole. */
function partsOf(row: ImportRow): Part[] {
  let x = 0;
  return SHARES.map(([key, kind]) => {
    const width = row.read > 0 ? (row[key] / row.read) * 1000 : 0;
    const part = {
      key,
      kind,
      count: row[key],
      bad: key === 'rejected' && row[key] > 0,
      known: key === 'rejected' || row.state === 'done',
      x: Math.round(x),
      width: Math.round(width),
    };
    x += width;
    return part;
  });
}

export interface ImportPage {
  row: ImportRow;
  mark: Mark;
  parts: Part[];
  /** Whole per cent of the file that has been read. */
  percent: number;
  live: boolean;
  /** There are figures to show. */
  counted: boolean;
  /** The file is read, its rows are being written. */
  writing: boolean;
  secondsLeft: number | null;
  rowsPerSecond: number | null;
  message: string | null;
  /** Waits for somebody to say which column is which. */
  asking: boolean;
  stoppable: boolean;
  /** Most of it was refused: perhaps it is another kind of file, or its columns are not what they seem. */
  doubtful: boolean;
  usedColumns: number;
  unusedColumns: number;
  /** Somebody said once which column is which. */
  remembered: boolean;
}

/** What the page of an import shows; speed and time left only once there is enough to judge by. */
export function importPage(row: ImportRow, now: Date, message: string | null): ImportPage {
  const live = row.state === 'queued' || row.state === 'running';
  const seconds = row.startedAt && row.state === 'running' ? (now.getTime() - row.startedAt.getTime()) / 1000 : 0;
  const share = row.bytesTotal > 0 ? row.bytesRead / row.bytesTotal : 0;
  const judged = seconds >= 2 && share > 0.01;
  const writing = row.state === 'running' && share >= 1;
  return {
    row,
    mark: markOf(row),
    parts: partsOf(row),
    percent: row.state === 'done' ? 100 : Math.floor(share * 100),
    live,
    counted: live || row.state === 'done',
    writing,
    secondsLeft: judged && !writing ? Math.ceil((seconds / share) * (1 - share)) : null,
    rowsPerSecond: judged && !writing ? Math.round(row.read / seconds) : null,
    message,
    asking: row.state === 'mapping',
    stoppable: live || row.state === 'mapping',
    doubtful: row.state === 'done' && row.rejected * 2 > row.read,
    usedColumns: row.columns.filter((column) => column.column !== null || column.how === 'kept').length,
    remembered: row.columns.some((column) => column.how === 'chosen'),
    unusedColumns: row.columns.filter((column) => column.how === 'unused').length,
  };
}

export interface ImportListItem {
  id: string;
  fileName: string;
  feed: string;
  mark: Mark;
  key: string;
  read: number;
  rejected: number;
  createdAt: Date;
  uploadedBy: string | null;
  message: string | null;
}

/** One line of the list of imports. */
export function listItem(row: ImportRow, message: string | null): ImportListItem {
  const { id, fileName, feed, read, rejected, createdAt, uploadedBy } = row;
  const mark = markOf(row);
  return { id, fileName, feed, mark, key: mark.key, read, rejected, createdAt, uploadedBy, message };
}
