import { beginning } from '../kernel/plain-text.js';
import type { Feed } from './feeds.types.js';
import { headerFault, type HeaderFault, mapHeaders, type MappedHeader, type Mapping } from './header.policy.js';
import { ImportFault } from './import-fault.js';
import { isBlankRow } from './row.policy.js';
import type { RowSource } from './stored-file.js';

export interface FileHead {
  headers: MappedHeader[];
  /** Row of the header, counted from 1. */
  row: number;
}

/** Data rows of a file in order; `first` is the number of the first of them, as a spreadsheet counts. Blank rows are among them. */
export interface NumberedRows {
  first: number;
  rows: string[][];
  bytesRead: number;
}

const LOOK_BELOW = 6;
const SAMPLES = 3;
const LONGEST_SAMPLE = 24;

/** A spreadsheet that was once wider ends its rows with empty cells. */
const withoutBlankEnd = (cells: readonly string[]): string[] => cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1);

const samplesOf = (rows: readonly string[][], index: number): string[] =>
  rows.map((cells) => beginning((cells[index] ?? '').trim(), LONGEST_SAMPLE)).filter((text) => text !== '');

/** Reads a file of a feed: its header once, then its rows. */
export class FileReading {
  head: FileHead | undefined;
  fault: HeaderFault | undefined;

  constructor(
    private readonly source: RowSource,
    private readonly feed: Feed,
    private readonly said: Mapping = {},
  ) {}

  /** Rows after the header; `head` is set before the first batch. @throws ImportFault when the file is not one of this feed */
  async *batches(): AsyncGenerator<NumberedRows> {
    let seen = 0;
    for await (const { rows, bytesRead } of this.source()) {
      const skip = this.head ? 0 : this.findHead(rows, seen);
      if (this.head) yield { first: seen + skip + 1, rows: skip === 0 ? rows : rows.slice(skip), bytesRead };
      seen += rows.length;
    }
    if (!this.head) throw new ImportFault('file_empty');
  }

  /** @returns how many rows up to and with the header to leave out */
  private findHead(rows: string[][], seen: number): number {
    const at = rows.findIndex((cells) => !isBlankRow(cells));
    if (at < 0) return rows.length;
    const below = rows.slice(at + 1, at + 1 + SAMPLES);
    const headers = mapHeaders(withoutBlankEnd(rows[at] ?? []), this.feed, this.said).map((header) => ({
      ...header,
      samples: samplesOf(below, header.index),
    }));
    const fault = headerFault(headers, this.feed.columns, rows.slice(at + 1, at + LOOK_BELOW));
    this.head = { headers, row: seen + at + 1 };
    if (fault) {
      this.fault = fault;
      throw new ImportFault(fault.reason, { columns: fault.columns.join('、'), row: seen + at + (fault.row ?? 1) });
    }
    return at + 1;
  }
}

/** The head of a file, read without its rows; `missing` when required columns have no header. @throws ImportFault for what no mapping mends */
export async function readHead(
  source: RowSource,
  { feed, said }: { feed: Feed; said: Mapping },
): Promise<{ headers: MappedHeader[]; missing: boolean }> {
  const file = new FileReading(source, feed, said);
  try {
    for await (const batch of file.batches()) if (batch) break; // leaving the loop closes the file
  } catch (error) {
    if (!(error instanceof ImportFault) || file.fault?.reason !== 'column_missing') throw error;
  }
  return { headers: file.head?.headers ?? [], missing: file.fault !== undefined };
}
