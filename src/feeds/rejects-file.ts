import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { Catalogue, type Locale } from '../platform/i18n/catalogue.js';
import { BOM, csvRow } from '../platform/spreadsheet/csv-writer.js';
import { REJECT_COLUMNS } from './header.policy.js';
import { type ImportRow, ImportsQueries, type RejectRow } from './imports.queries.js';
import type { RowFault } from './row.policy.js';

const BATCH_ROWS = 2000;
const FAULT_SEPARATOR = '; ';

/** The refused rows as a file of the same columns that can be corrected and handed in again (FED-3). */
@Injectable()
export class RejectsFile {
  constructor(
    private readonly imports: ImportsQueries,
    private readonly catalogue: Catalogue,
  ) {}

  /** Streams: a million refused rows need no more memory than ten. */
  stream(row: ImportRow, locale: Locale): Readable {
    return Readable.from(this.lines(row, locale));
  }

  /** What is wrong, as a sentence. */
  sentence(fault: RowFault, locale: Locale): string {
    return this.catalogue.t(locale, `feeds.reject.${fault.reason}`, { column: fault.column, value: fault.value, ...fault.params });
  }

  private async *lines(row: ImportRow, locale: Locale): AsyncGenerator<string> {
    const own = row.columns.filter((column) => column.how !== 'own');
    yield BOM + csvRow([...own.map((column) => column.header), ...REJECT_COLUMNS]);
    let after = 0;
    for (;;) {
      const rejects = await this.imports.rejects(row.id, { after, limit: BATCH_ROWS });
      yield rejects.map((reject) => csvRow(this.cells(reject, own.length, locale))).join('');
      const last = rejects[rejects.length - 1];
      if (!last || rejects.length < BATCH_ROWS) return;
      after = last.rowNumber;
    }
  }

  private cells({ rowNumber, cells, faults }: RejectRow, width: number, locale: Locale): string[] {
    const own = Array.from({ length: width }, (_, i) => cells[i] ?? '');
    const joined = (value: (fault: RowFault) => string): string => faults.map(value).join(FAULT_SEPARATOR);
    return [...own, String(rowNumber), joined((f) => f.column), joined((f) => f.value), joined((f) => this.sentence(f, locale))];
  }
}

/** `客户资料_南京.csv` → `客户资料_南京-rejects.csv` */
export const rejectsFileName = (fileName: string): string => `${fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '')}-rejects.csv`;

/** A download header that keeps Chinese names (RFC 6266). */
export const attachment = (fileName: string): string => `attachment; filename="rejects.csv"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
