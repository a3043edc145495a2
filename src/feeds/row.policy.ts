import { beginning, withoutGuard } from '../kernel/plain-text.js';
import { bareText, halfWidth, hasLostDigits, trapOf } from './cell-traps.policy.js';
import { type Cell, type CellFault, type CellReader, cellReader, isBroken } from './cell.policy.js';
import type { Feed } from './feeds.types.js';
import type { MappedHeader } from './header.policy.js';

/** One fault of a row, as it stands in the rejects. `column` is the header of the file. */
export interface RowFault extends CellFault {
  column: string;
  value: string;
}

/** The staged texts of a good row in the order of `columns` (and the extras as JSON), or its faults. */
export type ReadRow = { values: (string | null)[]; extras: string | null } | { faults: RowFault[] };

export interface RowReader {
  /** Feed columns present in the file and those derived from them, in the order of the values. */
  readonly columns: readonly string[];
  readonly extraColumns: readonly string[];
  read(cells: readonly string[]): ReadRow;
}

interface Field {
  index: number;
  header: string;
  required: boolean;
  reader: CellReader;
}

interface Check {
  at: number[];
  header: string;
  check: (values: readonly (string | null)[]) => string | null;
}

const LONGEST_EXTRA = 2000;
const LONGEST_SHOWN = 200;
const cellAt = (cells: readonly string[], index: number): string => bareText(cells[index] ?? '');

export const isBlankRow = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/** Compiles the check of a row once for a file: what remains a row is a loop over plain functions. */
export function compileRow(feed: Feed, headers: readonly MappedHeader[]): RowReader {
  const placed = headers.filter((header) => header.column !== null);
  const columns = placed.map((header) => header.column ?? '');
  const fields = placed.map((header): Field => {
    const column = feed.columns.find((one) => one.name === header.column);
    if (!column) throw new Error(`feed ${feed.code} has no column ${header.column}`);
    return { index: header.index, header: header.header, required: column.required ?? false, reader: cellReader(column) };
  });
  const checks = compileChecks(feed, placed, columns);
  const kept = headers.filter((header) => header.how === 'kept');
  const whole = feed.extraColumns === 'whole' ? headers.filter((header) => header.how !== 'own') : null;
  const derived = compileDerived(feed, columns);
  const compiled = { fields, checks, derived, kept, whole, width: headers.length };
  return {
    columns: [...columns, ...derived.map(({ name }) => name)],
    extraColumns: (whole ?? kept).map((header) => header.header),
    read: (cells) => readRow(cells, compiled),
  };
}

const compileDerived = (feed: Feed, columns: readonly string[]): Derived[] =>
  (feed.derived ?? []).map(({ name, from, value }) => ({ name, at: columns.indexOf(from), value })).filter(({ at }) => at >= 0);

function compileChecks(feed: Feed, placed: readonly MappedHeader[], columns: readonly string[]): Check[] {
  return (feed.rules ?? [])
    .map((rule) => ({ at: rule.columns.map((name) => columns.indexOf(name)), check: rule.check.bind(rule) }))
    .filter(({ at }) => (at[0] ?? -1) >= 0)
    .map(({ at, check }) => ({ at, check, header: placed[at[0] ?? 0]?.header ?? '' }));
}

interface Derived {
  name: string;
  at: number;
  value: (text: string) => string | null;
}

interface Compiled {
  fields: readonly Field[];
  checks: readonly Check[];
  derived: readonly Derived[];
  kept: readonly MappedHeader[];
  /** The columns of the sender; null: only the kept ones matter. */
  whole: readonly MappedHeader[] | null;
  width: number;
}

function readRow(cells: readonly string[], compiled: Compiled): ReadRow {
  const { fields, checks, derived, kept, whole, width } = compiled;
  const faults: RowFault[] = [];
  if (cells.length > width && !isBlankRow(cells.slice(width)))
    faults.push({ column: '', value: surplus(cells, width), reason: 'too_many_cells', params: { cells: cells.length, columns: width } });
  const values = fields.map((field) => readField(field, cells, faults));
  for (const { at, check, header } of faults.length > 0 ? [] : checks) {
    const reason = check(at.map((i) => values[i] ?? null));
    if (reason) faults.push({ column: header, value: cellAt(cells, fields[at[0] ?? 0]?.index ?? 0), reason });
  }
  const extras = kept.length > 0 ? readExtras(compiled, cells, faults) : null;
  if (faults.length > 0) return { faults };
  for (const { at, value } of derived) values.push(values[at] ? value(values[at]) : null);
  return { values, extras: whole ? wholeRow(whole, cells) : extras };
}

/** Cells nobody reads may hold what the database's text cannot. */
const wholeRow = (whole: readonly MappedHeader[], cells: readonly string[]): string =>
  JSON.stringify(whole.map(({ index }) => withoutGuard((cells[index] ?? '').trim()).replaceAll('\0', '\ufffd')));

/** What the file's own columns have no room for. */
const surplus = (cells: readonly string[], width: number): string => beginning(cells.slice(width).join(','), LONGEST_EXTRA);

function readField(field: Field, cells: readonly string[], faults: RowFault[]): string | null {
  const value = cellAt(cells, field.index);
  if (value === '') {
    if (field.required) faults.push({ column: field.header, value: '', reason: 'required' });
    return null;
  }
  const trap = trapOf(value);
  const cell = trap ? { reason: trap } : readCell(field.reader, value);
  if (cell === null || typeof cell === 'string') return cell;
  faults.push({ column: field.header, value, ...cell });
  return null;
}

function readCell(reader: CellReader, value: string): Cell {
  const cell = reader(value);
  if (cell === null || typeof cell === 'string') return cell;
  const half = halfWidth(value);
  if (half === undefined) return cell;
  const again = reader(half);
  return typeof again === 'string' ? again : cell;
}

function readExtras({ kept, whole }: Compiled, cells: readonly string[], faults: RowFault[]): string {
  const extras: Record<string, string> = {};
  for (const { header, index } of kept) {
    const value = cellAt(cells, index);
    const fault = whole ? textFault(value) : (trapOf(value) ?? lostDigits(value) ?? textFault(value)); // what goes back as it came may hold anything
    if (fault)
      faults.push({
        column: header,
        value: beginning(value, LONGEST_SHOWN),
        reason: fault,
        ...(fault === 'too_long' ? { params: { max: LONGEST_EXTRA } } : {}),
      });
    else if (value !== '') extras[header] = value;
  }
  return JSON.stringify(extras);
}

const lostDigits = (value: string): string | null => (hasLostDigits(value) ? 'scientific' : null);

function textFault(value: string): string | null {
  if (value.length > LONGEST_EXTRA) return 'too_long';
  return isBroken(value) ? 'broken_characters' : null;
}
