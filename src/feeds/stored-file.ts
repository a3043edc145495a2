import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Catalogue, LOCALES } from '../platform/i18n/catalogue.js';
import { CsvFault } from '../platform/spreadsheet/csv-parser.js';
import { csvRows, fileChunks, type RowBatch } from '../platform/spreadsheet/csv-rows.js';
import { type FileKind, FileProbe } from '../platform/spreadsheet/file-probe.js';
import { BookFault } from '../platform/spreadsheet/xlsx-book.js';
import { RowTooLong, xlsxRows } from '../platform/spreadsheet/xlsx-rows.js';
import { ZipFault } from '../platform/spreadsheet/zip-file.js';
import { ImportFault } from './import-fault.js';
import { UNPACKED_LIMIT } from './uploads.js';

export interface Inspection {
  sha256: string;
  kind: FileKind;
}

/** Reads a stored file once: what it is, and the fingerprint that tells the same bytes again. */
export async function inspect(path: string): Promise<Inspection> {
  const hash = createHash('sha256');
  const probe = new FileProbe();
  for await (const chunk of fileChunks(path, 256 * 1024)) {
    hash.update(chunk);
    probe.push(chunk);
  }
  return { sha256: hash.digest('hex'), kind: probe.kind() };
}

/** The rows of one file, from the beginning each time it is asked. */
export type RowSource = () => AsyncGenerator<RowBatch>;

/** The tables people hand in, as rows. */
@Injectable()
export class StoredFiles {
  /** @param unpackedLimit bytes a workbook may unpack to */
  constructor(
    @Inject(UNPACKED_LIMIT) private readonly unpackedLimit: number,
    private readonly catalogue: Catalogue,
  ) {}

  /** The source's rows throw ImportFault for what cannot be read as a table. */
  source(path: string, kind: FileKind): RowSource {
    return () => this.rows(path, kind);
  }

  /** The watermark of a file of ours that comes back. */
  private ownSheets(): Set<string> {
    return new Set(LOCALES.map((locale) => this.catalogue.t(locale, 'exports.mark.sheet')));
  }

  private async *rows(path: string, kind: FileKind): AsyncGenerator<RowBatch> {
    try {
      if (kind === 'xlsx') yield* xlsxRows(path, { mostUnpacked: this.unpackedLimit, leaveOut: this.ownSheets() });
      else if (isText(kind)) yield* csvRows(path, kind);
      else throw new ImportFault(`file_${kind}`);
    } catch (error) {
      throw faultOf(error) ?? error;
    }
  }
}

const isText = (kind: FileKind): kind is Parameters<typeof csvRows>[1] => kind.startsWith('utf-') || kind === 'gb18030';

/** What is wrong with the file, in the words of `feeds.failure`; undefined when it is not the file. */
function faultOf(error: unknown): ImportFault | undefined {
  if (error instanceof CsvFault) return new ImportFault(error.code, { row: error.row });
  if (error instanceof RowTooLong) return new ImportFault('row_too_long', { row: error.row });
  if (error instanceof ZipFault)
    return error.code === 'zip_broken' ? new ImportFault('file_broken') : new ImportFault(error.code, { megabytes: error.megabytes });
  if (error instanceof BookFault) return new ImportFault(error.code, { sheets: error.sheets.join('、'), count: error.sheets.length });
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? new ImportFault('file_lost') : undefined;
}
