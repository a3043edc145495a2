import { PassThrough } from 'node:stream';
import { plainText } from '../../kernel/plain-text.js';

export interface SheetColumn {
  header: string;
  width?: number;
  /** Excel number format, e.g. `0.0%`; columns without one are written as text, so that numbers of customers survive (FED-6). */
  format?: string;
}

export interface Sheet {
  name: string;
  columns: readonly SheetColumn[];
  rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>;
}

export type Cell = string | number | null;

/** The cells of rows that are still being read. */
export async function* cellsOf<T>(rows: AsyncIterable<T>, cells: (row: T) => Cell[]): AsyncGenerator<Cell[]> {
  for await (const row of rows) yield cells(row);
}

const ROWS_BETWEEN_PAUSES = 500;

/** Streams an XLSX file: rows are written as they are read, memory stays flat. @param footer a line at the foot of each printed page */
export function streamWorkbook(sheets: readonly Sheet[], footer = ''): PassThrough {
  const out = new PassThrough();
  write(sheets, footer, out).catch((error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error))));
  return out;
}

/** In the language of Excel's footers: centred, an ampersand doubled, 255 characters at most. */
const printed = (footer: string): string => `&C${footer.replaceAll('&', '&&')}`.slice(0, 255);

async function write(sheets: readonly Sheet[], footer: string, out: PassThrough): Promise<void> {
  const { default: ExcelJS } = await import('exceljs'); // 600 modules: read when the first workbook is written, not at each start
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: out, useSharedStrings: false, useStyles: true });
  for (const sheet of sheets) {
    const page = book.addWorksheet(sheet.name, {
      views: [{ state: 'frozen', ySplit: 1 }],
      ...(footer ? { headerFooter: { oddFooter: printed(footer) } } : {}),
    });
    page.columns = sheet.columns.map((c) => ({
      header: plainText(c.header),
      width: c.width ?? 14,
      style: c.format ? { numFmt: c.format } : { numFmt: '@' },
    }));
    let count = 0;
    for await (const row of sheet.rows) {
      if (out.destroyed) return;
      page.addRow(row.map((cell) => (typeof cell === 'string' ? plainText(cell) : cell))).commit();
      if (++count % ROWS_BETWEEN_PAUSES === 0) await pause(out);
    }
    page.commit();
  }
  await book.commit();
}

/** Lets a slow reader catch up and other requests be served. */
async function pause(out: PassThrough): Promise<void> {
  if (!out.writableNeedDrain) {
    await new Promise((resolve) => setImmediate(resolve));
    return;
  }
  await new Promise<void>((resolve) => {
    const done = (): void => {
      out.off('drain', done).off('close', done);
      resolve();
    };
    out.on('drain', done).on('close', done);
  });
}
