import type ExcelJS from 'exceljs';
import { createReadStream } from 'node:fs';
import type { RowBatch } from './csv-rows.js';

const BATCH_ROWS = 1000;
const two = (n: number): string => String(n).padStart(2, '0');

/** Spreadsheets keep wall-clock time without a zone; exceljs hands it over as if it were UTC. */
function dateText(at: Date): string {
  const day = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return time === '00:00:00' ? day : `${day} ${time}`;
}

function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return value.toFixed(0); // never 1.38E+10
  return String(Math.round(value * 1e10) / 1e10);
}

/** What a person sees in the cell: the result of a formula, the plain text of a link or of rich text. */
function cellText(value: ExcelJS.CellValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Date) return dateText(value);
  if (typeof value !== 'object') return String(value);
  if ('richText' in value) return value.richText.map((part) => part.text).join('');
  if ('text' in value) return cellText(value.text);
  if ('result' in value) return cellText(value.result);
  return '';
}

const cellsOf = (row: ExcelJS.Row): string[] => (Array.isArray(row.values) ? Array.from(row.values.slice(1), cellText) : []);

/** The rows of the first sheet, streamed. Rows a sheet leaves out come as blank ones, so that row numbers are those of the sheet. */
export async function* xlsxRows(path: string): AsyncGenerator<RowBatch> {
  const file = createReadStream(path);
  const { default: reader } = await import('exceljs'); // when the first workbook is read, not at each start
  const workbook = new reader.stream.xlsx.WorkbookReader(file, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  let number = 0;
  let rows: string[][] = [];
  for await (const sheet of workbook) {
    for await (const row of sheet) {
      for (number += 1; number < row.number; number += 1) rows.push(['']);
      rows.push(cellsOf(row));
      if (rows.length < BATCH_ROWS) continue;
      yield { rows, bytesRead: file.bytesRead };
      rows = [];
    }
    break;
  }
  yield { rows, bytesRead: file.bytesRead };
}
