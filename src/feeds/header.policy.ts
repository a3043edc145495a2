import { withoutGuard } from '../kernel/plain-text.js';
import type { Feed, FeedColumn } from './feeds.types.js';

/** What the rejects file adds; dropped when it comes back. */
export const REJECT_COLUMNS = ['row_number', 'column', 'value', 'reason'] as const;

/** What one column of the file stands for. */
export interface MappedHeader {
  header: string;
  index: number;
  /** The feed's column, or null when the feed has none for it. */
  column: string | null;
  /** Some of what stands below it. */
  samples?: string[];
  /** What the feed might call it, for a person to judge. */
  suggested?: string;
  /** chosen: said by a person, now or for an earlier file · name: the API's name or its usual Chinese word · synonym: another known name · kept: for `extras` · unused · own: a column that our own files add. */
  how: 'chosen' | 'name' | 'synonym' | 'kept' | 'unused' | 'own';
}

/** Why no row was read. `row` is where the header seems to be. */
export interface HeaderFault {
  reason: 'column_missing' | 'column_twice' | 'header_not_first' | 'header_merged' | 'too_many_columns';
  columns: string[];
  row?: number;
}

/** What people said of headers before: plain header → column, null = leave it out. */
export type Mapping = Readonly<Record<string, string | null>>;

/** Signs without width, as they come with what is copied from web pages. */
const UNSEEN = /[\u200b-\u200f\u2060]/g;

/** A header as it is compared. */
export const plain = (header: string): string => header.toLowerCase().replace(/[\s\u200b-\u200f\u2060_\-()（）:：*]/g, '');

/** 月费（元） and 手机号码(必填) are 月费 and 手机号码 with a note. */
const withoutNote = (header: string): string => plain(header.replace(/[（(][^（()）]*[)）]/g, ''));

/** The words a column may be called by, plain → column. */
export function vocabulary(columns: readonly FeedColumn[]): Map<string, FeedColumn> {
  const words = new Map<string, FeedColumn>();
  for (const column of columns) for (const word of [column.name, ...column.synonyms]) words.set(plain(word), column);
  return words;
}

/** Where the columns begin that our own files add: those of a file handed back, behind them those of the rejects. */
function ownFrom(headers: readonly string[], ownColumns: readonly string[]): number {
  const before = (end: number, added: readonly string[]): number => {
    const start = end - added.length;
    return start > 0 && added.every((name, i) => headers[start + i] === name) ? start : end;
  };
  return before(before(headers.length, REJECT_COLUMNS), ownColumns);
}

/** Called as this interface calls it, or by its usual Chinese word. */
const isItsName = (column: FeedColumn, header: string): boolean => header === column.name || header === column.synonyms[0];

/** Which column of the file is which. The file's order is free; a header it cannot place is kept or left out, as the feed says. */
export function mapHeaders(
  raw: readonly string[],
  { columns, extraColumns, ownColumns = [] }: Pick<Feed, 'columns' | 'extraColumns' | 'ownColumns'>,
  said: Mapping = {},
): MappedHeader[] {
  const headers = raw.map((header) => withoutGuard(header.trim()).replace(UNSEEN, ''));
  const words = vocabulary(columns);
  const own = ownFrom(headers, ownColumns);
  const noted = columnsByNote(headers, words);
  return headers.map((header, index) => {
    if (index >= own) return { header, index, column: null, how: 'own' };
    const chosen = said[plain(header)];
    if (chosen !== undefined && header !== '') return { header, index, column: chosen, how: chosen === null ? 'unused' : 'chosen' };
    const column = words.get(plain(header)) ?? noted.get(header);
    if (column) return { header, index, column: column.name, how: isItsName(column, header) ? 'name' : 'synonym' };
    return { header, index, column: null, how: extraColumns !== 'report' && header !== '' ? 'kept' : 'unused' };
  });
}

/** What a header stands for once its note is left out, where no other header claims the same: 手机号码（备用） beside 手机号码 is another thing. */
function columnsByNote(headers: readonly string[], words: ReadonlyMap<string, FeedColumn>): Map<string, FeedColumn> {
  const claims = headers.map((header) => words.get(plain(header)) ?? words.get(withoutNote(header)));
  const alone = (column: FeedColumn): boolean => claims.filter((claim) => claim === column).length === 1;
  return new Map(headers.flatMap((header, i) => (claims[i] && alone(claims[i]) ? [[header, claims[i]] as const] : [])));
}

/** More is no table of this world, and each would be looked at in every row. */
export const MOST_COLUMNS = 500;

const names = (columns: readonly FeedColumn[]): string[] => columns.map((column) => column.synonyms[0] ?? column.name);

/** Looks whether the file can be read at all. @param next the rows below the first, to find a header under a title */
export function headerFault(headers: readonly MappedHeader[], columns: readonly FeedColumn[], next: readonly string[][]): HeaderFault | null {
  if (headers.length > MOST_COLUMNS) return { reason: 'too_many_columns', columns: [String(headers.length)] };
  const required = columns.filter((column) => column.required);
  const found = new Set(headers.map((header) => header.column));
  const missing = required.filter((column) => !found.has(column.name));
  if (missing.length > 0) {
    const words = vocabulary(required);
    const below = next.findIndex((row) => new Set(row.map((cell) => words.get(plain(cell))).filter(Boolean)).size === required.length);
    if (below >= 0) return { reason: 'header_not_first', columns: names(missing), row: below + 2 };
    const table = isTitle(headers) ? next.findIndex((row) => filled(row) > 1) : -1;
    if (table >= 0) return { reason: 'header_not_first', columns: names(missing), row: table + 2 };
    return { reason: 'column_missing', columns: names(missing) };
  }
  if (isSecondHeader(next[0] ?? [], columns)) return { reason: 'header_merged', columns: [], row: 2 };
  const twice = repeated(headers);
  return twice.length > 0 ? { reason: 'column_twice', columns: twice } : null;
}

const filled = (row: readonly string[]): number => row.filter((cell) => cell.trim() !== '').length;

/** One cell that no feed and nobody ever called a column: what stands above a table. */
const isTitle = (headers: readonly MappedHeader[]): boolean =>
  filled(headers.map(({ header }) => header)) === 1 && headers.every(({ column, how }) => column === null && how !== 'chosen');

/** A header over two rows (merged cells): the second one, too, holds names of columns and nothing else. */
function isSecondHeader(row: readonly string[], columns: readonly FeedColumn[]): boolean {
  const words = vocabulary(columns);
  const told = row.filter((cell) => cell.trim() !== '');
  return told.length > 0 && told.every((cell) => words.has(plain(cell)));
}

function repeated(headers: readonly MappedHeader[]): string[] {
  const seen = new Set<string>();
  const used = headers.filter((header) => header.column || header.how === 'kept');
  return used
    .filter((header) => {
      const key = header.column ?? ` ${header.header}`;
      return seen.size === seen.add(key).size;
    })
    .map((header) => header.header);
}

/** The feed's column whose word lies in a header, or the other way round: 客户手机号码 → phone. Of several the longest word; none that is placed already. */
export function suggestColumn(header: string, columns: readonly FeedColumn[], placed: ReadonlySet<string>): string | undefined {
  const text = plain(header);
  if (text.length < 2) return undefined;
  const words = [...vocabulary(columns)].filter(
    ([word, { name }]) => !placed.has(name) && word.length > 1 && (text.includes(word) || word.includes(text)),
  );
  return words.sort(([a], [b]) => b.length - a.length)[0]?.[1].name;
}
