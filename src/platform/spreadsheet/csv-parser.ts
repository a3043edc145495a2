/** The file cannot be cut into rows; `row` is where it went wrong, counted as a spreadsheet shows it. */
export class CsvFault extends Error {
  constructor(
    readonly code: 'quote_not_closed' | 'row_too_long',
    readonly row: number,
  ) {
    super(`${code} at row ${row}`);
  }
}

/** A quoted cell that never ends, or a file without line breaks, would swallow all memory: past this many characters it is a fault. */
const LONGEST_RECORD = 1024 * 1024;
const QUOTE = '"';

/** Where a quoted record ended, or -1 when its end has not arrived yet. */
interface Cut {
  cells: string[];
  next: number;
}

/**
 * Cuts CSV text into rows as it arrives, whatever the borders of the chunks. A quote opens a quoted cell only at the cell's start
 * (RFC 4180); elsewhere it is a character like any other. CRLF and LF both end a row; a blank line is a row with one empty cell.
 */
export class CsvParser {
  private rest = '';
  private row = 0;

  constructor(private readonly delimiter: string) {}

  /** The rows that end in this chunk. @throws CsvFault */
  push(chunk: string): string[][] {
    const text = this.rest === '' ? chunk : this.rest + chunk;
    const rows: string[][] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      const line = text.slice(from, end);
      if (line.includes(QUOTE)) {
        const cut = this.quoted(text, from);
        if (!cut) break;
        rows.push(cut.cells);
        from = cut.next;
      } else {
        rows.push(this.plain(line));
        from = end + 1;
      }
    }
    this.row += rows.length;
    this.rest = text.slice(from);
    if (this.rest.length > LONGEST_RECORD) throw new CsvFault(this.rest.includes(QUOTE) ? 'quote_not_closed' : 'row_too_long', this.row + 1);
    return rows;
  }

  /** The last row, when the file does not end with a line break. @throws CsvFault */
  end(): string[][] {
    if (this.rest === '') return [];
    const cut = this.quoted(`${this.rest}\n`, 0);
    if (!cut || cut.next <= this.rest.length) throw new CsvFault('quote_not_closed', this.row + 1);
    this.rest = '';
    return [cut.cells];
  }

  private plain(line: string): string[] {
    return (line.endsWith('\r') ? line.slice(0, -1) : line).split(this.delimiter);
  }

  /** One row that holds a quote, from `from` to its line break outside of quotes. */
  private quoted(text: string, from: number): Cut | undefined {
    const cells: string[] = [];
    let at = from;
    for (;;) {
      const opened = text[at] === QUOTE ? this.inside(text, at + 1) : { value: '', next: at };
      if (!opened) return undefined;
      const end = this.cellEnd(text, opened.next);
      if (end === -1) return undefined;
      const last = text[end] === '\n';
      const tail = text.slice(opened.next, last && text[end - 1] === '\r' && end > opened.next ? end - 1 : end);
      cells.push(opened.value + tail);
      at = end + 1;
      if (last) return { cells, next: at };
    }
  }

  /** The inside of a quoted cell; a doubled quote stands for one. */
  private inside(text: string, from: number): { value: string; next: number } | undefined {
    let value = '';
    let start = from;
    for (;;) {
      const quote = text.indexOf(QUOTE, start);
      // A quote at the very end may be the first of a doubled one: wait for the next chunk.
      if (quote === -1 || quote + 1 === text.length) return undefined;
      if (text[quote + 1] !== QUOTE) return { value: value + text.slice(start, quote), next: quote + 1 };
      value += text.slice(start, quote + 1);
      start = quote + 2;
    }
  }

  private cellEnd(text: string, from: number): number {
    const line = text.indexOf('\n', from);
    const cell = text.indexOf(this.delimiter, from);
    return cell !== -1 && (line === -1 || cell < line) ? cell : line;
  }
}
