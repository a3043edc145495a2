import fc from 'fast-check';
import { CsvParser } from './csv-parser.js';
import { markQuotes, readMark } from './csv-mark.js';
import { csvRow } from './csv-writer.js';

const cell = fc.oneof(fc.string(), fc.constantFrom('', '客户', '"', 'a,b', 'x\ny', '13800138000', "'=1"));
const table = fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 60 });
const number = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const written = (rows: string[][], mark: number): string => {
  const quotes = markQuotes(mark);
  return rows.map((row) => csvRow(row, quotes)).join('');
};
const read = (text: string): string[][] => {
  const parser = new CsvParser(',');
  return [...parser.push(text), ...parser.end()];
};

describe('SYS-2 the number woven into a CSV', () => {
  it('changes nothing of what a reader sees: no row, no column, no value', () => {
    fc.assert(fc.property(table, number, (rows, mark) => expect(read(written(rows, mark))).toEqual(read(rows.map((row) => csvRow(row)).join('')))));
  });

  it('is read back from the file, from its end alone, and from rows taken out of its middle', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: 200 }), (mark, from) => {
        const lines = written(
          Array.from({ length: 300 }, (_, i) => ['客户', `${i}`, '', 'a,b']),
          mark,
        ).split('\r\n');
        expect(readMark(lines.join('\r\n'))).toBe(mark);
        expect(readMark(lines.slice(from, from + 80).join('\r\n'))).toBe(mark);
      }),
    );
  });

  it.each([
    ['a file of somebody else', Array.from({ length: 500 }, (_, i) => `${i},客户,"a,b"\r\n`).join('')],
    ['a file with every cell in quotes', Array.from({ length: 500 }, (_, i) => `"${i}","客户"\r\n`).join('')],
    ['nothing', ''],
  ])('is not seen in %s', (_what, text) => {
    expect(readMark(text)).toBeUndefined();
  });

  it('is no number that would not fit', () => {
    expect(() => markQuotes(2 ** 32)).toThrow(RangeError);
  });
});
