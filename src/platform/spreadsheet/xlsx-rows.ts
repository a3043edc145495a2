import type { RowBatch } from './csv-rows.js';
import { checkUnpackedSize } from './unpacked-size.js';
import { Book } from './xlsx-book.js';
import { cellText } from './xlsx-cell.js';
import { XmlReading } from './xml.js';
import { ZipFault, ZipFile } from './zip-file.js';

const BATCH_ROWS = 1000;
/** A row of all the columns a sheet can have takes half of this; a text that never ends would take all memory. */
const LONGEST_ROW_BYTES = 4 * 1024 * 1024;
const MOST_COLUMNS = 16_384;

export interface BookLimits {
  /** Bytes it may unpack to. */
  mostUnpacked: number;
  /** Names of sheets that are no tables, such as a watermark. */
  leaveOut?: ReadonlySet<string>;
}

/** The rows of a workbook's one filled sheet, streamed. Rows a sheet leaves out come as blank ones, so that row numbers are those of the sheet. */
export async function* xlsxRows(path: string, { mostUnpacked, leaveOut = new Set() }: BookLimits): AsyncGenerator<RowBatch> {
  await checkUnpackedSize(await ZipFile.open(path), mostUnpacked);
  const file = await ZipFile.open(path);
  const book = await Book.open(file);
  const sheet = await book.onlySheet(leaveOut);
  const rows = new SheetRows(book);
  const xml = new XmlReading(rows);
  let sinceRow = 0;
  for await (const chunk of file.chunks(sheet.entry)) {
    const before = rows.ended;
    xml.write(chunk);
    sinceRow = rows.ended > before ? 0 : sinceRow + chunk.length;
    if (sinceRow > LONGEST_ROW_BYTES) throw new RowTooLong(rows.number + 1);
    if (rows.size >= BATCH_ROWS) yield* batches(rows.take(), file);
  }
  xml.end();
  yield* batches(rows.take(), file);
}

/** A row of a sheet that does not end. */
export class RowTooLong extends Error {
  constructor(readonly row: number) {
    super(`row ${row} is too long`);
  }
}

/** A sheet may have its next row a million rows further down: the blank ones between are not made all at once. */
function* batches(filled: FilledRow[], file: ZipFile): Generator<RowBatch> {
  let rows: string[][] = [];
  for (const { blankBefore, cells } of filled) {
    for (let i = 0; i < blankBefore; i++) {
      rows.push(['']);
      if (rows.length < BATCH_ROWS) continue;
      yield { rows, bytesRead: file.bytesRead };
      rows = [];
    }
    rows.push(cells);
  }
  yield { rows, bytesRead: file.bytesRead };
}

interface FilledRow {
  blankBefore: number;
  cells: string[];
}

/** Puts the rows of a sheet together from its XML. */
class SheetRows {
  /** Number of the last row that ended, as the sheet counts. */
  number = 0;
  /** How many ended. */
  ended = 0;
  private filled: FilledRow[] = [];
  private told = 0;
  private cells: string[] = [];
  private column = -1;
  private type = 'n';
  private style: string | undefined;
  private value: string | undefined;
  private formula: string | undefined;
  private part: 'value' | 'formula' | undefined;
  private inPhonetic = false;

  constructor(private readonly book: Book) {}

  get size(): number {
    return this.filled.length;
  }

  take(): FilledRow[] {
    const rows = this.filled;
    this.filled = [];
    return rows;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'c') this.openCell(attributes);
    else if (name === 'v' || (name === 't' && !this.inPhonetic)) {
      this.part = 'value';
      this.value ??= '';
    } else if (name === 'f') {
      this.part = 'formula';
      this.formula = '';
    } else if (name === 'row') {
      this.told = Number(attributes.r ?? this.number + 1);
      this.cells = [];
      this.column = -1;
    } else if (name === 'rPh') this.inPhonetic = true;
  }

  text(text: string): void {
    if (this.part === 'value') this.value += text;
    else if (this.part === 'formula') this.formula += text;
  }

  close(name: string): void {
    this.part = undefined;
    if (name === 'c') this.closeCell();
    else if (name === 'row') this.closeRow();
    else if (name === 'rPh') this.inPhonetic = false;
  }

  /** Writers may leave out where a cell stands: then it is the next one. */
  private openCell({ r, t, s }: Readonly<Record<string, string>>): void {
    this.column = r === undefined ? this.column + 1 : columnOf(r);
    if (this.column >= MOST_COLUMNS) throw new ZipFault('zip_broken');
    this.type = t ?? 'n';
    this.style = s;
    this.value = undefined;
    this.formula = undefined;
  }

  private closeCell(): void {
    const { type, value, formula } = this;
    const text = cellText({ type, value, formula, isDate: this.book.isDate(this.style) }, this.book);
    if (text === '') return;
    while (this.cells.length < this.column) this.cells.push('');
    this.cells[this.column] = text;
  }

  private closeRow(): void {
    if (!(this.told > this.number)) throw new ZipFault('zip_broken');
    this.filled.push({ blankBefore: this.told - this.number - 1, cells: this.cells.length > 0 ? this.cells : [''] });
    this.number = this.told;
    this.ended += 1;
  }
}

/** `AB12` → 27 */
function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & 0xdf;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column - 1;
}
