/** Excel reads a CSV as UTF-8 only when it begins with this. */
export const BOM = '\ufeff';

const SPECIAL = /[",\r\n]/;

const quote = (cell: string): string => (SPECIAL.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** One row with its line break. Cells stand exactly as given: the file is meant to be corrected and handed in again. */
export const csvRow = (cells: readonly string[]): string => `${cells.map(quote).join(',')}\r\n`;
