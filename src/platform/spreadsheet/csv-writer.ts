import { Readable } from 'node:stream';
import { plainText } from '../../kernel/plain-text.js';
import { CANNOT_BE_BARE, markQuotes } from './csv-mark.js';
import type { Sheet } from './workbook.js';

/** Excel reads a CSV as UTF-8 only when it begins with this. */
export const BOM = '\ufeff';

const LINES_A_CHUNK = 500;

type Quotes = (cell: string) => boolean;

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

/** One row with its line break. @param more what is quoted besides the cells that must be */
export const csvRow = (cells: readonly string[], more: Quotes = () => false): string =>
  `${cells.map((cell) => (CANNOT_BE_BARE.test(cell) || more(cell) ? quoted(cell) : cell)).join(',')}\r\n`;

/** Streams a sheet as CSV: UTF-8 with BOM, memory flat. No cell can be taken for a formula. @param mark a number woven into the quotes of its rows (csv-mark.ts) */
export const streamCsv = (sheet: Sheet, mark?: number): Readable => Readable.from(lines(sheet, mark === undefined ? () => false : markQuotes(mark)));

async function* lines({ columns, rows }: Sheet, quotes: Quotes): AsyncGenerator<string> {
  let chunk = BOM + csvRow(columns.map(({ header }) => plainText(header)));
  let held = 0;
  for await (const row of rows) {
    chunk += csvRow(
      row.map((cell) => (cell === null ? '' : typeof cell === 'number' ? String(cell) : plainText(cell))),
      quotes,
    );
    if (++held < LINES_A_CHUNK) continue;
    yield chunk;
    chunk = '';
    held = 0;
  }
  yield chunk;
}
