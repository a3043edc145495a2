import { PassThrough } from 'node:stream';

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

const ROWS_BETWEEN_PAUSES = 500;

/** A cell that a spreadsheet would take for a formula is written as plain text with a leading apostrophe. */
export const plainText = (value: string): string => (/^[=+\-@\t\r]/.test(value) && !/^[+-]?[\d.,%]+$/.test(value) ? `'${value}` : value);

/** Streams an XLSX file: rows are written as they are read, memory stays flat. */
export function streamWorkbook(sheets: readonly Sheet[]): PassThrough {
  const out = new PassThrough();
  write(sheets, out).catch((error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error))));
  return out;
}

async function write(sheets: readonly Sheet[], out: PassThrough): Promise<void> {
  const { default: ExcelJS } = await import('exceljs'); // 600 modules: read when the first workbook is written, not at each start
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: out, useSharedStrings: false, useStyles: true });
  for (const sheet of sheets) {
    const page = book.addWorksheet(sheet.name, { views: [{ state: 'frozen', ySplit: 1 }] });
    page.columns = sheet.columns.map((c) => ({ header: c.header, width: c.width ?? 14, style: c.format ? { numFmt: c.format } : { numFmt: '@' } }));
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
