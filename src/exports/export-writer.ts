import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { Catalogue, type Locale } from '../platform/i18n/catalogue.js';
import { streamCsv } from '../platform/spreadsheet/csv-writer.js';
import { type Cell, type Sheet, streamWorkbook } from '../platform/spreadsheet/workbook.js';
import { type ExportMark, markText, numberOf } from './export-mark.policy.js';
import type { Format, Opened, Words } from './exports.types.js';

export const TYPES: Record<Format, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

/** What Excel forbids in the name of a sheet. */
const NOT_IN_A_NAME = /[*?:\\/[\]]/g;
const sheetName = (name: string): string => name.replace(NOT_IN_A_NAME, ' ').slice(0, 31);

/**
 * Writes the file with its watermark: in a workbook a sheet of its own, after the data, and the foot of every printed page; in a CSV the number
 * woven into the quotes (csv-mark.ts). Neither adds a row or a column to the data: a file that comes back reads as it went out. What is handed
 * back is marked by its name, and where it is printed: programs of other systems read it, which take no second sheet.
 */
@Injectable()
export class ExportWriter {
  constructor(private readonly catalogue: Catalogue) {}

  words(locale: Locale): Words {
    return { locale, t: (key, params) => this.catalogue.t(locale, key, params) };
  }

  stream({ content, format, source }: Opened, mark: ExportMark, words: Words): Readable {
    if (format === 'csv') return streamCsv(content.sheet, source.handBack ? undefined : Number(mark.id));
    const data = [content.sheet, ...(content.more ?? []), ...(content.notes ? [content.notes] : [])].map((sheet) => ({
      ...sheet,
      name: sheetName(sheet.name),
    }));
    return streamWorkbook(source.handBack ? data : [...data, markSheet(mark, words)], markText(mark));
  }
}

function markSheet(mark: ExportMark, { t }: Words): Sheet {
  const facts: Cell[][] = [
    [t('exports.mark.number'), numberOf(mark.id)],
    [t('exports.mark.staff_no'), mark.staffNo],
    [t('exports.mark.name'), mark.name],
    [t('exports.mark.at'), markText(mark).split(' · ').at(-1) ?? ''],
    [t('exports.mark.rule'), t('exports.mark.sentence')],
  ];
  const columns = [
    { header: t('exports.mark.sheet'), width: 16 },
    { header: markText(mark), width: 60 },
  ];
  return { name: t('exports.mark.sheet'), columns, rows: facts };
}
